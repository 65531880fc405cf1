// Rung I7: could two samples come from one distribution? For results that are random by nature: another seed,
// another ensemble, a chaotic run.
// SPDX-License-Identifier: MIT
//
// Two tests, each at half of alpha, so that together they refuse equal distributions with a probability of at
// most alpha, whatever the distribution (fewer where values are tied):
//   place   the two-sample Kolmogorov-Smirnov statistic of the values: location, shape, and to a degree spread
//   spread  the same statistic of the distances from the median of both samples together
// Under the null hypothesis all orders of the pooled values are equally likely, and the distances keep that,
// since their centre does not know which value belongs to whom. The probabilities are exact up to 2^22 pairs,
// and beyond it the limit for large samples, which is too large for smaller ones (that is: refuses less).
//
// The values of a sample must be independent of each other: members of an ensemble, not points of a line.
#pragma once

#include <cstdint>
#include <span>

namespace assay::gate {

struct SampleTest {
  std::uint64_t count_a = 0, count_b = 0;
  double place_p = 1.0, spread_p = 1.0;  ///< small: samples this far apart are rare among equals
  double alpha = 0.01;
  /// So few values that even samples apart from end to end would pass: nothing can be judged.
  bool too_few = true;
  [[nodiscard]] bool agree() const { return !too_few && place_p > alpha / 2 && spread_p > alpha / 2; }
};

/// Finite values only. Time n log n and, for the exact probability, n times m.
SampleTest test_samples(std::span<const double> a, std::span<const double> b, double alpha);

/// Probability that the largest distance between two empirical distribution functions of n and m values of one
/// continuous distribution is at least d.
double kolmogorov_smirnov_p(double d, std::uint64_t n, std::uint64_t m);

}  // namespace assay::gate
