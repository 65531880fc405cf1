// Names of features, and their weights.
// SPDX-License-Identifier: MIT
#include "claims/model.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace assay::claims {
namespace {

toml::table parse(const BuiltinFile& file) {
  try {
    return toml::parse(file.content, file.name);
  } catch (const toml::parse_error& e) {
    Problem problem;
    problem.what = std::string(e.description());
    problem.where = {std::string(file.name), static_cast<int>(e.source().begin.line),
                     static_cast<int>(e.source().begin.column)};
    throw UserError(problem);
  }
}

}  // namespace

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

Model read_model(const std::vector<BuiltinFile>& files, const RuleSet& rules, FeatureSpace& features) {
  Model model;
  const auto set = [&](std::string_view name, double value) {
    const auto f = features.id(name);
    if (model.weights.size() <= f) model.weights.resize(f + 1u, 0.0);
    model.weights[f] = value;
  };
  for (const Rule& rule : rules.rules())
    if (rule.role == RuleRole::trigger) set("rule." + rule.id, rule.weight);
  for (const auto& file : files) {
    const toml::table root = parse(file);
    model.bias = root["bias"].value_or(model.bias);
    model.report = root["report"].value_or(model.report);
    model.hint = root["hint"].value_or(model.hint);
    for (const char* section : {"prior", "weights"})
      if (const auto* table = root[section].as_table())
        for (const auto& [name, value] : *table) set(name.str(), value.value_or(0.0));
  }
  return model;
}

double probability(double log_odds) {
  return 1.0 / (1.0 + std::exp(-log_odds));
}

}  // namespace assay::claims
