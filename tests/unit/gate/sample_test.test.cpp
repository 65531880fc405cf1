// Rung I7: samples of one distribution, and the share of them that is refused.
// SPDX-License-Identifier: MIT
#include "gate/sample_test.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "gate/compare.hpp"
#include "gate/fault.hpp"

using namespace assay::gate;

namespace {

std::vector<double> sample(std::mt19937_64& random, std::size_t n, double mean = 0.0, double spread = 1.0) {
  std::normal_distribution<double> normal(mean, spread);
  std::vector<double> values(n);
  for (double& v : values) v = normal(random);
  return values;
}

ObservableReport judged(const std::vector<double>& a, const std::vector<double>& b,
                        const char* level = "ensemble") {
  return compare("x", a, b, parse_level(level));
}

/// Shares of 1000 pairs of samples that are refused.
double refused(std::size_t n, double alpha, double mean, double spread) {
  std::mt19937_64 random(11);
  int count = 0;
  for (int i = 0; i < 1000; ++i)
    count += !test_samples(sample(random, n), sample(random, n, mean, spread), alpha).agree();
  return count / 1000.0;
}

}  // namespace

TEST_CASE("probabilities of Kolmogorov and Smirnov are those of the tables") {
  // All n values below all m: 2 of (n+m choose n) orders.
  CHECK(kolmogorov_smirnov_p(1.0, 4, 4) == Approx(2.0 / 70.0).epsilon(1e-12));
  CHECK(kolmogorov_smirnov_p(1.0, 3, 5) == Approx(2.0 / 56.0).epsilon(1e-12));
  // scipy.stats.ks_2samp(range(10), [x + 3.5 for x in range(10)]): d = 0.4, exact
  CHECK(kolmogorov_smirnov_p(0.4, 10, 10) == Approx(0.41752365281777043).epsilon(1e-9));
  CHECK(kolmogorov_smirnov_p(0.0, 10, 10) == 1.0);
  // The limit for large samples takes over without a step: 1.3581 is its 5 % point.
  CHECK(kolmogorov_smirnov_p(1.3581 / std::sqrt(1e6 / 2), 1000000, 1000000) == Approx(0.05).epsilon(1e-3));
  CHECK(kolmogorov_smirnov_p(1.3581 / std::sqrt(1000.0), 2000, 2000) == Approx(0.05).epsilon(0.1));
}

TEST_CASE("equal distributions are refused no more often than stated, others nearly always") {
  CHECK(refused(20, 0.05, 0.0, 1.0) <= 0.05 + 3 * std::sqrt(0.05 * 0.95 / 1000));
  CHECK(refused(100, 0.05, 0.0, 1.0) <= 0.05 + 3 * std::sqrt(0.05 * 0.95 / 1000));
  CHECK(refused(100, 0.05, 0.8, 1.0) > 0.95);
  CHECK(refused(100, 0.05, 0.0, 3.0) > 0.95);
}

TEST_CASE("I7 holds for other members of one ensemble, and for no other ensemble") {
  std::mt19937_64 random(5);
  const auto a = sample(random, 60), b = sample(random, 60);
  const auto r = judged(a, b);
  CHECK(r.verdict == Verdict::pass);
  CHECK(r.level == Level::ensemble);
  CHECK(judged(a, a).level == Level::bit);
  CHECK(judged(a, sample(random, 60, 1.5)).verdict == Verdict::fail);
  CHECK(judged(a, sample(random, 60, 0.0, 4.0)).verdict == Verdict::fail);
  CHECK(judged(a, std::vector<double>(60, a[0])).verdict == Verdict::fail);
}

TEST_CASE("I7 does not forgive what is missing, not a number, or too little to judge") {
  std::mt19937_64 random(5);
  const auto a = sample(random, 60);
  auto b = sample(random, 60);
  CHECK(judged(a, {b.begin(), b.end() - 1}).verdict == Verdict::fail);
  b[3] = std::nan("");
  CHECK(judged(a, b).verdict == Verdict::fail);
  CHECK(judged({1, 2, 3}, {4, 5, 6}).verdict == Verdict::blocked);
  CHECK(judged({}, {}).verdict == Verdict::blocked);
  CHECK(judged({1, 2, 3, 4}, {5, 6, 7, 8}, "ensemble:0.1").verdict == Verdict::fail);
  CHECK_THROWS(parse_level("ensemble:0"));
  CHECK_THROWS(parse_level("ensemble:1"));
  CHECK(to_text(parse_level("ensemble")) == "ensemble:0.01");
}

TEST_CASE("the faults of I7 are found at the smallest size that it can see, and no order is planted") {
  std::mt19937_64 random(5);
  const Observables floor{{.name = "x", .values = sample(random, 40), .required = parse_level("ensemble")}};
  const auto judge = [](const Observables& a, const Observables& b) { return compare_sets("g", a, b); };
  const Proof proof = prove(floor, standard_faults(floor), judge);
  CHECK(proof.fit);
  std::vector<std::string> names;
  for (const Kill& kill : proof.kills) names.push_back(kill.fault);
  CHECK(std::count(names.begin(), names.end(), "moved") == 1);
  CHECK(std::count(names.begin(), names.end(), "widened") == 1);
  CHECK(std::count(names.begin(), names.end(), "narrowed") == 1);
  CHECK(std::count(names.begin(), names.end(), "swapped") == 0);
  const Observables few{{.name = "x", .values = {1, 2, 3}, .required = parse_level("ensemble")}};
  CHECK_FALSE(prove(few, standard_faults(few), judge).fit);
}
