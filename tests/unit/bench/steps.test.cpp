// Series with planted steps, spikes and drift: what is found, and what is rightly not.
// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>

#include "bench/random.hpp"
#include "bench/steps.hpp"

using namespace assay::bench;

namespace {

std::vector<double> series(std::vector<std::pair<int, double>> levels, double noise, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values;
  for (const auto& [count, level] : levels)
    for (int i = 0; i < count; ++i)
      values.push_back(level * std::exp(noise * normal_quantile(random.uniform())));
  return values;
}

}  // namespace

TEST_CASE("planted steps are found where they are, with a ratio that fits") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto values = series({{12, 1.0}, {10, 1.2}, {14, 0.9}}, 0.01, seed);
    const auto steps = find_steps(values, 0.05);
    INFO("seed " << seed);
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].first == 12);
    CHECK(steps[1].first == 22);
    CHECK(steps[0].ratio == Approx(1.2).epsilon(0.02));
    CHECK(steps[1].ratio == Approx(0.75).epsilon(0.02));
    CHECK(steps[0].interval.low < steps[0].ratio);
    CHECK(steps[0].ratio < steps[0].interval.high);
  }
}

TEST_CASE("noise has no steps, nor have spikes, nor a step below the effect that counts") {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed)
    found += !find_steps(series({{60, 1.0}}, 0.03, seed), 0.05).empty();
  CHECK(found == 0);
  auto spikes = series({{40, 1.0}}, 0.01, 3);
  for (const std::size_t at : {5, 17, 18, 33}) spikes[at] *= 3;
  CHECK(find_steps(spikes, 0.05).empty());
  CHECK(find_steps(series({{30, 1.0}, {30, 1.03}}, 0.005, 4), 0.05).empty());
  CHECK(find_steps(series({{30, 1.0}, {30, 1.03}}, 0.005, 4), 0.01).size() == 1);
}

TEST_CASE("a step that so few values cannot prove is not reported") {
  CHECK(find_steps(series({{3, 1.0}, {3, 2.0}}, 0.001, 5), 0.05).empty());
  CHECK(find_steps(std::vector<double>{}, 0.05).empty());
  CHECK(find_steps(std::vector<double>{1.0}, 0.05).empty());
}

TEST_CASE("the fit of few values is the best of all fits") {
  Random random(8);
  std::vector<double> y;
  for (int i = 0; i < 9; ++i) y.push_back(random.uniform() + (i >= 4 ? 5.0 : 0.0));
  CHECK(levels_of(y) == std::vector<std::size_t>{0, 4});
  CHECK(levels_of(std::vector<double>(9, 1.0)) == std::vector<std::size_t>{0});
}
