// The named features of a candidate. Their names are the vocabulary of --explain and of rules/model.toml.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "claims/context.hpp"
#include "claims/draft.hpp"
#include "claims/finder.hpp"
#include "claims/scene.hpp"

namespace assay::claims {

class FeatureExtractor {
 public:
  FeatureExtractor(const RuleSet& rules, FeatureSpace& features);

  // The candidates of a sentence: one a class that a trigger (or a figure in a measured column) speaks for.
  // `inherited`: what the lead-in of a short list item claims, for items without a trigger of their own.
  // Fewer where nobody asks for what scopes them: those below `least` log-odds are left out.
  void extract(const Scene& scene, DocumentContext& context, std::int32_t block, const Model& model,
               std::optional<ClaimClass> inherited, std::optional<double> least,
               std::vector<Candidate>& out) const;

 private:
  void sentence_features(const Scene& scene, DocumentContext& context, std::int32_t block,
                         std::vector<FeatureId>& out) const;
  void mask_features(CueMask mask, const std::vector<FeatureId>& names, std::vector<FeatureId>& out) const;
  bool offers(const Scene& scene, DocumentContext& context, std::int32_t block) const;
  void anchor_features(const Scene& scene, DocumentContext& context, std::int32_t block, const Draft& draft,
                       std::vector<FeatureId>& out) const;

  const RuleSet& rules_;
  FeatureSpace& features_;
  DraftMaker drafts_;
  struct Cues {  // the cue categories that features ask for by name
    std::uint8_t norm, imperative, instruction, features, assertion, copula, unready, support_list,
        column_system, column_definition;
  } cues_{};
  std::vector<FeatureId> marks_;      // structural features
  std::vector<FeatureId> cue_place_;  // cue * place_count + place
  std::vector<FeatureId> under_, lead_, column_;
  std::vector<FeatureId> class_, figure_;
  CueMask column_cues_ = 0;  // what only heads of columns say
};

}  // namespace assay::claims
