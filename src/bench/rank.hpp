// Distribution-free estimates and intervals from ranks: signed rank for pairs, rank sum for two samples, order
// statistics for one median. Exact null distributions for small samples, normal approximation beyond.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace assay::bench {

struct Interval {
  double low = 0.0;
  double high = 0.0;
};

/// Inverse of the standard normal distribution, |error| below 1e-9; and the distribution itself.
double normal_quantile(double probability);
double normal_cdf(double x);

/// Middle value, or the mean of the two middle ones. NaN for nothing.
double median(std::span<const double> x);
/// Quantile by linear interpolation between order statistics (the common definition, type 7). x must be sorted.
double sorted_quantile(std::span<const double> x, double probability);

/// Pairs d_1..d_n, their Walsh averages (d_i+d_j)/2, i <= j, and what they say about the centre of d. Sorting
/// once costs n log n; each estimate a few dozen passes over n, not over the n(n+1)/2 averages: 10,000 pairs
/// take milliseconds.
class SignedRank {
 public:
  explicit SignedRank(std::span<const double> d);

  /// Hodges-Lehmann: the median of the Walsh averages.
  [[nodiscard]] double estimate() const;
  /// Two-sided interval at level 1-alpha; nothing where n is too small for one.
  [[nodiscard]] std::optional<Interval> interval(double alpha) const;
  /// Two-sided p of "the centre is at most `shift`" against "it is above", consistent with interval():
  /// p <= alpha exactly where the lower end is above shift.
  [[nodiscard]] double p_above(double shift) const;
  [[nodiscard]] double p_below(double shift) const;

  /// Averages that are at most v.
  [[nodiscard]] std::uint64_t count_at_most(double v) const;
  [[nodiscard]] double nth(std::uint64_t rank) const;  ///< 1-based

 private:
  [[nodiscard]] std::uint64_t count_below(double v) const;
  std::vector<double> d_;  ///< sorted
};

/// Largest k with P(T+ <= k) <= probability under the signed-rank null; nothing where even k = 0 is too likely.
std::optional<std::uint64_t> signed_rank_critical(std::size_t n, double probability);
/// P(T+ <= t).
double signed_rank_cdf(std::size_t n, std::uint64_t t);

/// Two independent samples: the shift of b against a.
struct Shift {
  double estimate = 0.0;             ///< median of all b_j - a_i
  std::optional<Interval> interval;  ///< nothing where the samples are too small to be significant
};
Shift rank_sum_shift(std::span<const double> a, std::span<const double> b, double alpha);

/// P(U <= u) of the Mann-Whitney statistic, exact, without ties.
double rank_sum_cdf(std::size_t m, std::size_t n, std::uint64_t u);

/// Interval of one median without any assumption on its shape: order statistics j and n+1-j.
std::optional<Interval> median_interval(std::span<const double> x, double alpha);
/// The j of that interval (1-based), 0 where n is too small.
std::size_t median_rank(std::size_t n, double alpha);

}  // namespace assay::bench
