#include "gate/sample_test.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace assay::gate {
namespace {

constexpr std::uint64_t most_exact_pairs = std::uint64_t{1} << 22;

/// Largest distance between the empirical distribution functions; ties are passed over together.
double distance(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  const auto share = [](std::size_t part, std::size_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  double largest = 0.0;
  for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    const double x = std::min(a[i], b[k]);
    while (i < a.size() && a[i] == x) ++i;
    while (k < b.size() && b[k] == x) ++k;
    largest = std::max(largest, std::fabs(share(i, a.size()) - share(k, b.size())));
  }
  return largest;
}

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<double> distances_from(double centre, std::span<const double> values) {
  std::vector<double> out;
  out.reserve(values.size());
  for (const double v : values) out.push_back(std::fabs(v - centre));
  return out;
}

/// Walks over the orders of n and m values as paths on a grid, and keeps those that stay closer than d.
double exact_p(double d, std::uint64_t n, std::uint64_t m) {
  const double pairs = static_cast<double>(n) * static_cast<double>(m);
  const double closer = (0.5 + std::floor(d * pairs - 1e-7)) / pairs;
  const auto apart = [&](std::uint64_t i, std::uint64_t k) {
    return std::fabs(static_cast<double>(i) / static_cast<double>(n) -
                     static_cast<double>(k) / static_cast<double>(m)) > closer;
  };
  std::vector<double> within(m + 1);
  for (std::uint64_t k = 0; k <= m; ++k) within[k] = apart(0, k) ? 0.0 : 1.0;
  for (std::uint64_t i = 1; i <= n; ++i) {
    // Scaled in each row, so that the end is a share of all paths and nothing overflows.
    const double scale = static_cast<double>(i) / static_cast<double>(i + m);
    within[0] = apart(i, 0) ? 0.0 : scale * within[0];
    for (std::uint64_t k = 1; k <= m; ++k) within[k] = apart(i, k) ? 0.0 : scale * within[k] + within[k - 1];
  }
  return std::clamp(1.0 - within[m], 0.0, 1.0);
}

double limit_p(double d, std::uint64_t n, std::uint64_t m) {
  const double size = static_cast<double>(n) * static_cast<double>(m) / static_cast<double>(n + m);
  const double x = d * std::sqrt(size);
  if (x < 0.2) return 1.0;  // the series needs many terms there, and its sum is 1 to the last digit
  double sum = 0.0;
  for (int k = 1; k <= 100; ++k) {
    const double term = std::exp(-2.0 * k * k * x * x);
    sum += k % 2 == 1 ? term : -term;
  }
  return std::clamp(2.0 * sum, 0.0, 1.0);
}

}  // namespace

double kolmogorov_smirnov_p(double d, std::uint64_t n, std::uint64_t m) {
  if (n == 0 || m == 0 || d <= 0.0) return 1.0;
  return n * m <= most_exact_pairs ? exact_p(d, n, m) : limit_p(d, n, m);
}

SampleTest test_samples(std::span<const double> a, std::span<const double> b, double alpha) {
  SampleTest test{.count_a = a.size(), .count_b = b.size(), .alpha = alpha};
  test.too_few = !(kolmogorov_smirnov_p(1.0, a.size(), b.size()) <= alpha / 2);
  if (test.too_few) return test;
  std::vector<double> pooled(a.begin(), a.end());
  pooled.insert(pooled.end(), b.begin(), b.end());
  const double centre = median_of(std::move(pooled));
  const double place = distance({a.begin(), a.end()}, {b.begin(), b.end()});
  const double spread = distance(distances_from(centre, a), distances_from(centre, b));
  test.place_p = kolmogorov_smirnov_p(place, a.size(), b.size());
  test.spread_p = kolmogorov_smirnov_p(spread, a.size(), b.size());
  return test;
}

}  // namespace assay::gate
