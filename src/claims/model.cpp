// Names of features, and their weights.
// SPDX-License-Identifier: MIT
#include "claims/model.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace assay::claims {

FeatureSpace::FeatureSpace(const RuleSet& rules) {
  for (const Rule& rule : rules.rules()) {
    rule_features_.push_back(rule.role == RuleRole::trigger ? id("rule." + rule.id) : FeatureId{0});
    std::uint8_t number = 0xff;
    if (!rule.cue.empty()) {
      const auto known = std::find(cues_.begin(), cues_.end(), rule.cue);
      number = static_cast<std::uint8_t>(known - cues_.begin());
      if (known == cues_.end()) cues_.push_back(rule.cue);
    }
    cue_of_rule_.push_back(number);
  }
}

FeatureId FeatureSpace::id(std::string_view name) {
  const auto [at, is_new] = ids_.try_emplace(std::string(name), static_cast<FeatureId>(names_.size()));
  if (is_new) names_.emplace_back(name);
  return at->second;
}

std::uint8_t FeatureSpace::cue(std::string_view name) const {
  const auto known = std::find(cues_.begin(), cues_.end(), name);
  return known == cues_.end() ? std::uint8_t{0xff} : static_cast<std::uint8_t>(known - cues_.begin());
}

Model read_model(std::string_view file, std::string_view text, const RuleSet& rules, FeatureSpace& features) {
  Model model;
  toml::table root;
  try {
    root = toml::parse(text, file);
  } catch (const toml::parse_error& e) {
    throw UserError(Problem{.what = std::string(e.description()),
                            .where = {std::string(file), static_cast<int>(e.source().begin.line),
                                      static_cast<int>(e.source().begin.column)}});
  }
  model.bias = root["bias"].value_or(model.bias);
  model.report = root["report"].value_or(model.report);
  model.hint = root["hint"].value_or(model.hint);
  const auto set = [&](std::string_view name, double value) {
    const auto f = features.id(name);
    if (model.weights.size() <= f) model.weights.resize(f + 1u, 0.0);
    model.weights[f] = value;
  };
  for (const Rule& rule : rules.rules())
    if (rule.role == RuleRole::trigger) set("rule." + rule.id, rule.weight);
  for (const char* section : {"prior", "weights"})  // what was learnt replaces what was assumed
    if (const auto* table = root[section].as_table())
      for (const auto& [name, value] : *table) set(name.str(), value.value_or(0.0));
  return model;
}

double probability(double log_odds) {
  return 1.0 / (1.0 + std::exp(-log_odds));
}

}  // namespace assay::claims
