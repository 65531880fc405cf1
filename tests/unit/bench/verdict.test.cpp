#include "bench/verdict.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "bench/random.hpp"

using namespace assay;
using namespace assay::bench;

namespace {

/// Times of two arms whose log ratio has this centre and spread; the reference drifts, as machines do.
struct Arms {
  std::vector<double> a, b;
};
Arms arms(std::size_t n, double effect, double spread, std::uint64_t seed, bool spikes = false) {
  Random random(seed);
  Arms x;
  const auto noise = [&] {
    double v = normal_quantile(random.uniform()) / std::sqrt(2.0);
    if (spikes && random.uniform() < 0.1) v += -5.0 * std::log(random.uniform()) / std::sqrt(2.0);
    return v * spread;
  };
  for (std::size_t i = 0; i < n; ++i) {
    const double drift = 0.1 * static_cast<double>(i);
    x.a.push_back(std::exp(drift + noise()));
    x.b.push_back((1.0 + effect) * std::exp(drift + noise()));
  }
  return x;
}

Verdict verdict_of(const Arms& x, const Rule& rule = {}) {
  return compare_paired(x.a, x.b, rule).verdict;
}

double share(int trials, std::size_t n, double effect, double spread, Verdict wanted, bool spikes = false) {
  int hits = 0;
  for (int t = 0; t < trials; ++t) {
    hits += verdict_of(arms(n, effect, spread, static_cast<std::uint64_t>(t) + 1000, spikes)) == wanted;
  }
  return static_cast<double>(hits) / trials;
}

}  // namespace

TEST_CASE("clear cases get the verdict that a person would give") {
  CHECK(verdict_of(arms(20, 0.20, 0.02, 1)) == Verdict::regressed);
  CHECK(verdict_of(arms(20, -0.20, 0.02, 2)) == Verdict::improved);
  CHECK(verdict_of(arms(20, 0.0, 0.02, 3)) == Verdict::equivalent);
  CHECK(verdict_of(arms(20, 0.0, 0.50, 4)) == Verdict::inconclusive);
  Arms small =
      arms(8, 0.0, 0.02, 5);  // a change of 3 to 7 %, 4.9 % in the middle: real, neither large nor none
  for (std::size_t i = 0; i < small.a.size(); ++i)
    small.b[i] = small.a[i] * (1.03 + 0.005 * static_cast<double>(i));
  CHECK(verdict_of(small) == Verdict::changed_small);
  Rule throughput;
  throughput.better = Better::higher;
  CHECK(verdict_of(arms(20, 0.20, 0.02, 1), throughput) == Verdict::improved);
  CHECK(verdict_of(arms(20, -0.20, 0.02, 1), throughput) == Verdict::regressed);
}

TEST_CASE("the ratio and its interval are those of the data, whatever the drift") {
  const Arms x = arms(30, 0.10, 0.02, 11);
  const Comparison c = compare_paired(x.a, x.b, {});
  CHECK(c.ratio == Approx(1.10).epsilon(0.02));
  REQUIRE(c.interval);
  CHECK(c.interval->low < c.ratio);
  CHECK(c.ratio < c.interval->high);
  CHECK(c.interval->high - c.interval->low < 0.04);
}

TEST_CASE("fewer than six blocks claim nothing, however large the effect") {
  const Comparison c =
      compare_paired(std::vector<double>{1, 1, 1, 1, 1}, std::vector<double>{9, 9, 9, 9, 9}, {});
  CHECK(c.verdict == Verdict::inconclusive);
  CHECK_FALSE(c.interval);
  CHECK_THAT(c.reasons.at(0), Catch::Contains("fewer than 6"));
  CHECK(compare_paired({}, {}, {}).verdict == Verdict::inconclusive);
  CHECK(compare_unpaired(std::vector<double>(5, 1.0), std::vector<double>(50, 9.0), {}).verdict ==
        Verdict::inconclusive);
}

TEST_CASE("samples that are no times are errors, not data") {
  const std::vector<double> good(8, 1.0);
  for (const double bad : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    std::vector<double> x = good;
    x[3] = bad;
    CHECK_THROWS_AS(compare_paired(good, x, {}), WorkloadError);
  }
  CHECK_THROWS_AS(compare_paired(good, std::vector<double>(7, 1.0), {}), WorkloadError);
}

TEST_CASE("error rates: an A/A run is almost never a regression, and the boundary keeps its promise") {
  CHECK(share(400, 20, 0.0, 0.03, Verdict::regressed, true) == 0.0);
  CHECK(share(400, 20, 0.0, 0.10, Verdict::regressed, true) <= 0.01);
  CHECK(share(400, 20, 0.05, 0.03, Verdict::regressed) <=
        0.05);  // at the boundary: alpha/2 = 0.025 is promised
  CHECK(share(400, 20, 0.0, 0.01, Verdict::equivalent) >= 0.95);
  CHECK(share(400, 20, 0.10, 0.03, Verdict::regressed, true) >= 0.85);
}

