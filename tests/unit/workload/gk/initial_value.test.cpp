// The stepping route finds the known mode, says when it did not, and its time step is safe.
#include "workload/gk/initial_value.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "workload/gk/dense.hpp"
#include "workload/gk/spectral_bound.hpp"

using namespace assay::workload::gk;

namespace {

Spec small(int nl, int nm) {
  Spec s;
  s.nl = nl, s.nm = nm;
  return s;
}

Spec tiny() {
  Spec s = small(2, 4);
  s.grid = {.ntheta = 12, .nperiod = 2};
  return s;
}

std::vector<Complex> spectrum(const Operator& op) {
  return dense_eigen(assemble(op, Tier::floor), static_cast<int>(op.size()), EigenVectors::no).values;
}

}  // namespace

TEST_CASE("the spectral bound holds for every eigenvalue and is not wasteful") {
  std::vector<Spec> specs{tiny(), tiny(), tiny(), tiny()};
  specs[1].species[0].nu = 0.5;
  specs[1].kx = 0.3;
  specs[2].species.push_back({.name = "electron", .charge = -1.0, .mass = 0.02, .temperature = 1.0});
  specs[2].tau = 0.0;
  specs[2].beta = 0.02;
  specs[2].a_parallel = specs[2].b_parallel = true;
  specs[3].ky = 0.0;
  specs[3].kx = 0.2;
  for (const auto& spec : specs) {
    const Operator op = make_operator(spec);
    double radius = 0.0;
    for (const Complex lambda : spectrum(op)) radius = std::max(radius, std::abs(lambda));
    const double bound = bound_spectrum(op).radius;
    CHECK(radius <= bound);
    CHECK(bound < 4.0 * radius);
  }
}

TEST_CASE("rk4 and rk2 reach the most unstable eigenvalue of the dense operator") {
  const Operator op = make_operator(tiny());
  const auto values = spectrum(op);
  const Complex exact =
      *std::max_element(values.begin(), values.end(), [](Complex a, Complex b) { return a.real() < b.real(); });
  for (const Stepper stepper : {Stepper::rk4, Stepper::rk2}) {
    const auto e = solve_initial_value(tiny(), {.stepper = stepper, .t_end = 2000.0, .residual = 1e-8});
    CHECK(e.converged);
    CHECK(e.residual <= 1e-8);
    CHECK(std::abs(e.lambda - exact) < 1e-7);
    const auto at = std::max_element(e.phi.begin(), e.phi.end(),
                                     [](Complex a, Complex b) { return std::abs(a) < std::abs(b); });
    CHECK(std::abs(*at - 1.0) < 1e-15);
  }
}

TEST_CASE("Cyclone at ky 0.3, 4 x 8, is the known eigenvalue") {
  const auto e = solve_initial_value(small(4, 8), {.residual = 1e-7});
  CHECK(e.converged);
  CHECK(e.gamma() == Approx(0.1012865).margin(2e-7));
  CHECK(e.omega() == Approx(0.2454963).margin(2e-7));
}

TEST_CASE("an unfinished run says so and still reports its residual") {
  const auto e = solve_initial_value(small(4, 8), {.t_end = 5.0});
  CHECK_FALSE(e.converged);
  CHECK(e.residual > 1e-2);
  CHECK(e.unconverged_because.find("residual") != std::string::npos);
}

TEST_CASE("the caller can watch and stop a run") {
  int looks = 0;
  InitialValueOptions options;
  options.progress = [&](const SolveProgress& p) {
    CHECK(p.residual > 0.0);
    CHECK(p.operator_applications > 0);
    return ++looks < 3;
  };
  const auto e = solve_initial_value(tiny(), options);
  CHECK(looks == 3);
  CHECK_FALSE(e.converged);
  CHECK(e.unconverged_because == "stopped by the caller");
}

TEST_CASE("a step beyond the stability limit ends as an unconverged result, not as a number") {
  const auto e = solve_initial_value(tiny(), {.dt = 5.0});
  CHECK_FALSE(e.converged);
  CHECK_FALSE(e.unconverged_because.empty());
}
