#include "workload/gk/mu_direct.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "unit/workload/gk/gk_mu/points.hpp"

using namespace gk_mu_test;

TEST_CASE("the dominant mode is the one of the dense operator, on random small points") {
  int unstable = 0;
  int stable = 0;
  int odd = 0;
  for (unsigned seed = 0; seed < 40; ++seed) {
    const Spec s = random_point(seed);
    const auto values = all_eigenvalues(MuOperator(s, MuNodes::legendre_in_sqrt));
    const MuDirectResult r = solve_mu_direct(s);
    CAPTURE(seed, values[0], r.lambda, r.residual, r.verification);
    CHECK(r.converged);
    CHECK(r.residual < 1e-8);
    if (values[0].real() > 0.01 * drive_frequency(s)) {
      ++unstable;
      odd += r.parity == Parity::odd ? 1 : 0;
      CHECK(r.verified);
      CHECK(std::abs(r.lambda - values[0]) < 1e-7);
    } else {
      ++stable;
      double nearest = 1.0;
      for (auto value : values) nearest = std::min(nearest, std::abs(value - r.lambda));
      CHECK(nearest < 1e-7);
    }
  }
  CHECK(unstable > 10);
  CHECK(stable > 0);
  INFO("odd parity dominates in " << odd);
  CHECK(odd > 0);
}

TEST_CASE("slab: the kinetic dispersion relation") {
  Spec s;
  s.geometry.model = GeometryModel::slab;
  s.geometry.s_hat = 0.0;
  s.geometry.z0 = 10.0;  // one wave on the grid is k_par = 0.1
  s.grid = {.ntheta = 3, .nperiod = 1, .boundary = Boundary::periodic};
  s.ky = 0.5;
  s.species[0].a_LT = 10.0;
  s.nmu = 24;
  s.nm = 32;
  const MuDirectResult r = solve_mu_direct(s);  // mu > 12 is left out: exp(-12) = 6e-6
  REQUIRE(r.converged);
  CHECK(r.omega() == Approx(0.39107972).epsilon(1e-5));
  CHECK(r.gamma() == Approx(0.16504653).epsilon(1e-5));
}

TEST_CASE("Cyclone at 16 Laguerre nodes and 48 moments: the published digits") {
  MuDirectOptions o;
  o.nodes = MuNodes::laguerre;
  const MuDirectResult r = solve_mu_direct(cyclone(0.3, 16, 48, 32), o);
  REQUIRE(r.converged);
  CHECK(r.gamma() == Approx(0.093502).margin(2e-6));
  CHECK(r.omega() == Approx(0.282144).margin(2e-6));
}

TEST_CASE("Cyclone on one period: a per cent from the moment basis, and the close rival is reported") {
  const MuDirectResult fine = solve_mu_direct(cyclone(0.3, 32, 32, 32, 1));
  REQUIRE(fine.converged);
  CHECK(fine.gamma() == Approx(0.107309).margin(2e-5));  // another discretisation of the mirror force
  CHECK(fine.omega() == Approx(0.274115).margin(2e-5));
  REQUIRE_FALSE(fine.rivals.empty());  // one per cent less growth, but another frequency
  CHECK(fine.rivals[0].real() == Approx(0.1063).margin(1e-4));
  CHECK(-fine.rivals[0].imag() == Approx(0.2234).margin(1e-4));
  CHECK(fine.gamma() == Approx(0.107005).epsilon(0.01));  // 20 x 48 moments, the operator's own basis
  CHECK(fine.omega() == Approx(0.274330).epsilon(0.01));
}

TEST_CASE("Cyclone, cheap resolution: within 2 per cent of the converged figures") {
  const double table[][3] = {{0.1, 0.031112, 0.080035},
                             {0.2, 0.073955, 0.178714},
                             {0.3, 0.092163, 0.284113},
                             {0.4, 0.079386, 0.380332}};
  for (const auto& row : table) {
    const MuDirectResult r = solve_mu_direct(cyclone(row[0], 16, 24, 20));
    CAPTURE(row[0], r.verification);
    CHECK(r.converged);
    CHECK(r.verified);
    CHECK(r.parity == Parity::even);
    CHECK(r.gamma() == Approx(row[1]).epsilon(0.02));
    CHECK(r.omega() == Approx(row[2]).epsilon(0.005));
    CHECK(r.weights.heat_flux.at(0) > 0.0);
    CHECK(r.weights.particle_flux.at(0) == Approx(0.0).margin(1e-9));
    CHECK(r.weights.kperp2_eff > row[0] * row[0] * 0.7);
  }
}

