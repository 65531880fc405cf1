#include "bench/rank.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace assay::bench {
namespace {

constexpr std::size_t exact_signed_rank = 120;  // the table of n holds n(n+1)/2 probabilities
constexpr std::size_t exact_rank_sum = 20;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// Doubles in the order of their values as unsigned integers: a search over values becomes one over 64 bits.
std::uint64_t key_of(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  return (bits >> 63) != 0 ? ~bits : bits | 0x8000000000000000ULL;
}
double value_of(std::uint64_t key) {
  return std::bit_cast<double>((key >> 63) != 0 ? key & 0x7fffffffffffffffULL : ~key);
}

/// The smallest value v in [low, high] with at_most(v) >= rank, where at_most counts a monotone set.
template <class Count>
double smallest_with(double low, double high, std::uint64_t rank, Count at_most) {
  std::uint64_t lo = key_of(low);
  std::uint64_t hi = key_of(high);
  while (lo < hi) {
    const std::uint64_t mid = lo + (hi - lo) / 2;
    if (at_most(value_of(mid)) >= rank) {
      hi = mid;
    } else {
      lo = mid + 1;
    }
  }
  return value_of(lo);
}

/// P(T+ = t) for t = 0..n(n+1)/2: each rank counts or not, with equal chance.
std::vector<double> signed_rank_table(std::size_t n) {
  std::vector<double> p(n * (n + 1) / 2 + 1, 0.0);
  p[0] = 1.0;
  std::size_t top = 0;
  for (std::size_t rank = 1; rank <= n; ++rank) {
    top += rank;
    for (std::size_t t = top + 1; t-- > 0;) p[t] = 0.5 * (p[t] + (t >= rank ? p[t - rank] : 0.0));
  }
  return p;
}

struct Moments {
  double mean, deviation;
};
Moments signed_rank_moments(std::size_t n) {
  const double m = static_cast<double>(n);
  return {m * (m + 1) / 4, std::sqrt(m * (m + 1) * (2 * m + 1) / 24)};
}

}  // namespace

