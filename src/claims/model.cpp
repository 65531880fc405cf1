// Names of features, and their weights.
// SPDX-License-Identifier: MIT
#include "claims/model.hpp"

#include <algorithm>
#include <cmath>

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
  scope_cues_ = {cue("negation"), cue("negation-after"), cue("negated-verb"),
                 cue("denied"),   cue("affirmed"),       cue("norm")};
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

Model make_model(const ModelText& text, const RuleSet& rules, FeatureSpace& features) {
  Model model;
  const auto set = [&](std::string_view name, double value) {
    const auto f = features.id(name);
    if (model.weights.size() <= f) model.weights.resize(f + 1u, 0.0);
    model.weights[f] = value;
  };
  for (const Rule& rule : rules.rules())
    if (rule.role == RuleRole::trigger) set("rule." + rule.id, rule.weight);
  model.bias = text.bias.value_or(model.bias);
  model.report = text.report.value_or(model.report);
  model.hint = text.hint.value_or(model.hint);
  for (const auto& [name, weight] : text.weights) set(name, weight);
  return model;
}

double probability(double log_odds) {
  return 1.0 / (1.0 + std::exp(-log_odds));
}

}  // namespace assay::claims
