// Three routes to one eigenvalue: time steps, Krylov, exact elimination. They share L and nothing else.
#include <catch2/catch.hpp>
#include <cmath>

#include "workload/gk/initial_value.hpp"
#include "workload/gk/krylov.hpp"
#include "workload/gk/moment_direct.hpp"

using namespace assay::workload::gk;

namespace {

Spec cyclone(int nl, int nm) {
  Spec s;
  s.nl = nl, s.nm = nm;
  return s;
}

double phi_distance(const Eigenpair& a, const Eigenpair& b) {
  double largest = 0.0;
  for (std::size_t z = 0; z < a.phi.size(); ++z) largest = std::max(largest, std::abs(a.phi[z] - b.phi[z]));
  return largest;
}

}  // namespace

TEST_CASE("Cyclone ky 0.3, 4 x 8: the three routes give one eigenvalue and one eigenfunction") {
  const OperatorOptions dropped{.nyquist = Nyquist::dropped};
  const auto direct = solve_moment_direct(cyclone(4, 8));
  const auto krylov = solve_krylov(cyclone(4, 8), {.op = dropped, .residual = 1e-9});
  const auto stepped = solve_initial_value(cyclone(4, 8), {.op = dropped, .residual = 1e-8});
  for (const auto* e : {&direct, &krylov, &stepped}) {
    CHECK(e->converged);
    CHECK(e->gamma() == Approx(0.1012866).margin(1e-7));
    CHECK(e->omega() == Approx(0.2454961).margin(1e-7));
    CHECK(std::abs(e->lambda - direct.lambda) < 1e-8);
    CHECK(phi_distance(*e, direct) < 1e-6);
  }
}

TEST_CASE("full elimination keeps the Nyquist mode and agrees with Krylov") {
  Spec spec = cyclone(2, 5);
  spec.grid = {.ntheta = 16, .nperiod = 1};
  spec.kx = 0.1;
  spec.species[0].nu = 0.02;
  const auto direct = solve_moment_direct(spec, {.parity = PhiParity::full});
  const auto krylov = solve_krylov(spec, {.residual = 1e-10});
  CHECK(direct.converged);
  CHECK(krylov.converged);
  CHECK(std::abs(direct.lambda - krylov.lambda) < 1e-9);
}

TEST_CASE("kinetic electrons: elimination of each species agrees with Krylov") {
  Spec spec = cyclone(3, 6);
  spec.grid = {.ntheta = 16, .nperiod = 1};
  spec.species.push_back({.name = "electron", .charge = -1.0, .mass = 0.02, .temperature = 1.0, .nu = 0.01});
  spec.tau = 0.0;
  const auto krylov = solve_krylov(spec, {.op = {.nyquist = Nyquist::dropped}, .residual = 1e-9});
  const auto direct = solve_moment_direct(spec, {.guess = krylov.lambda * 1.02});
  CHECK(krylov.converged);
  CHECK(direct.converged);
  CHECK(std::abs(direct.lambda - krylov.lambda) < 1e-8);
}

TEST_CASE("the direct route refuses what it cannot eliminate") {
  Spec spec = cyclone(2, 4);
  spec.kx = 0.2;
  CHECK_THROWS_AS(solve_moment_direct(spec), std::invalid_argument);
  spec = cyclone(2, 4);
  spec.beta = 0.01;
  spec.a_parallel = true;
  CHECK_THROWS_AS(solve_moment_direct(spec), std::invalid_argument);
}
