#include "gate/compare.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "core/number.hpp"
#include "gate/ulp.hpp"

using namespace assay;
using namespace assay::gate;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double tiny = std::numeric_limits<double>::denorm_min();

ObservableReport against(std::vector<double> a, std::vector<double> b, const char* level = "bit") {
  return compare("x", a, b, parse_level(level));
}

std::vector<double> random_values(std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(-3.0, 3.0);
  std::vector<double> x(n);
  for (double& v : x) v = uniform(random);
  return x;
}

}  // namespace

TEST_CASE("the strongest rung that holds is reported for hand-made pairs") {
  const double next = std::nextafter(1.0, 2.0);
  CHECK(against({1, 2, 3}, {1, 2, 3}).level == Level::bit);
  CHECK(against({0.0, 2}, {-0.0, 2}).level == Level::value);
  CHECK(against({1.0, 2}, {next, 2}).level == Level::ulp);
  CHECK(against({1e-17, 1.0}, {2e-17, 1.0}).level == Level::scaled_ulp);
  CHECK(against({1.0, 2.0}, {1.0 + 1e-11, 2.0}).level == Level::tol);
  CHECK(against({1e-8, 1e8}, {1e-8 + 1e-14, 1e8}, "ulp:0").level == Level::scaled_ulp);
  CHECK(against({1.0, 2.0}, {1.5, 2.0}).level == Level::none);
  CHECK(against({1.0, 1e10}, {1.0 + 1e-5, 1e10}, "norm:1e-12").level == Level::norm);
}

TEST_CASE("the verdict is that of the demanded rung") {
  const double next = std::nextafter(1.0, 2.0);
  CHECK(against({1.0}, {next}, "bit").verdict == Verdict::fail);
  CHECK(against({1.0}, {next}, "ulp:1").verdict == Verdict::pass);
  CHECK(against({1.0}, {next}, "ulp:0").verdict == Verdict::fail);
  CHECK(against({1.0}, {next}, "tol:1e-15").verdict == Verdict::pass);
  CHECK(against({1.0}, {next}, "tol:1e-17").verdict == Verdict::fail);
  CHECK(against({0.0}, {1e-13}, "tol:1e-3").verdict == Verdict::fail);
  CHECK(against({0.0}, {1e-13}, "tol:1e-3,1e-12").verdict == Verdict::pass);
  CHECK(against({-tiny}, {tiny}, "ulp:2").verdict == Verdict::pass);
}

TEST_CASE("the first difference carries its index, both forms and its distance") {
  std::vector<double> a = random_values(5000, 1);
  std::vector<double> b = a;
  b[3777] = std::nextafter(b[3777], 10.0);
  b[4000] += 1.0;
  const ObservableReport r = compare("x", a, b, parse_level("ulp:1"));
  REQUIRE(r.first);
  CHECK(r.first->index == 3777);
  CHECK(r.first->a == number_text(a[3777]));
  CHECK(r.first->b_hex == hex(b[3777]));
  CHECK(r.first->ulps == 1);
  REQUIRE(r.failing);
  CHECK(r.failing->index == 4000);
  CHECK(r.tally.bits_differ == 2);
  CHECK(r.tally.beyond_ulps == 1);
  CHECK(r.tally.max_abs == Approx(1.0));
}

TEST_CASE("NaN never passes unless it is asked for, and then only in the same place") {
  CHECK(against({1, nan_value}, {1, nan_value}).verdict == Verdict::fail);
  CHECK(against({1, nan_value}, {1, nan_value}).level == Level::bit);
  CHECK(against({1, nan_value}, {1, 2}, "norm:1e9").verdict == Verdict::fail);
  CHECK(against({1, 2}, {1, nan_value}, "tol:1e300").verdict == Verdict::fail);
  CHECK(against({nan_value, nan_value}, {1, 2}, "norm:1").level == Level::none);
  Requirement tolerant = parse_level("value");
  tolerant.non_finite = NonFinite::equal;
  const std::vector<double> a{1, nan_value};
  const std::vector<double> b{1, -nan_value};
  CHECK(compare("x", a, b, tolerant).verdict == Verdict::pass);
  const std::vector<double> c{nan_value, 1};
  CHECK(compare("x", a, c, tolerant).verdict == Verdict::fail);
}

TEST_CASE("infinities are equal to themselves only, and can be forbidden") {
  CHECK(against({infinity, 1}, {infinity, 1}).verdict == Verdict::pass);
  CHECK(against({infinity, 1}, {-infinity, 1}, "norm:1").verdict == Verdict::fail);
  CHECK(against({infinity, 1}, {1e308, 1}, "tol:1").verdict == Verdict::fail);
  CHECK(against({std::numeric_limits<double>::max()}, {infinity}, "ulp:1").verdict == Verdict::fail);
  Requirement strict = parse_level("bit");
  strict.non_finite = NonFinite::forbidden;
  const std::vector<double> a{infinity, 1};
  CHECK(compare("x", a, a, strict).verdict == Verdict::fail);
}

TEST_CASE("what is empty is blocked, what is missing fails, what is all zero can be refused") {
  CHECK(against({}, {}).verdict == Verdict::blocked);
  CHECK(against({}, {1}).verdict == Verdict::fail);
  CHECK(against({1, 2}, {1}, "norm:1").verdict == Verdict::fail);
  CHECK(against({1}, {1, 2}).tally.absent_a == 1);
  Requirement r;
  r.must_be_nontrivial = true;
  const std::vector<double> zero(4, 0.0);
  CHECK(compare("x", zero, zero, r).verdict == Verdict::fail);
  CHECK(compare("x", zero, zero, Requirement{}).verdict == Verdict::pass);
}

