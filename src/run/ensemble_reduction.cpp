#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/suggest.hpp"
#include "run/ensemble_config.hpp"

namespace assay::run {
namespace {

constexpr std::array<std::string_view, 4> kKinds{"max", "min", "mean", "sum"};
constexpr std::string_view kForms =
    "\"max FORMULA\", \"min FORMULA\", \"mean FORMULA\", \"sum FORMULA\", \"AXIS at max FORMULA\" or \"AXIS at "
    "min "
    "FORMULA\"; a formula of observables and inner axes, gamma^2/ky^2 for example";

/// Takes the first word off the text.
std::string_view take_word(std::string_view& text) {
  const auto start = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(start);
  const auto end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

}  // namespace

Reduction Reduction::parse(std::string name, std::string_view text, const std::vector<std::string>& observables,
                           const std::vector<std::string>& coordinates, const SourcePos& where) {
  const auto bad = [&](std::string what) {
    return UserError(Problem{.what = "reduction \"" + name + "\": " + std::move(what),
                             .where = where,
                             .expected = std::string(kForms),
                             .found = "\"" + std::string(text) + "\""});
  };
  Reduction reduction;
  reduction.name_ = name;
  reduction.text_ = std::string(text);
  std::string_view rest = text;
  std::string_view word = take_word(rest);
  std::string_view after = rest;
  const bool coordinate = take_word(after) == "at";
  if (coordinate) {
    const auto it = std::find(coordinates.begin(), coordinates.end(), word);
    if (it == coordinates.end())
      throw bad("\"" + std::string(word) + "\" is no inner axis, " + one_of(std::string(word), coordinates));
    reduction.axis_ = observables.size() + static_cast<std::size_t>(it - coordinates.begin());
    reduction.subject_ = std::string(word);
    rest = after;
    word = take_word(rest);
  }
  const auto kind = std::find(kKinds.begin(), kKinds.end(), word);
  if (kind == kKinds.end() || (coordinate && kind - kKinds.begin() > 1)) throw bad("not a reduction");
  const auto which = static_cast<int>(kind - kKinds.begin());
  reduction.kind_ = static_cast<Kind>(coordinate ? which + 4 : which);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  if (rest.empty()) throw bad("no formula");
  std::vector<std::string> variables = observables;
  variables.insert(variables.end(), coordinates.begin(), coordinates.end());
  reduction.formula_ = Expression::parse(rest, variables, where);
  if (!coordinate && std::find(observables.begin(), observables.end(), rest) != observables.end())
    reduction.subject_ = std::string(rest);
  return reduction;
}

double Reduction::evaluate(const std::vector<std::vector<double>>& points) const {
  std::vector<double> values;
  for (const auto& point : points) values.push_back(formula_->evaluate(point));
  const bool nan = std::any_of(values.begin(), values.end(), [](double x) { return std::isnan(x); });
  if (values.empty() || nan) return std::numeric_limits<double>::quiet_NaN();
  const auto top = std::max_element(values.begin(), values.end());
  const auto bottom = std::min_element(values.begin(), values.end());
  switch (kind_) {
    case Kind::max: return *top;
    case Kind::min: return *bottom;
    case Kind::sum: return pairwise_sum(values);
    case Kind::mean: return pairwise_sum(values) / static_cast<double>(values.size());
    case Kind::at_max: return points[static_cast<std::size_t>(top - values.begin())][axis_];
    case Kind::at_min: break;
  }
  return points[static_cast<std::size_t>(bottom - values.begin())][axis_];
}

}  // namespace assay::run
