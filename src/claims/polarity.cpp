// The first scoping cue that reaches the anchor decides; then headings, lead-ins and rows.
// SPDX-License-Identifier: MIT
#include "claims/polarity.hpp"

#include <array>

namespace assay::claims {

void judge_scope(const FeatureSpace& features, const Scene& scene, const Draft& draft, Candidate& candidate) {
  struct Scope {
    std::string_view cue;
    std::uint8_t places;  // bit: Place
    Polarity polarity;
  };
  static constexpr std::array scopes{
      Scope{"denied", 0b0011, Polarity::negated},           Scope{"wished", 0b0011, Polarity::planned},
      Scope{"reported", 0b0011, Polarity::other_party},     Scope{"open", 0b0011, Polarity::conditional},
      Scope{"negation", 0b0011, Polarity::negated},         Scope{"negated-verb", 0b0011, Polarity::negated},
      Scope{"must", 0b0111, Polarity::conditional},         Scope{"past", 0b1111, Polarity::historical},
      Scope{"meaning", 0b0111, Polarity::conditional},      Scope{"negation-after", 0b0101, Polarity::negated},
      Scope{"planned", 0b0111, Polarity::planned},          Scope{"plan", 0b0111, Polarity::planned},
      Scope{"hypothetical", 0b0111, Polarity::conditional}, Scope{"if", 0b1111, Polarity::conditional},
      Scope{"history", 0b1111, Polarity::historical},       Scope{"norm", 0b0111, Polarity::conditional},
      Scope{"condition", 0b1111, Polarity::conditional},    Scope{"others", 0b0011, Polarity::other_party},
      Scope{"unready", 0b1111, Polarity::negated}};
  candidate.polarity = Polarity::unclaimed;
  const std::string_view text = scene.document().text;
  for (const auto& scope : scopes) {
    if (scope.cue == "unready" && draft.claim != ClaimClass::status) continue;
    const auto wanted = features.cue(scope.cue);
    for (const auto& cue : scene.cues()) {
      if (cue.cue != wanted || belongs_to_trigger(scene, draft, cue) ||
          !(scope.places >> static_cast<unsigned>(scene.place_of(cue.span, draft.anchor)) & 1))
        continue;
      const auto begin = scene.token(cue.span.begin).text.begin, end = scene.token(cue.span.end - 1).text.end;
      candidate.polarity = scope.polarity;
      candidate.scoped_by = std::string(text.substr(begin, end - begin));
      return;
    }
  }
  for (const auto f : candidate.features) {
    const auto& name = features.name(f);
    if (name == "row.other")
      candidate.polarity = Polarity::other_party;
    else if (name == "under.negation" || name == "lead.negation")
      candidate.polarity = Polarity::negated;
    else if (name == "under.plan" || name == "lead.plan" || name == "task.open")
      candidate.polarity = Polarity::planned;
    else if (name == "under.history" || name == "under.release")
      candidate.polarity = Polarity::historical;
    else if (name == "lead.norm" || name == "under.norm")
      candidate.polarity = Polarity::conditional;
    else
      continue;
    candidate.scoped_by = name;
    return;
  }
}

}  // namespace assay::claims
