// Before a candidate has features it is a draft: the triggers, the measured cells or the lead-in that speak for
// one class in one sentence, and the words on which the claim stands.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "claims/context.hpp"
#include "claims/scene.hpp"

namespace assay::claims {

struct Draft {
  ClaimClass claim;
  std::vector<std::uint32_t> triggers = {};  // indices into Scene::triggers()
  std::vector<std::uint32_t> cells = {};     // quantity tokens under a column that measures
  std::array<bool, 3> cell_kinds{};          // speed, accuracy, tests
  bool own_column = false;                   // measured cells of the column that names the documented system
  bool supported = false;                    // a tick in the column of a platform, a device or a language
  Span anchor = {};
  std::uint32_t rule = 0;
  bool has_rule = false;
  bool inherits = false;  // it says so only by the lead-in of its list
};

// Whether a negation is one of the words that make the claim ("no overhead").
bool belongs_to_trigger(const Scene& scene, const Draft& draft, const Scene::Cue& cue);

class DraftMaker {
 public:
  explicit DraftMaker(const FeatureSpace& features);

  // One draft a class. `inherited`: what the lead-in of a short list item claims, for items without a trigger
  // of their own.
  void collect(const Scene& scene, DocumentContext& context, std::optional<ClaimClass> inherited,
               std::vector<Draft>& drafts) const;
  // The trigger that weighs most, or the first measured cell.
  void choose_anchor(const Scene& scene, const Model& model, Draft& draft) const;

 private:
  void add_cells(const Scene& scene, DocumentContext& context, std::vector<Draft>& drafts) const;
  void add_ticks(const Scene& scene, const TableContext& table, std::vector<Draft>& drafts) const;
  bool is_of_other_system(const Scene& scene, DocumentContext& context, Span span) const;

  const FeatureSpace& features_;
  std::uint8_t column_value_, column_speed_, column_accuracy_, column_tests_, column_platform_, column_device_,
      column_language_;
};

}  // namespace assay::claims
