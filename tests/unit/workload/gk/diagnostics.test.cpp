// Diagnostics of converged modes: identities that hold for any of them.
#include "workload/gk/diagnostics.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "workload/gk/krylov.hpp"

using namespace assay::workload::gk;

namespace {

Spec cyclone() {
  Spec s;
  s.nl = 4, s.nm = 8;
  return s;
}

Spec two_species() {
  Spec s = cyclone();
  s.grid = {.ntheta = 16, .nperiod = 1};
  s.nl = 3, s.nm = 6;
  s.species.push_back(
      {.name = "electron", .charge = -1.0, .mass = 0.02, .temperature = 1.2, .density = 1.0, .nu = 0.02});
  s.tau = 0.0;
  return s;
}

}  // namespace

TEST_CASE("the free-energy terms of a mode add up to its growth rate") {
  for (const Spec& spec : {cyclone(), two_species()}) {
    const Operator op = make_operator(spec);
    const auto e = solve_krylov(spec, {.residual = 1e-9});
    const auto balance = free_energy_balance(op, e.state);
    CHECK(e.converged);
    CHECK(balance.energy > 0.0);
    CHECK(balance.total() == Approx(e.gamma()).epsilon(1e-6));
    CHECK(balance.drive > 0.0);
    CHECK(balance.end_damping < 0.0);
    const bool collisional = spec.species.size() > 1;
    CHECK((collisional ? balance.collisions < 0.0 : balance.collisions == 0.0));
    CHECK(balance.imbalance(e.gamma()) < 1e-6);
    CHECK(balance.hypercollisions < 0.0);
    CHECK(std::abs(balance.drifts) < 1e-13);
    CHECK(std::abs(balance.closure()) < 0.3 * balance.drive);
  }
}

TEST_CASE("weights do not depend on the amplitude, and ITG carries heat outward") {
  const Operator op = make_operator(cyclone());
  auto e = solve_krylov(cyclone(), {.residual = 1e-8});
  const auto w = quasilinear_weights(op, e.state);
  for (auto& x : e.state) x *= Complex(0.0, 1e-7);
  const auto scaled = quasilinear_weights(op, e.state);
  CHECK(w.heat_flux[0] > 0.0);
  CHECK(scaled.heat_flux[0] == Approx(w.heat_flux[0]));
  CHECK(scaled.kperp2_eff == Approx(w.kperp2_eff));
  CHECK(w.kperp2_eff > 0.3 * 0.3);  // secular shear adds to ky^2
  CHECK(std::abs(w.particle_flux[0]) < 1e-12);
  double norm = 0.0;
  for (const Complex value : e.phi) norm += std::norm(value);
  CHECK(w.eigenfunction_norm == Approx(std::sqrt(norm)));
}

TEST_CASE("with kinetic electrons the particle fluxes are ambipolar") {
  const Operator op = make_operator(two_species());
  const auto e = solve_krylov(two_species(), {.residual = 1e-9});
  const auto w = quasilinear_weights(op, e.state);
  CHECK(std::abs(w.particle_flux[0]) > 1e-6);
  CHECK(w.particle_flux[0] == Approx(w.particle_flux[1]).epsilon(1e-9));
}

TEST_CASE("tail shares see what sits in the last moments") {
  const Operator op = make_operator(cyclone());
  std::vector<Complex> g(op.size());
  g[op.at(0, 0, 0, 5)] = 3.0;
  g[op.at(0, 3, 7, 5)] = 1.0;
  CHECK(tail_shares(op, g).last_l == Approx(0.1));
  CHECK(tail_shares(op, g).last_m == Approx(0.1));
}
