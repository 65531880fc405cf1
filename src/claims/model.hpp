// A linear model over named features: the log-odds that a candidate is an asserted claim is the sum of the
// weights of the features that it has. Weights come from rules/model.toml (priors, by hand) and
// rules/weights.toml (written by scripts/train-claims); a feature that is listed in neither weighs what its
// rule says, or nothing.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "claims/rules.hpp"

namespace assay::claims {

using FeatureId = std::uint16_t;

// What the rules and the cues of a rule set can say, as features with fixed ids. Built once.
class FeatureSpace {
 public:
  explicit FeatureSpace(const RuleSet& rules);

  FeatureId id(std::string_view name);  // defines it when it is new
  const std::string& name(FeatureId f) const { return names_[f]; }
  std::size_t size() const { return names_.size(); }

  FeatureId of_rule(std::uint32_t rule) const { return rule_features_[rule]; }
  // Cues are numbered by category: the same cue name in several rules is one category.
  std::uint8_t cue_of_rule(std::uint32_t rule) const { return cue_of_rule_[rule]; }
  std::uint8_t cue(std::string_view name) const;  // 0xff when no rule has it
  struct ScopeCues {
    std::uint8_t negation, negation_after, negated_verb, denied, affirmed, norm;
  };
  const ScopeCues& scope_cues() const { return scope_cues_; }
  std::size_t cue_count() const { return cues_.size(); }
  const std::string& cue_name(std::uint8_t cue) const { return cues_[cue]; }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, FeatureId> ids_;
  std::vector<FeatureId> rule_features_;
  std::vector<std::uint8_t> cue_of_rule_;
  std::vector<std::string> cues_;
  ScopeCues scope_cues_{};
};

struct Model {
  double bias = -2.0;
  double report = 0.5;          // probability from which a candidate is a finding of the default run
  double hint = 0.35;           // from which --strict shows it
  std::vector<double> weights;  // by FeatureId; features defined later weigh 0

  double weight(FeatureId f) const { return f < weights.size() ? weights[f] : 0.0; }
};

// What a later weight says replaces what an earlier one said, and what the rules say themselves.
Model make_model(const ModelText& text, const RuleSet& rules, FeatureSpace& features);

double probability(double log_odds);

}  // namespace assay::claims
