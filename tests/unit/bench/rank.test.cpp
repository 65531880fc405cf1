#include "bench/rank.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>

#include "bench/random.hpp"

using namespace assay::bench;

namespace {

std::vector<double> draws(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> x(n);
  for (double& v : x) v = normal_quantile(random.uniform());
  return x;
}

}  // namespace

TEST_CASE("signed-rank critical values are those of the tables") {
  CHECK_FALSE(signed_rank_critical(5, 0.025));
  CHECK(signed_rank_critical(6, 0.025) == 0);
  CHECK(signed_rank_critical(8, 0.025) == 3);
  CHECK(signed_rank_critical(10, 0.025) == 8);
  CHECK(signed_rank_critical(15, 0.025) == 25);
  CHECK(signed_rank_critical(20, 0.025) == 52);
  CHECK(signed_rank_critical(30, 0.025) == 137);
  CHECK(signed_rank_cdf(6, 0) == 1.0 / 64);
  CHECK(signed_rank_cdf(3, 6) == 1.0);
  // The approximation takes over without a step.
  const double exact = static_cast<double>(*signed_rank_critical(120, 0.025));
  const double beyond = static_cast<double>(*signed_rank_critical(121, 0.025));
  CHECK(beyond - exact == Approx(48).margin(4));
}

TEST_CASE("ranks of the median interval are those of the tables") {
  const std::vector<std::pair<std::size_t, std::size_t>> at_95{{5, 0},  {6, 1},   {8, 1},   {9, 2},
                                                               {10, 2}, {12, 3},  {15, 4},  {20, 6},
                                                               {25, 8}, {30, 10}, {50, 18}, {100, 40}};
  for (const auto& [n, j] : at_95) CHECK(median_rank(n, 0.05) == j);
  const std::vector<std::pair<std::size_t, std::size_t>> at_99{{6, 0},  {8, 1},   {12, 2},
                                                               {20, 4}, {50, 16}, {100, 37}};
  for (const auto& [n, j] : at_99) CHECK(median_rank(n, 0.01) == j);
}

TEST_CASE("estimate and interval equal those from all Walsh averages written out") {
  for (const std::size_t n : {1u, 2u, 6u, 7u, 20u, 61u}) {
    std::vector<double> d = draws(n, n);
    if (n > 6) d[3] = d[5];
    std::vector<double> walsh;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i; j < n; ++j) walsh.push_back(0.5 * (d[i] + d[j]));
    }
    std::sort(walsh.begin(), walsh.end());
    const SignedRank ranks(d);
    CHECK(ranks.estimate() == Approx(median(walsh)).epsilon(1e-14));
    for (const std::size_t rank : {std::size_t{1}, walsh.size() / 2 + 1, walsh.size()}) {
      CHECK(ranks.nth(rank) == walsh[rank - 1]);
    }
    if (const auto k = signed_rank_critical(n, 0.025)) {
      CHECK(ranks.interval(0.05)->low == walsh[*k]);
      CHECK(ranks.interval(0.05)->high == walsh[walsh.size() - 1 - *k]);
    } else {
      CHECK_FALSE(ranks.interval(0.05));
    }
  }
}

TEST_CASE("ties and zeros of either sign do not lead the search astray") {
  for (const std::size_t n : {1u, 6u, 7u, 8u, 40u}) {
    std::vector<double> zeros(n, 0.0);
    CHECK(SignedRank(zeros).estimate() == 0.0);
    zeros[0] = -0.0;
    CHECK(SignedRank(zeros).estimate() == 0.0);
    zeros.back() = 3.0;
    CHECK(SignedRank(zeros).nth(n * (n + 1) / 2) == 3.0);
    if (n > 1) CHECK(SignedRank(zeros).nth(1) == 0.0);
    if (n >= 6) CHECK(SignedRank(std::vector<double>(n, -2.5)).interval(0.05)->low == -2.5);
  }
}

TEST_CASE("p-values and intervals say the same") {
  const std::vector<double> d = draws(14, 5);
  const SignedRank ranks(d);
  const Interval i = *ranks.interval(0.05);
  CHECK(ranks.p_above(i.low - 1e-9) <= 0.05);
  CHECK(ranks.p_above(i.low + 1e-9) > 0.05);
  CHECK(ranks.p_below(i.high + 1e-9) <= 0.05);
  CHECK(ranks.p_below(i.high - 1e-9) > 0.05);
}

TEST_CASE("the rank sum has its known distribution and shift") {
  CHECK(rank_sum_cdf(2, 2, 0) == Approx(1.0 / 6));
  CHECK(rank_sum_cdf(3, 3, 1) == Approx(2.0 / 20));
  CHECK(rank_sum_cdf(5, 7, 35) == Approx(1.0));
  CHECK(rank_sum_cdf(8, 8, 13) == Approx(0.0249).margin(5e-4));  // the table's critical value at 5 % is 13
  const std::vector<double> a{1, 2, 3, 4, 5, 6, 7, 8};
  std::vector<double> b = a;
  for (double& v : b) v += 10.0;
  CHECK(rank_sum_shift(a, b, 0.05).estimate == Approx(10.0));
  CHECK(rank_sum_shift(a, b, 0.05).interval->low > 6.0);
  CHECK_FALSE(rank_sum_shift(std::vector<double>{1, 2, 3}, std::vector<double>{4, 5, 6}, 0.05).interval);
  const std::vector<double> many = draws(60, 3);
  const Shift s = rank_sum_shift(many, draws(60, 4), 0.05);
  CHECK((s.interval->low < s.estimate && s.estimate < s.interval->high));
}

TEST_CASE("quantiles, medians and the normal distribution are right") {
  CHECK(median(std::vector<double>{3, 1, 2}) == 2.0);
  CHECK(median(std::vector<double>{4, 1, 2, 3}) == 2.5);
  CHECK(std::isnan(median({})));
  CHECK(sorted_quantile(std::vector<double>{0, 10}, 0.25) == 2.5);
  CHECK(normal_quantile(0.975) == Approx(1.959963984540054).epsilon(1e-12));
  CHECK(normal_quantile(0.5) == Approx(0.0).margin(1e-12));
  CHECK(normal_cdf(-1.0) == Approx(0.15865525393145707));
}

TEST_CASE("ten thousand pairs are judged in milliseconds") {
  const std::vector<double> d = draws(10000, 9);
  const auto start = std::chrono::steady_clock::now();
  const SignedRank ranks(d);
  const Interval i = *ranks.interval(0.05);
  CHECK((i.low < ranks.estimate() && ranks.estimate() < i.high));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  CHECK(i.high - i.low == Approx(2 * 1.96 * 1.023 / 100).epsilon(0.1));
  WARN("10,000 pairs: " << seconds * 1e3 << " ms");
}
