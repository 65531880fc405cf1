// Where a series of measurements changed its level, told apart from noise: a piecewise constant fit in absolute
// deviations, so that single spikes make no step.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "bench/rank.hpp"

namespace assay::bench {

/// The series from `first` on is `ratio` times what it was before.
struct Step {
  std::size_t first = 0;
  double ratio = 1.0;
  Interval interval;  ///< of the ratio, 99 %
};

/// Fewer values than this on one side of a step are no level.
inline constexpr std::size_t shortest_level = 3;

/// The fit: the first index of each level, the first of all is 0. The number of levels minimises
/// m*ln(mean absolute residual) + 2*levels*ln(m). O(m^2 log m): a thousand values take some 50 ms.
std::vector<std::size_t> levels_of(std::span<const double> y);

/// Steps between the levels of the logarithms of positive values that exceed `effect` (a fraction) and whose 99
/// % rank-sum interval leaves out "no change".
std::vector<Step> find_steps(std::span<const double> values, double effect);

}  // namespace assay::bench
