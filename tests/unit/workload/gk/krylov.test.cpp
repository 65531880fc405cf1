// The Krylov route finds the most unstable mode of the dense operator, growing or damped, and knows when it has
// not.
#include "workload/gk/krylov.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "workload/gk/dense.hpp"

using namespace assay::workload::gk;

namespace {

Spec tiny() {
  Spec s;
  s.nl = 2, s.nm = 4;
  s.grid = {.ntheta = 12, .nperiod = 2};
  return s;
}

Complex dominant(const Spec& spec) {
  const Operator op = make_operator(spec);
  const auto values =
      dense_eigen(assemble(op, Tier::floor), static_cast<int>(op.size()), EigenVectors::no).values;
  return *std::max_element(values.begin(), values.end(),
                           [](Complex a, Complex b) { return a.real() < b.real(); });
}

}  // namespace

TEST_CASE("the Krylov route finds the rightmost eigenvalue of the dense operator") {
  std::vector<Spec> specs{tiny(), tiny(), tiny(), tiny()};
  specs[1].kx = 0.4;
  specs[2].species[0].a_LT = 0.0;  // all modes damped
  specs[2].species[0].nu = 0.1;
  specs[3].species.push_back({.name = "electron",
                              .charge = -1.0,
                              .mass = 0.02,
                              .temperature = 1.0,
                              .a_LT = 2.0,
                              .a_Ln = 0.8,
                              .nu = 0.01});
  specs[3].tau = 0.0;
  specs[3].beta = 0.01;
  specs[3].a_parallel = specs[3].b_parallel = true;
  for (const auto& spec : specs) {
    const Complex exact = dominant(spec);
    const auto e = solve_krylov(spec, {.residual = 1e-9});
    INFO(exact.real() << " " << exact.imag() << ", found " << e.lambda.real() << " " << e.lambda.imag());
    CHECK(e.converged);
    CHECK(std::abs(e.lambda - exact) < 1e-8);
    CHECK(e.residual <= 1e-9);
  }
  CHECK(dominant(specs[2]).real() < 0.0);
}

TEST_CASE("the residual that is reported is that of the vector that is returned") {
  Spec spec;
  spec.nl = 4, spec.nm = 8;
  const Operator op = make_operator(spec);
  const auto e = solve_krylov(spec, {.residual = 1e-2, .dimension = 12, .kept = 4});
  REQUIRE(e.residual > 1e-8);  // well above rounding, where the tiers may differ
  std::vector<Complex> image(op.size());
  Workspace work;
  const auto check = rayleigh_residual(op, Tier::floor, e.state, image, work);
  CHECK(check.residual == Approx(e.residual).epsilon(0.05));
  CHECK(std::abs(check.lambda - e.lambda) < 1e-4);
}

TEST_CASE("Cyclone at ky 0.3, 4 x 8, both treatments of the Nyquist mode") {
  Spec spec;
  spec.nl = 4, spec.nm = 8;
  const auto kept = solve_krylov(spec);
  CHECK(kept.converged);
  CHECK(kept.gamma() == Approx(0.1012865).margin(1e-7));
  CHECK(kept.omega() == Approx(0.2454963).margin(1e-7));
  const auto dropped = solve_krylov(spec, {.op = {.nyquist = Nyquist::dropped}});
  CHECK(dropped.converged);
  CHECK(dropped.gamma() == Approx(0.1012866).margin(1e-7));
  CHECK(dropped.omega() == Approx(0.2454961).margin(1e-7));
}

TEST_CASE("a budget too small, or a caller who stops, leaves an unconverged result with its residual") {
  Spec spec;
  spec.nl = 4, spec.nm = 8;
  const auto spent =
      solve_krylov(spec, {.residual = 1e-9, .max_applications = 100, .dimension = 6, .tau = 0.5});
  CHECK_FALSE(spent.converged);
  CHECK(spent.residual > 1e-9);
  CHECK(spent.unconverged_because.find("residual") != std::string::npos);
  const auto stopped = solve_krylov(spec, {.progress = [](const SolveProgress&) { return false; }});
  CHECK(stopped.unconverged_because == (stopped.converged ? "" : "stopped by the caller"));
}

TEST_CASE("a guess from the neighbouring ky saves applications") {
  Spec spec = tiny();
  const auto first = solve_krylov(spec);
  spec.ky = 0.31;
  const Operator op = make_operator(spec);
  const KrylovOptions options{.dimension = 8, .kept = 4};
  CHECK(solve_krylov(op, first.state, options).operator_applications <=
        solve_krylov(spec, options).operator_applications);
}