TEST_CASE("the same point gives the same bits, alone or after others, and continuation follows a mode") {
  const Spec s = cyclone(0.25, 8, 12, 12);
  const MuDirectResult alone = solve_mu_direct(s);
  (void)solve_mu_direct(cyclone(0.4, 8, 12, 12));
  const MuDirectResult again = solve_mu_direct(s);
  CHECK(std::memcmp(&alone.lambda, &again.lambda, sizeof alone.lambda) == 0);
  CHECK(alone.phi == again.phi);
  MuDirectOptions o;
  o.initial_guess = alone.lambda * 1.05;
  o.parity = alone.parity;
  const MuDirectResult continued = solve_mu_direct(s, o);
  CHECK(continued.converged);
  CHECK_FALSE(continued.verified);
  CHECK(std::abs(continued.lambda - alone.lambda) < 1e-9);
}

TEST_CASE("a stop request ends the work with an unconverged result that says so") {
  MuDirectOptions o;
  o.progress = [](const SolveProgress&) { return false; };
  const MuDirectResult r = solve_mu_direct(cyclone(0.3, 8, 12, 12), o);
  CHECK_FALSE(r.converged);
  CHECK(r.unconverged_because.find("stopped") != std::string::npos);
}

TEST_CASE("electron-scale and kinetic-electron points converge, are verified, and drift the right way") {
  Spec etg = cyclone(20.0, 12, 16, 16);
  etg.species = {Species{.name = "electron", .charge = -1.0, .mass = 2.7e-4}};
  etg.end_damping_rate = 0.0;
  const MuDirectResult fast = solve_mu_direct(etg);
  CHECK(fast.converged);
  CHECK(fast.verified);
  CHECK(fast.gamma() > 0.0);
  CHECK(fast.omega() < 0.0);
  // Mass and charge only rescale: the same mode as the ion-scale one at ky rho.
  const double root_mass = std::sqrt(2.7e-4);
  Spec itg = cyclone(20.0 * root_mass, 12, 16, 16);
  itg.end_damping_rate = 0.0;
  const MuDirectResult slow = solve_mu_direct(itg);
  CHECK(fast.gamma() * root_mass == Approx(slow.gamma()).epsilon(1e-8));
  CHECK(fast.omega() * root_mass == Approx(-slow.omega()).epsilon(1e-8));

  Spec kinetic = cyclone(0.5, 8, 12, 12);
  kinetic.species.push_back(Species{.name = "electron", .charge = -1.0, .mass = 2.7e-4});
  kinetic.tau = 0.0;
  const MuDirectResult electrostatic = solve_mu_direct(kinetic);
  CHECK(electrostatic.converged);
  CHECK(electrostatic.verified);
  kinetic.beta = 1e-5;
  kinetic.a_parallel = true;
  const MuDirectResult weak = solve_mu_direct(kinetic);
  CHECK(weak.converged);
  CHECK(std::abs(weak.lambda - electrostatic.lambda) < 1e-3 * std::abs(weak.lambda));
  CHECK(weak.lambda != electrostatic.lambda);
}

TEST_CASE("a point without drive has no unstable mode and says so") {
  Spec s = cyclone(0.3, 6, 10, 12);
  s.species[0].a_LT = s.species[0].a_Ln = 0.0;
  const MuDirectResult r = solve_mu_direct(s);
  CHECK_FALSE(r.unstable);
  CHECK(r.unstable_modes == 0);
  CHECK(r.verified);
}

TEST_CASE("full verification counts at the resolution of the answer") {
  MuDirectOptions o;
  o.verification = MuVerification::full;
  const MuDirectResult r = solve_mu_direct(cyclone(0.3, 10, 16, 12), o);
  CHECK(r.verified);
  CHECK(r.verification.find("at full resolution 0 above") != std::string::npos);
}

TEST_CASE("a hundred Hermite moments converge like fifty") {
  const MuDirectResult few = solve_mu_direct(cyclone(0.3, 6, 48, 24, 1)),
                       many = solve_mu_direct(cyclone(0.3, 6, 96, 24, 1));
  CHECK(few.converged);
  CHECK(many.converged);
  CHECK(std::abs(many.lambda - few.lambda) < 0.02 * std::abs(few.lambda));
}
