#include "plan/sampling_points.hpp"

#include <algorithm>

#include "plan/normal_quantile.hpp"

namespace assay::plan {
namespace {

constexpr std::size_t kMost = 100'000'000;

std::vector<std::string> input_names(const SamplingDesign& design) {
  std::vector<std::string> names;
  for (const auto& input : design.inputs) names.push_back(input.name);
  return names;
}

/// Checked before anything is built from it.
SamplingDesign checked(SamplingDesign design, const Points& inner) {
  if (design.inputs.empty()) {
    throw UserError(Problem{.what = "nothing to sample: no uncertain input",
                            .expected = "--input \"name=normal:MEAN,SD\" or a table [ensemble.inputs.name]"});
  }
  if (design.samples == 0)
    throw UserError("an ensemble of no members", "samples is 1 or more; 2 for a variance");
  const std::size_t blocks = design.sensitivities ? design.inputs.size() + 2 : 1;
  if (design.samples > kMost / blocks / inner.size())
    throw UserError("more than 1e8 points", "take fewer samples, fewer inner points or no sensitivities");
  std::vector<std::string> names = input_names(design);
  for (const auto& name : inner.names()) {
    if (std::find(names.begin(), names.end(), name) != names.end())
      throw UserError("\"" + name + "\" is sampled and scanned", "let it be an input or an axis, not both");
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) throw UserError("input \"" + *twice + "\" is given twice");
  if (design.sensitivities && !design.correlation.empty()) {
    const auto& pair = design.correlation.front();
    throw UserError(
        Problem{.what = "sensitivities of correlated inputs (\"" + pair.first + "," + pair.second + "\")",
                .where = pair.where,
                .expected = "independent inputs: only then is the variance a sum over inputs",
                .hint = "leave out the correlations, or set sensitivities = false"});
  }
  return design;
}

}  // namespace

SampledPoints::SampledPoints(SamplingDesign design, Points inner)
    : design_(checked(std::move(design), inner)),
      inner_(std::move(inner)),
      correlation_(input_names(design_), design_.correlation),
      sampler_(design_.sampling, design_.seed, design_.samples,
               design_.inputs.size() * (design_.sensitivities ? 2 : 1)) {}

std::vector<Value> SampledPoints::row(std::size_t row) const {
  const std::size_t d = design_.inputs.size();
  const std::size_t member = row % design_.samples, block = row / design_.samples;
  std::vector<Value> values;
  std::vector<double> normals(correlation_.none() ? 0 : d);
  for (std::size_t j = 0; j < normals.size(); ++j) normals[j] = normal_quantile(sampler_.at(member, j));
  for (std::size_t j = 0; j < d; ++j) {
    const Distribution& distribution = design_.inputs[j].distribution;
    if (correlation_.touches(j)) {
      double z = 0.0;
      for (std::size_t k = 0; k <= j; ++k) z += correlation_.factor(j, k) * normals[k];
      values.push_back(distribution.at_normal(z));
      continue;
    }
    const bool from_b = block == 1 || block == j + 2;
    values.push_back(distribution.at_probability(sampler_.at(member, from_b ? d + j : j)));
  }
  return values;
}

Point SampledPoints::at(std::size_t index) const {
  Point point;
  const auto values = row(index / inner_.size());
  for (std::size_t j = 0; j < values.size(); ++j) point.emplace_back(design_.inputs[j].name, values[j]);
  for (auto& coordinate : inner_.at(index % inner_.size())) point.push_back(std::move(coordinate));
  return point;
}

std::vector<std::string> SampledPoints::names() const {
  std::vector<std::string> names = input_names(design_);
  for (auto& name : inner_.names()) names.push_back(std::move(name));
  return names;
}

bool SampledPoints::distinct() const {
  const auto continuous = [](const UncertainInput& input) { return input.distribution.continuous(); };
  const auto& inputs = design_.inputs;
  // Rows of the pick-freeze design differ in a single input, which then must not repeat.
  const bool rows = design_.sensitivities ? std::all_of(inputs.begin(), inputs.end(), continuous)
                                          : std::any_of(inputs.begin(), inputs.end(), continuous);
  return rows && inner_.distinct();
}

}  // namespace assay::plan