TEST_CASE("norms survive the ends of the range") {
  CHECK(against({3e300, 4e300}, {3e300, 4e300}).norm_a == Approx(5e300));
  CHECK(against({3e-300, 4e-300}, {3e-300, 4e-300}).norm_a == Approx(5e-300));
  CHECK(against({3e-320, 4e-320}, {0, 0}, "norm:1").norm_difference == Approx(5e-320));
  std::vector<double> mixed(3000, 1e-200);
  mixed[2500] = 2e200;
  CHECK(compare("x", mixed, mixed, {}).norm_a == Approx(2e200));
  CHECK(against({1e308, 1}, {-1e308, 1}, "tol:0.5").verdict == Verdict::fail);
}

TEST_CASE("integers are exact beyond 2^53 and tolerances still apply to them") {
  const std::vector<std::int64_t> a{9007199254740993, -5};
  const std::vector<std::int64_t> b{9007199254740992, -5};
  for (const char* level : {"bit", "value", "ulp:10"}) {
    Comparison c("n", parse_level(level));
    c.add(a, b);
    CHECK(c.report().verdict == Verdict::fail);
  }
  Comparison c("n", parse_level("tol:1e-12"));
  c.add(a, b);
  CHECK(c.report().verdict == Verdict::pass);
  CHECK(c.report().first->a == "9007199254740993");
  const std::vector<std::uint64_t> top{UINT64_MAX};
  const std::vector<std::uint64_t> zero{0};
  Comparison d("n", parse_level("bit"));
  d.add(top, zero);
  CHECK(d.report().tally.max_ulps == UINT64_MAX);
}

TEST_CASE("text is equal or not, at every rung") {
  Comparison c("status", parse_level("norm:1"));
  c.add_text("ok", "ok");
  CHECK(c.report().verdict == Verdict::pass);
  c.add_text("ok", "failed");
  CHECK(c.report().verdict == Verdict::fail);
  CHECK(c.report().first->b == "failed");
}

TEST_CASE("the vector path and one element at a time agree on every count and maximum") {
  for (const unsigned seed : {1u, 2u, 3u}) {
    std::vector<double> a = random_values(4099, seed);
    std::vector<double> b = a;
    std::mt19937_64 random(seed + 100);
    for (double& v : b) {
      if (random() % 3 != 0) continue;
      const int steps = static_cast<int>(random() % 9);
      for (int k = 0; k < steps; ++k) v = std::nextafter(v, random() % 2 != 0 ? 9.0 : -9.0);
    }
    b[17] = -b[17];
    Requirement r = parse_level("ulp:2");
    r.ladder.rtol = 3e-16;
    const ObservableReport fast = compare("x", a, b, r);
    Tally slow;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const std::uint64_t ulps = ulp_distance(a[i], b[i]);
      const double abs = std::fabs(a[i] - b[i]);
      const double larger = std::max(std::fabs(a[i]), std::fabs(b[i]));
      slow.bits_differ += ulps > 0;
      slow.beyond_ulps += ulps > 2;
      slow.beyond_tol += abs > 3e-16 * larger;
      slow.max_ulps = std::max(slow.max_ulps, ulps);
      slow.max_abs = std::max(slow.max_abs, abs);
      slow.max_rel = std::max(slow.max_rel, abs / larger);
    }
    CHECK(fast.tally.compared == a.size());
    CHECK(fast.tally.bits_differ == slow.bits_differ);
    CHECK(fast.tally.beyond_ulps == slow.beyond_ulps);
    CHECK(fast.tally.beyond_tol == slow.beyond_tol);
    CHECK(fast.tally.max_ulps == slow.max_ulps);
    CHECK(fast.tally.max_abs == slow.max_abs);
    CHECK(fast.tally.max_rel == slow.max_rel);
    CHECK(slow.bits_differ > 900);
  }
}

TEST_CASE("floats are measured in ulps of a float") {
  const std::vector<float> a{1.0f, 2.0f};
  const std::vector<float> b{std::nextafter(1.0f, 2.0f), 2.0f};
  Comparison c("x", parse_level("ulp:1"));
  c.add(a, b);
  CHECK(c.report().verdict == Verdict::pass);
  CHECK(c.report().level == Level::ulp);
  CHECK(c.report().first->ulps == 1);
}

TEST_CASE("a gate passes only when something was compared and nothing stands against it") {
  GateReport empty;
  conclude(empty);
  CHECK(empty.verdict == Verdict::blocked);
  CHECK(exit_of(empty.verdict) == assay::Exit::inconclusive);
  GateReport mixed{.observables = {against({1}, {1}), against({0.0}, {-0.0}, "value")}};
  conclude(mixed);
  CHECK(mixed.verdict == Verdict::pass);
  CHECK(mixed.level == Level::value);
  mixed.observables.push_back(against({}, {}));
  conclude(mixed);
  CHECK(mixed.verdict == Verdict::blocked);
  mixed.observables.push_back(against({1}, {2}));
  conclude(mixed);
  CHECK(mixed.verdict == Verdict::fail);
}