TEST_CASE("intervals cover the truth as often as they promise") {
  int covered = 0;
  int covered_unpaired = 0;
  constexpr int trials = 600;
  for (int t = 0; t < trials; ++t) {
    Random random(static_cast<std::uint64_t>(t) + 1);
    std::vector<double> a, b;
    for (int i = 0; i < 15; ++i) {
      a.push_back(std::exp(0.05 * normal_quantile(random.uniform())));
      b.push_back(1.3 * std::exp(0.05 * normal_quantile(random.uniform())));
    }
    const Interval i = *compare_paired(a, b, {}).interval;
    covered += i.low <= 1.3 && 1.3 <= i.high;
    const Interval u = *compare_unpaired(a, b, {}).interval;
    covered_unpaired += u.low <= 1.3 && 1.3 <= u.high;
  }
  CHECK(covered >= 0.925 * trials);
  CHECK(covered <= 0.98 * trials);
  CHECK(covered_unpaired >= 0.925 * trials);
}

TEST_CASE("looks and families cost confidence") {
  const Arms x = arms(20, 0.10, 0.02, 21);
  Rule one;
  Rule three;
  three.looks = 3;
  const Interval wide = *compare_paired(x.a, x.b, three).interval;
  const Interval narrow = *compare_paired(x.a, x.b, one).interval;
  CHECK(wide.low < narrow.low);
  CHECK(narrow.high < wide.high);
  Rule crowd;
  crowd.family = 1000;
  CHECK_FALSE(compare_paired(arms(10, 0.5, 0.02, 1).a, arms(10, 0.5, 0.02, 1).b, crowd).interval);
}

TEST_CASE("Holm rejects step by step") {
  CHECK(holm(std::vector<double>{0.01, 0.04, 0.03}, 0.05) == std::vector<bool>{true, false, false});
  CHECK(holm(std::vector<double>{0.01, 0.02, 0.03}, 0.05) == std::vector<bool>{true, true, true});
  CHECK(holm(std::vector<double>{0.02, 0.02, 0.9}, 0.05) == std::vector<bool>{false, false, false});
  CHECK(holm({}, 0.05).empty());
  std::vector<Comparison> family;
  for (int i = 0; i < 8; ++i) {
    const Arms x = arms(10, i == 0 ? 0.5 : 0.0, 0.02, static_cast<std::uint64_t>(i) + 1);
    family.push_back(compare_paired(x.a, x.b, {}));
  }
  judge_family(family, {});
  CHECK(family[0].verdict == Verdict::regressed);
  CHECK(family[1].verdict == Verdict::equivalent);
}

TEST_CASE("the noise floor is what the machine cannot resolve, and raises the effect") {
  const Arms quiet = arms(20, 0.0, 0.01, 31);
  const Arms loud = arms(20, 0.0, 0.30, 32);
  const double low = noise_floor(quiet.a, quiet.b, 1);
  const double high = noise_floor(loud.a, loud.b, 1);
  CHECK(low < 0.01);
  CHECK(high > 0.05);
  CHECK(noise_floor(loud.a, loud.b, 1) == high);
  Rule rule;
  rule.noise_floor = high;
  CHECK(rule.effect() == high);
  CHECK(verdict_of(arms(20, 0.06, 0.003, 33), rule) == Verdict::equivalent);
}

TEST_CASE("the planner asks for what the verdict then needs") {
  const Arms pilot = arms(200, 0.0, 0.03, 41);
  const auto n = pairs_needed(pilot.a, pilot.b, 0.08, 0.8, {});
  REQUIRE(n);
  CHECK(*n >= 6);
  CHECK(share(300, *n, 0.08, 0.03, Verdict::regressed) >= 0.72);
  CHECK_FALSE(pairs_needed(pilot.a, pilot.b, 0.05, 0.8, {}));
  const double s = 0.03;
  const double beyond = std::log(1.08 / 1.05);
  CHECK(static_cast<double>(*n) == Approx(8.2 * std::pow(s / beyond, 2)).epsilon(0.25));
}

TEST_CASE("exit codes tell worse from undecided") {
  const auto code = [](const Arms& x) { return exit_of(compare_paired(x.a, x.b, {}), {}); };
  CHECK(code(arms(20, 0.20, 0.02, 1)) == Exit::evidence_no);
  CHECK(code(arms(20, -0.20, 0.02, 1)) == Exit::ok);
  CHECK(code(arms(20, 0.0, 0.02, 1)) == Exit::ok);
  CHECK(code(arms(20, 0.0, 0.50, 4)) == Exit::inconclusive);
}
