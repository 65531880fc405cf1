// The figures of a claim: which quantities of the sentence belong to its class, and how they are meant.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "claims/quantity.hpp"
#include "claims/rules.hpp"
#include "claims/scene.hpp"

namespace assay::claims {

// Counts belong to any claim; times, ratios and errors only to the classes that measure.
bool is_figure_of(ClaimClass claim, QuantityKind kind);

// Sets the comparator of the figure at a token from what stands right before it: "up to", "~", "at least".
void compare(const Scene& scene, std::uint32_t at, Quantity& figure);

// The words that end a text and say how the figure after them is meant; the longest that fit.
struct Comparing {
  std::string_view words;
  Comparator comparator;
};
std::optional<Comparing> comparator_before(std::string_view text);

}  // namespace assay::claims
