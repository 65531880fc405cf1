// Statistics of an ordered table of members: one algorithm each, sums by halves in the order of the members, so
// that equal tables give equal bits. Standard errors are those of independent members; for Sobol and Latin
// hypercube members, which are spread more evenly than that, they are too large rather than too small (for
// smooth quantities).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace assay::run {

/// Sum of the first half plus sum of the second half, down to 8 terms: error grows with log n.
double pairwise_sum(std::span<const double> values);

/// Bounds of a central share of the bootstrap distribution (percentiles).
struct Interval {
  double low = 0.0, high = 0.0;
};

/// A number, how uncertain it is, and its bootstrap interval (both bounds NaN without resamples).
struct Estimate {
  double value = 0.0;
  double standard_error = 0.0;
  Interval interval;
};

struct Bootstrap {
  std::size_t resamples = 1000;  ///< 0: no intervals
  std::uint64_t seed = 1;
  double confidence = 0.95;
};

/// How often each of n members occurs in resample r: n draws with replacement, from (seed, r) alone. 5 ns a
/// draw.
std::vector<double> resample_counts(const Bootstrap& bootstrap, std::size_t r, std::size_t n);

struct Column {
  Estimate mean;      ///< standard error s / sqrt n
  Estimate variance;  ///< unbiased; its standard error from the fourth central moment
  std::vector<Estimate> quantiles;
  double min = 0.0, max = 0.0;
};

/// Linear interpolation between order statistics (type 7 of Hyndman and Fan); `sorted` rises, 0 <= p <= 1.
double quantile_of_sorted(std::span<const double> sorted, double p);

/// Standard error of a quantile by Woodruff's method: half the distance between the quantiles at p -+ one
/// standard error of p. Infinite where that leaves (0, 1): the sample does not reach so far.
double quantile_error(std::span<const double> sorted, double p);

/// Needs two members or more. resamples x members x 10 ns.
Column column_statistics(std::span<const double> values, std::span<const double> quantiles,
                         const Bootstrap& bootstrap);

/// Unbiased covariance of two columns of equal length, with its standard error (no interval).
Estimate covariance(std::span<const double> a, std::span<const double> b);

/// Pearson's correlation; NaN when one column is constant.
double correlation(std::span<const double> a, std::span<const double> b);

/// The quantity at the three kinds of rows of the pick-freeze design; columns of equal length.
struct PickFreeze {
  std::vector<double> a, b;
  std::vector<std::vector<double>> ab;  ///< ab[j]: members of A with input j taken from B
};

/// Shares of the variance that belong to one input. Standard errors are those of the bootstrap over whole
/// members.
struct Sensitivity {
  Estimate first_order;  ///< by the input alone: Var(E(y | x_j)) / Var(y)
  Estimate total;        ///< with every interaction it takes part in
};

/// First order by the estimator of Janon et al. (ESAIM P&S 18 (2014) 342) on the pairs (B, AB_j), which share
/// input j only; total by Jansen's (1999) on (A, AB_j). NaN for a constant quantity. resamples x members x
/// inputs x 5 ns.
std::vector<Sensitivity> sensitivities(const PickFreeze& design, const Bootstrap& bootstrap);

}  // namespace assay::run
