#include "run/ensemble_config.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/suggest.hpp"

namespace assay::run {
namespace {

const std::string kInputs = "ensemble.inputs";
const std::string kCorrelation = "ensemble.correlation";
const std::string kReduce = "ensemble.reduce";

const std::string* text_of(const ConfigEntry& entry) {
  return entry.scalar() != nullptr ? std::get_if<std::string>(entry.scalar()) : nullptr;
}

/// Rethrows an error about a text with the line that holds it.
template <class Make>
auto at_entry(const ConfigEntry& entry, Make&& make) {
  try {
    return make();
  } catch (const UserError& e) {
    Problem problem = e.problem();
    problem.where = entry.value_pos;
    problem.source_line = entry.source_line;
    problem.caret_length = static_cast<int>(text_of(entry) != nullptr ? text_of(entry)->size() + 2 : 1);
    throw UserError(problem);
  }
}

/// An input is a table of fields or one text, "normal:2.49,0.25"; where both stand, the text was typed later.
std::vector<plan::UncertainInput> read_inputs(Config& config) {
  std::vector<std::string> tables, texts;
  Config look = config;  // looking at a key would mark it as known
  for (const ConfigEntry* entry : look.take_all(kInputs)) {
    const std::string path = entry->key.substr(kInputs.size() + 1);
    const std::string* text = text_of(*entry);
    const auto dot = path.rfind('.');
    if (text != nullptr && text->find(':') != std::string::npos) {
      texts.push_back(path);
    } else if (dot == std::string::npos) {
      throw entry->bad_value("input \"" + path + "\" has no distribution",
                             "\"normal:MEAN,SD\" or a table [" + kInputs + "." + path + "]");
    } else if (tables.empty() || tables.back() != path.substr(0, dot)) {
      tables.push_back(path.substr(0, dot));
    }
  }
  std::vector<plan::UncertainInput> inputs;
  for (const auto& name : texts) {
    const ConfigEntry* entry = config.take(kInputs + "." + name);
    inputs.push_back({name, at_entry(*entry, [&] { return plan::Distribution::parse(*text_of(*entry)); })});
    config.take_all(kInputs + "." + name);
  }
  for (const auto& name : tables) {
    if (std::find(texts.begin(), texts.end(), name) != texts.end()) continue;
    inputs.push_back({name, plan::Distribution::read(config, kInputs + "." + name)});
  }
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  std::sort(inputs.begin(), inputs.end(), by_name);
  const auto same = [](const auto& a, const auto& b) { return a.name == b.name; };
  inputs.erase(std::unique(inputs.begin(), inputs.end(), same), inputs.end());
  return inputs;
}

std::vector<plan::CorrelatedPair> read_correlation(Config& config) {
  std::vector<plan::CorrelatedPair> pairs;
  for (const ConfigEntry* entry : config.take_all(kCorrelation)) {
    const std::string names = entry->key.substr(kCorrelation.size() + 1);
    const auto comma = names.find(',');
    const auto trimmed = [](std::string text) {
      text.erase(0, text.find_first_not_of(' '));
      text.erase(text.find_last_not_of(' ') + 1);
      return text;
    };
    const double value = entry->scalar() != nullptr ? as_real(*entry->scalar()) : std::nan("");
    if (comma == std::string::npos || std::isnan(value))
      throw entry->bad_value("bad correlation \"" + names + "\"", "\"first,second\" = 0.3");
    pairs.push_back({trimmed(names.substr(0, comma)), trimmed(names.substr(comma + 1)), value, entry->key_pos});
  }
  return pairs;
}

std::vector<double> read_quantiles(Config& config, std::vector<double> fallback) {
  const ConfigEntry* entry = config.take("ensemble.quantiles");
  if (entry == nullptr) return fallback;
  if (entry->list() == nullptr) throw entry->bad_value("quantiles is no list", "[0.05, 0.5, 0.95]");
  std::vector<double> quantiles;
  for (const auto& value : *entry->list()) {
    quantiles.push_back(as_real(value));
    if (!(quantiles.back() > 0.0 && quantiles.back() < 1.0))
      throw entry->bad_value("quantile " + value_text(value), "probabilities between 0 and 1, both excluded");
  }
  std::sort(quantiles.begin(), quantiles.end());
  quantiles.erase(std::unique(quantiles.begin(), quantiles.end()), quantiles.end());
  return quantiles;
}

std::vector<std::string> read_observables(Config& config, const std::vector<std::string>& scalars) {
  const ConfigEntry* entry = config.take("ensemble.observables");
  if (entry == nullptr) return {};
  if (entry->list() == nullptr)
    throw entry->bad_value("observables is no list", "names in quotes, [\"gamma\"]");
  std::vector<std::string> names;
  for (const auto& value : *entry->list()) {
    names.push_back(value_text(value));
    if (std::find(scalars.begin(), scalars.end(), names.back()) == scalars.end())
      throw entry->bad_value("no scalar observable is called \"" + names.back() + "\"",
                             one_of(names.back(), scalars));
  }
  return names;
}

}  // namespace

std::size_t default_resamples(std::size_t samples) {
  return std::clamp(std::size_t{100'000'000} / std::max<std::size_t>(samples, 1), std::size_t{100},
                    std::size_t{1000});
}

EnsembleSpec read_ensemble(Config& config, const workload::Workload& workload,
                           const std::vector<std::string>& coordinates) {
  constexpr std::int64_t kMost = 100'000'000, kSeeds = std::numeric_limits<std::int64_t>::max();
  EnsembleSpec spec;
  auto& design = spec.design;
  design.inputs = read_inputs(config);
  design.correlation = read_correlation(config);
  design.samples = static_cast<std::size_t>(read_integer(config, "ensemble.samples", 64, 1, kMost));
  design.seed = static_cast<std::uint64_t>(read_integer(config, "ensemble.seed", 1, 0, kSeeds));
  design.sampling =
      plan::sampling_of(read_choice(config, "ensemble.sampling", "sobol", plan::sampling_names()));
  design.sensitivities = read_flag(config, "ensemble.sensitivities", false);
  spec.quantiles = read_quantiles(config, spec.quantiles);
  const auto resamples = static_cast<std::int64_t>(default_resamples(design.samples));
  spec.bootstrap.resamples =
      static_cast<std::size_t>(read_integer(config, "ensemble.bootstrap", resamples, 0, 1'000'000));
  spec.bootstrap.seed =
      static_cast<std::uint64_t>(read_integer(config, "ensemble.bootstrap_seed", 1, 0, kSeeds));
  spec.bootstrap.confidence = read_real(config, "ensemble.confidence", 0.95);
  if (!(spec.bootstrap.confidence > 0.0 && spec.bootstrap.confidence < 1.0)) {
    throw config.take("ensemble.confidence")
        ->bad_value("bad value for \"ensemble.confidence\"", "a share between 0 and 1, both excluded");
  }
  std::vector<std::string> scalars;
  for (const auto& o : workload.observables()) {
    if (!o.is_array) scalars.push_back(o.name);
  }
  spec.observables = read_observables(config, scalars);
  for (const ConfigEntry* entry : config.take_all(kReduce)) {
    const std::string* text = text_of(*entry);
    if (text == nullptr)
      throw entry->bad_value("bad value for \"" + entry->key + "\"", "\"max gamma\", for example");
    spec.reductions.push_back(at_entry(*entry, [&] {
      return Reduction::parse(entry->key.substr(kReduce.size() + 1), *text, scalars, coordinates,
                              entry->value_pos);
    }));
  }
  return spec;
}

Json ensemble_json(const EnsembleSpec& spec) {
  const auto& design = spec.design;
  Json inputs = Json::object(), correlation = Json::object(), reduce = Json::object();
  for (const auto& input : design.inputs) {
    Json& table = inputs[input.name] = Json::object();
    for (const auto& [field, value] : input.distribution.fields()) {
      if (const auto* list = std::get_if<ValueList>(&value)) {
        table[field] = Json::array();
        for (const auto& v : *list) std::visit([&](const auto& x) { table[field].push_back(x); }, v);
      } else {
        std::visit([&](const auto& x) { table[field] = x; }, std::get<Value>(value));
      }
    }
  }
  for (const auto& pair : design.correlation) correlation[pair.first + "," + pair.second] = pair.value;
  for (const auto& reduction : spec.reductions) reduce[reduction.name()] = reduction.text();
  Json json = {{"samples", design.samples},
               {"seed", design.seed},
               {"sampling", std::string(plan::name_of(design.sampling))},
               {"sensitivities", design.sensitivities},
               {"quantiles", spec.quantiles},
               {"bootstrap", spec.bootstrap.resamples},
               {"bootstrap_seed", spec.bootstrap.seed},
               {"confidence", spec.bootstrap.confidence}};
  if (!spec.observables.empty()) json["observables"] = spec.observables;
  json["inputs"] = std::move(inputs);
  if (!correlation.empty()) json["correlation"] = std::move(correlation);
  if (!reduce.empty()) json["reduce"] = std::move(reduce);
  return json;
}

}  // namespace assay::run
