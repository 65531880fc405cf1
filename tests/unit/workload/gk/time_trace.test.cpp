// Fixed steps with samples: the fit finds the mode once it is alone, and a box moves ky to its rows.
#include "workload/gk/time_trace.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/config.hpp"
#include "workload/workload.hpp"

using namespace assay::workload::gk;

namespace {

Spec tiny() {
  Spec s;
  s.nl = 2, s.nm = 4;
  s.grid = {.ntheta = 12, .nperiod = 2};
  return s;
}

std::unique_ptr<assay::workload::Workload> make(const std::string& text) {
  assay::Config config = assay::Config::from_text("workload = \"gk.linear\"\n" + text, "test");
  return assay::workload::make(config);
}

}  // namespace

TEST_CASE("after a long time the fitted rate is the eigenvalue, and the residual says when it is not") {
  const auto mode = solve_initial_value(tiny(), {.t_end = 2000.0, .residual = 1e-9});
  REQUIRE(mode.converged);
  for (const Stepper stepper : {Stepper::rk2, Stepper::rk4}) {
    const auto late =
        run_time_trace(tiny(), {.stepper = stepper, .dt = 0.02, .steps = 30000, .sample_every = 50});
    REQUIRE(late.finished);
    CHECK(late.rate == Approx(mode.gamma()).epsilon(1e-4));
    CHECK(late.frequency == Approx(mode.omega()).epsilon(1e-4));
    CHECK(late.last.residual < 1e-4);
    CHECK(late.operator_applications == 30000 * (stepper == Stepper::rk2 ? 2 : 4));
    const auto early = run_time_trace(tiny(), {.stepper = stepper, .steps = 240});
    REQUIRE(early.finished);
    CHECK(early.last.residual > 0.01);
    CHECK(std::abs(early.rate - mode.gamma()) > 0.01);
    CHECK(early.time.size() == 48);
    CHECK(early.time.back() == Approx(4.8));
  }
}

TEST_CASE("rk2 is of second order and rk4 of fourth") {
  const auto end = [](Stepper stepper, long steps) {
    return run_time_trace(tiny(), {.stepper = stepper,
                                   .dt = 2.0 / static_cast<double>(steps),
                                   .steps = steps,
                                   .sample_every = steps / 4})
        .signal.back();
  };
  const auto exact = end(Stepper::rk4, 800);
  for (const auto& [stepper, order] : {std::pair{Stepper::rk2, 2}, {Stepper::rk4, 4}}) {
    const double ratio = std::abs(end(stepper, 40) - exact) / std::abs(end(stepper, 80) - exact);
    CHECK(std::log2(ratio) == Approx(order).margin(0.3));
  }
}

TEST_CASE("a step beyond the stability limit is a failed trace, never a number; a stop ends it") {
  const auto wild = run_time_trace(tiny(), {.dt = 5.0, .steps = 4000});
  CHECK_FALSE(wild.finished);
  CHECK_FALSE(wild.unfinished_because.empty());
  const auto stopped = run_time_trace(tiny(), {.progress = [](const SolveProgress&) { return false; }});
  CHECK_FALSE(stopped.finished);
  CHECK(stopped.operator_applications == 10);
  CHECK_FALSE(run_time_trace(tiny(), {.steps = 5}).finished);  // one sample, no window
}

TEST_CASE("in a box ky is that of the nearest row that is not the zonal one, and the point says which") {
  const auto w = make("box.ny = 16\nbox.y0 = 10.0\n");
  CHECK_FALSE(w->injective());
  const double table[][2] = {{0.04, 0.1}, {0.149, 0.1}, {0.151, 0.2}, {0.3, 0.3}, {5.0, 0.8}};
  for (const auto& [requested, row] : table)
    CHECK(w->resolve({{"ky", requested}}).real("mode.ky") == Approx(row).epsilon(1e-15));
  CHECK(w->resolve({{"ky", 0.31}}).identity() == w->resolve({{"ky", 0.29}}).identity());
  CHECK(make("")->injective());
  CHECK(make("")->resolve({{"ky", 0.31}}).real("mode.ky") == 0.31);
}

TEST_CASE("the route time-trace reports a transient, never a growth rate") {
  const auto w = make(
      "solver.route = \"time-trace\"\nsolver.dt = 0.02\nsolver.steps = 100\nvelocity.nl = 2\n"
      "velocity.nm = 4\ngrid.ntheta = 12\nbox.ny = 16\nbox.y0 = 10.0\n");
  const auto outcome = w->evaluate({.index = 0, .point = {{"ky", 0.31}}}, {});
  REQUIRE(outcome.status == assay::plan::Status::ok);
  const auto declared = w->observables();
  REQUIRE(outcome.observables.size() == declared.size());
  for (std::size_t i = 0; i < declared.size(); ++i) {
    CHECK(outcome.observables[i].first == declared[i].name);
    CHECK(declared[i].name != "gamma");
  }
  CHECK(std::get<double>(outcome.observables.back().second) == 0.3);  // resolved_ky
}
