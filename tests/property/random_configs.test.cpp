// Any point that the parameter table allows gives a finite number with a small residual, or says why not. The
// seed of each point is printed, so that one point can be replayed.
// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <random>

#include "workload/workload.hpp"

using namespace assay;

namespace {

/// A value inside the range of a parameter; wide where the table sets no bound.
Value random_value(const workload::Parameter& p, std::mt19937_64& random) {
  if (!p.choices.empty()) return p.choices[random() % p.choices.size()];
  if (std::holds_alternative<bool>(p.fallback)) return random() % 2 == 0;
  if (std::holds_alternative<std::string>(p.fallback)) return p.fallback;
  const double scale = std::max(1.0, std::abs(as_real(p.fallback)));
  const double low = std::isfinite(p.min) ? p.min : -4.0 * scale;
  const double high = std::isfinite(p.max) ? p.max : std::max(low, 0.0) + 4.0 * scale;
  const double x = low + (high - low) * std::uniform_real_distribution<double>(0.001, 1.0)(random);
  if (std::holds_alternative<std::int64_t>(p.fallback)) return static_cast<std::int64_t>(x);
  return x;
}

/// Resolution small enough for a test; everything else is free.
void make_small(workload::ParameterSet& set, std::mt19937_64& random) {
  set.set("grid.ntheta", std::int64_t{8} + static_cast<std::int64_t>(random() % 5));
  set.set("grid.nperiod", std::int64_t{1} + static_cast<std::int64_t>(random() % 2));
  set.set("velocity.nm", std::int64_t{4} + static_cast<std::int64_t>(random() % 5));
  set.set("velocity.nmu", std::int64_t{2} + static_cast<std::int64_t>(random() % 3));
  set.set("velocity.nl", std::int64_t{1} + static_cast<std::int64_t>(random() % 3));
  set.set("grid.links", std::int64_t{1} + static_cast<std::int64_t>(random() % 3));
  set.set("solver.t_end", 5.0);
  set.set("solver.steps", std::int64_t{10} + static_cast<std::int64_t>(random() % 20));
  set.set("solver.verification", std::string("census"));
}

void check_point(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto& kind = workload::get("gk.linear");
  workload::ParameterSet set(kind.parameters());
  plan::Point point;
  // A few parameters leave their defaults at a time, as in real scans; all at once would only test refusals.
  const auto& all = set.table().all();
  for (const auto& p : all) {
    if (random() % 4 != 0) continue;
    const Value value = random_value(p, random);
    set.set(p.key, value);
  }
  make_small(set, random);
  for (const auto& p : all) point.emplace_back(p.key, set.value(p.key));
  Config config = Config::from_text("workload = \"gk.linear\"\n", "property");
  const auto workload = workload::make(config);
  const plan::Outcome o = engine::evaluate_task(*workload, {0, point, seed}, "serial", {});
  INFO("replay with ASSAY_PROPERTY_SEED=" << seed << "; status " << plan::name_of(o.status) << ": "
                                          << o.message);
  if (o.status == plan::Status::ok) {
    for (const auto& [name, value] : o.observables) {
      INFO(name);
      if (const auto* x = std::get_if<double>(&value)) CHECK(std::isfinite(*x));
      if (name == "residual") CHECK(std::get<double>(value) <= set.real("solver.tolerance"));
    }
    CHECK(o.observables.size() >= 3);
  } else {
    CHECK_FALSE(o.message.empty());
    for (const auto& [name, value] : o.observables) CHECK((name != "gamma" && name != "omega"));
  }
}

}  // namespace

TEST_CASE("a random gyrokinetic point gives a converged finite number or a reason, never a silent NaN") {
  if (const char* replay = std::getenv("ASSAY_PROPERTY_SEED"); replay != nullptr)
    return check_point(std::strtoull(replay, nullptr, 10));
  for (std::uint64_t seed = 1; seed <= 60; ++seed) check_point(seed);
}