double normal_cdf(double x) {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

double normal_quantile(double probability) {
  if (!(probability > 0.0 && probability < 1.0)) {
    return probability <= 0.0 ? -std::numeric_limits<double>::infinity()
                              : std::numeric_limits<double>::infinity();
  }
  double low = -40.0;
  double high = 40.0;
  for (int i = 0; i < 60; ++i) {
    const double mid = 0.5 * (low + high);
    (normal_cdf(mid) < probability ? low : high) = mid;
  }
  return 0.5 * (low + high);
}

double median(std::span<const double> x) {
  if (x.empty()) return nothing;
  std::vector<double> copy(x.begin(), x.end());
  const auto middle = copy.begin() + static_cast<std::ptrdiff_t>(copy.size() / 2);
  std::nth_element(copy.begin(), middle, copy.end());
  if (copy.size() % 2 == 1) return *middle;
  const double below = *std::max_element(copy.begin(), middle);
  return below + 0.5 * (*middle - below);
}

double sorted_quantile(std::span<const double> x, double probability) {
  if (x.empty()) return nothing;
  const double at = probability * static_cast<double>(x.size() - 1);
  const auto i = static_cast<std::size_t>(at);
  if (i + 1 >= x.size()) return x.back();
  return x[i] + (at - static_cast<double>(i)) * (x[i + 1] - x[i]);
}

SignedRank::SignedRank(std::span<const double> d) : d_(d.begin(), d.end()) {
  std::sort(d_.begin(), d_.end());
}

std::uint64_t SignedRank::count_at_most(double v) const {
  // For each i the partners j >= i form a run from i on, whose end moves down as i moves up.
  std::uint64_t pairs = 0;
  std::size_t end = d_.size();
  for (std::size_t i = 0; i < d_.size(); ++i) {
    while (end > 0 && 0.5 * (d_[i] + d_[end - 1]) > v) --end;
    if (end <= i) break;
    pairs += end - i;
  }
  return pairs;
}

std::uint64_t SignedRank::count_below(double v) const {
  return count_at_most(std::nextafter(v, -std::numeric_limits<double>::infinity()));
}

double SignedRank::nth(std::uint64_t rank) const {
  // Bisect over values until few averages are left between the ends, then sort those out one by one.
  const std::uint64_t few = 4 * d_.size();
  std::uint64_t lo = key_of(std::nextafter(d_.front(), -std::numeric_limits<double>::infinity()));
  std::uint64_t hi = key_of(d_.back());
  std::uint64_t up_to_lo = 0;
  std::uint64_t up_to_hi = d_.size() * (d_.size() + 1) / 2;
  while (up_to_hi - up_to_lo > few && lo + 1 < hi) {
    const std::uint64_t mid = lo + (hi - lo) / 2;
    const std::uint64_t count = count_at_most(value_of(mid));
    (count >= rank ? hi : lo) = mid;
    (count >= rank ? up_to_hi : up_to_lo) = count;
  }
  if (lo + 1 == hi) return value_of(hi);
  const double above = value_of(lo);
  const double at_most = value_of(hi);
  std::vector<double> left;
  left.reserve(up_to_hi - up_to_lo);
  std::size_t end = d_.size();
  for (std::size_t i = 0; i < d_.size(); ++i) {
    while (end > 0 && 0.5 * (d_[i] + d_[end - 1]) > at_most) --end;
    for (std::size_t j = end; j-- > i;) {
      const double average = 0.5 * (d_[i] + d_[j]);
      if (!(average > above)) break;
      left.push_back(average);
    }
  }
  const auto wanted = left.begin() + static_cast<std::ptrdiff_t>(rank - up_to_lo - 1);
  std::nth_element(left.begin(), wanted, left.end());
  return *wanted;
}

double SignedRank::estimate() const {
  if (d_.empty()) return nothing;
  const std::uint64_t averages = d_.size() * (d_.size() + 1) / 2;
  const double low = nth((averages + 1) / 2);
  return averages % 2 == 1 ? low : low + 0.5 * (nth(averages / 2 + 1) - low);
}

std::optional<Interval> SignedRank::interval(double alpha) const {
  const auto k = signed_rank_critical(d_.size(), alpha / 2);
  if (!k) return std::nullopt;
  const std::uint64_t averages = d_.size() * (d_.size() + 1) / 2;
  return Interval{nth(*k + 1), nth(averages - *k)};
}

double SignedRank::p_above(double shift) const {
  if (d_.empty()) return 1.0;
  return std::min(1.0, 2.0 * signed_rank_cdf(d_.size(), count_at_most(shift)));
}

double SignedRank::p_below(double shift) const {
  if (d_.empty()) return 1.0;
  const std::uint64_t averages = d_.size() * (d_.size() + 1) / 2;
  return std::min(1.0, 2.0 * signed_rank_cdf(d_.size(), averages - count_below(shift)));
}

double signed_rank_cdf(std::size_t n, std::uint64_t t) {
  if (n <= exact_signed_rank) {
    const std::vector<double> p = signed_rank_table(n);
    double sum = 0.0;
    for (std::size_t i = 0; i < p.size() && i <= t; ++i) sum += p[i];
    return std::min(sum, 1.0);
  }
  const Moments m = signed_rank_moments(n);
  return normal_cdf((static_cast<double>(t) + 0.5 - m.mean) / m.deviation);
}

std::optional<std::uint64_t> signed_rank_critical(std::size_t n, double probability) {
  if (n == 0) return std::nullopt;
  if (n <= exact_signed_rank) {
    const std::vector<double> p = signed_rank_table(n);
    if (p[0] > probability) return std::nullopt;
    double sum = 0.0;
    std::uint64_t k = 0;
    for (std::size_t t = 0; t < p.size(); ++t) {
      sum += p[t];
      if (sum > probability) break;
      k = t;
    }
    return k;
  }
  const Moments m = signed_rank_moments(n);
  const double k = std::floor(m.mean + normal_quantile(probability) * m.deviation - 0.5);
  return k < 0.0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(k));
}

