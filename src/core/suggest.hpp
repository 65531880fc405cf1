// "Did you mean": one edit distance for subcommands, flags, engines, workloads and config keys alike.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay {

/// The candidate nearest to `typed` (Damerau-Levenshtein, case counts half), or nothing when none is near
/// enough to be a likely slip.
std::optional<std::string> nearest(std::string_view typed, std::span<const std::string> candidates);

/// `one of: a, b, c (did you mean "b"?)`; long lists are cut to the nearest ones.
std::string one_of(std::string_view typed, std::span<const std::string> candidates);

}  // namespace assay
