// The figures of a claim: which quantities of the sentence belong to its class, and how they are meant.
// SPDX-License-Identifier: MIT
#pragma once

#include "claims/quantity.hpp"
#include "claims/rules.hpp"
#include "claims/scene.hpp"

namespace assay::claims {

// Counts belong to any claim; times, ratios and errors only to the classes that measure.
bool is_figure_of(ClaimClass claim, QuantityKind kind);

// Sets the comparator of the figure at a token from what stands right before it: "up to", "~", "at least".
void compare(const Scene& scene, std::uint32_t at, Quantity& figure);

}  // namespace assay::claims