double rank_sum_cdf(std::size_t m, std::size_t n, std::uint64_t u) {
  // counts[i][s]: ways to choose i of the ranks seen so far with statistic s.
  const std::size_t top = m * n;
  std::vector<std::vector<double>> counts(m + 1, std::vector<double>(top + 1, 0.0));
  counts[0][0] = 1.0;
  for (std::size_t rank = 1; rank <= m + n; ++rank) {
    for (std::size_t i = std::min(rank, m); i >= 1; --i) {
      const std::size_t weight = rank - i;  // items of the other sample below this one
      if (weight > n) continue;
      for (std::size_t s = top + 1; s-- > weight;) counts[i][s] += counts[i - 1][s - weight];
    }
  }
  double all = 0.0;
  double below = 0.0;
  for (std::size_t s = 0; s <= top; ++s) {
    all += counts[m][s];
    if (s <= u) below += counts[m][s];
  }
  return below / all;
}

namespace {

/// Half the sum over groups of equal values of t^3 - t, which shrinks the variance of the rank sum.
double tie_term(std::span<const double> a, std::span<const double> b) {
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  double sum = 0.0;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t j = i;
    while (j < all.size() && all[j] == all[i]) ++j;
    const double t = static_cast<double>(j - i);
    sum += t * t * t - t;
    i = j;
  }
  return sum;
}

std::optional<std::uint64_t> rank_sum_critical(std::span<const double> a, std::span<const double> b,
                                               double tail) {
  const std::size_t m = a.size();
  const std::size_t n = b.size();
  if (m <= exact_rank_sum && n <= exact_rank_sum) {
    if (rank_sum_cdf(m, n, 0) > tail) return std::nullopt;
    std::uint64_t k = 0;
    while (rank_sum_cdf(m, n, k + 1) <= tail) ++k;
    return k;
  }
  const double x = static_cast<double>(m);
  const double y = static_cast<double>(n);
  const double total = x + y;
  const double variance = x * y / 12 * (total + 1 - tie_term(a, b) / (total * (total - 1)));
  const double k = std::floor(x * y / 2 + normal_quantile(tail) * std::sqrt(variance) - 0.5);
  return k < 0.0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(k));
}

}  // namespace

Shift rank_sum_shift(std::span<const double> a, std::span<const double> b, double alpha) {
  if (a.empty() || b.empty()) return {nothing, std::nullopt};
  std::vector<double> x(a.begin(), a.end()), y(b.begin(), b.end());
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  const auto at_most = [&](double v) {
    std::uint64_t pairs = 0;
    std::size_t j = 0;
    for (const double value : x) {
      while (j < y.size() && y[j] - value <= v) ++j;
      pairs += j;
    }
    return pairs;
  };
  const std::uint64_t all = x.size() * y.size();
  const auto nth = [&](std::uint64_t rank) {
    return smallest_with(y.front() - x.back(), y.back() - x.front(), rank, at_most);
  };
  Shift shift;
  const double low = nth((all + 1) / 2);
  shift.estimate = all % 2 == 1 ? low : low + 0.5 * (nth(all / 2 + 1) - low);
  if (const auto k = rank_sum_critical(x, y, alpha / 2)) shift.interval = Interval{nth(*k + 1), nth(all - *k)};
  return shift;
}

std::size_t median_rank(std::size_t n, double alpha) {
  // Sum of binomial probabilities below j, built up term by term in logarithms.
  std::size_t j = 0;
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double m = static_cast<double>(n);
    const double k = static_cast<double>(i);
    sum += std::exp(std::lgamma(m + 1) - std::lgamma(k + 1) - std::lgamma(m - k + 1) - m * std::numbers::ln2);
    if (2.0 * sum > alpha) break;
    j = i + 1;
  }
  return j;
}

std::optional<Interval> median_interval(std::span<const double> x, double alpha) {
  const std::size_t j = median_rank(x.size(), alpha);
  if (j == 0) return std::nullopt;
  std::vector<double> sorted(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  return Interval{sorted[j - 1], sorted[sorted.size() - j]};
}

}  // namespace assay::bench
