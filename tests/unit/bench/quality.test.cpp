#include "bench/quality.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/machine.hpp"
#include "bench/random.hpp"
#include "bench/rank.hpp"

using namespace assay::bench;

namespace {

std::vector<double> steady(std::size_t n, std::uint64_t seed, double spread = 0.01) {
  Random random(seed);
  std::vector<double> x(n);
  for (double& v : x) v = std::exp(spread * normal_quantile(random.uniform()));
  return x;
}

bool has(const std::vector<Finding>& found, std::string_view check) {
  return std::any_of(found.begin(), found.end(), [&](const Finding& f) { return f.check == check; });
}

}  // namespace

TEST_CASE("quiet data raise no complaint beyond chance") {
  int complaints = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) complaints += !check_arm("a", steady(20, seed)).empty();
  CHECK(complaints <= 15);
}

TEST_CASE("each planted flaw is named") {
  std::vector<double> x = steady(20, 1);
  x[7] = 3.0;
  CHECK(has(check_arm("a", x), "outliers"));
  x = steady(20, 2);
  x[0] = 5.0;
  CHECK(has(check_arm("a", x), "slow-first-run"));
  x = steady(20, 3);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] *= 1.0 + 0.01 * static_cast<double>(i);
  CHECK(has(check_arm("a", x), "drift"));
  x = steady(20, 4);
  for (std::size_t i = 0; i < 8; ++i) x[2 * i] *= 1.5;
  CHECK(has(check_arm("a", x), "two-modes"));
  x = steady(40, 5);
  for (std::size_t i = 0; i < 15; ++i) x[i] *= 1.3;
  CHECK(has(check_arm("a", x), "not-steady"));
  CHECK(has(check_arm("a", steady(20, 6, 0.2)), "noise"));
  CHECK(has(check_duration("a", steady(20, 7), 2.0), "too-short"));
  CHECK_FALSE(has(check_duration("a", steady(20, 7), 0.5), "too-short"));
}

TEST_CASE("dependent blocks are worth fewer, and cap the verdict") {
  Random random(9);
  std::vector<double> a(20, 1.0), b;
  double walk = 0.0;
  for (int i = 0; i < 20; ++i) {
    walk = 0.97 * walk + 0.02 * normal_quantile(random.uniform());
    b.push_back(std::exp(walk));
  }
  const auto found = check_pairs(a, b);
  REQUIRE(has(found, "dependence"));
  CHECK(found[0].effect == Finding::Effect::cap);
  CHECK(check_pairs(steady(20, 1), steady(20, 2)).empty());
}

TEST_CASE("the measures have their known values") {
  CHECK(lag_one_correlation(std::vector<double>{1, 2, 3, 4, 5}) == Approx(0.4));
  CHECK(lag_one_correlation(std::vector<double>{1, 1, 1}) == 0.0);
  // Kendall's S of 1..5 is 10, variance 50/3, less one for continuity.
  CHECK(drift_score(std::vector<double>{1, 2, 3, 4, 5}) == Approx(9.0 / std::sqrt(50.0 / 3)));
  CHECK(drift_score(std::vector<double>{5, 4, 3, 2, 1}) == Approx(-9.0 / std::sqrt(50.0 / 3)));
  CHECK(drift_score(std::vector<double>{2, 2, 2, 2}) == 0.0);
  std::vector<double> x(40, 1.0);
  for (std::size_t i = 0; i < 10; ++i) x[i] = 5.0;
  for (std::size_t i = 10; i < 40; ++i) x[i] += 0.001 * static_cast<double>(i % 3);
  CHECK(warmup_length(x) == 10);
}

TEST_CASE("the machine is described, and what spoils a measurement is found") {
  const Machine m = look_at_machine();
  CHECK(m.usable_cores >= 1);
  CHECK(m.kernel.starts_with("Linux"));
  CHECK(look_at_activity().total > 0);
  Activity before, after;
  before.total = 1000;
  after.total = 2000;
  after.stolen = 100;
  after.throttled = 1;
  before.load = 100.0;
  const auto found = check_machine(m, before, after);
  for (const char* check : {"load", "steal", "throttled"}) CHECK(has(found, check));
}

TEST_CASE("sets of cores are read as the kernel writes them, and nothing else is") {
  CHECK(cores_in_list("0-3,8") == std::vector<int>{0, 1, 2, 3, 8});
  CHECK(cores_in_list("5") == std::vector<int>{5});
  for (const char* bad : {"", "x", "3-1", "1-", "-1", "1,,2", "0-1 x", "0-99999999"})
    CHECK(cores_in_list(bad).empty());
}

TEST_CASE("memory nodes are facts of the machine, said where there are several, and absent where not known") {
  const Machine here = look_at_machine();
  int cores = 0;
  for (const int n : here.node_cores) cores += n;
  CHECK((here.node_cores.empty() || cores == here.usable_cores));
  Machine m = here;
  m.node_cores = {4, 4};
  CHECK(machine_from(to_json(m)).node_cores == m.node_cores);
  CHECK(has(check_machine(m, {}, {}), "numa"));
  m.node_cores.clear();
  CHECK_FALSE(to_json(m).contains("node_cores"));
  CHECK(machine_from(to_json(m)).node_cores.empty());
  CHECK_FALSE(has(check_machine(m, {}, {}), "numa"));
}
