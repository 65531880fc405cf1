// Twist and shift: a field line cut into links, each with a radial wavenumber of its own, is the line in the
// extended angle.
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "workload/gk/geometry.hpp"
#include "workload/gk/krylov.hpp"
#include "workload/gk/moment_direct.hpp"
#include "workload/gk/mu_direct.hpp"

using namespace assay::workload::gk;

namespace {

GeometrySpec shaped() {
  GeometrySpec s{.model = GeometryModel::miller, .q = 1.389, .s_hat = 0.751, .R0 = 2.8};
  s.R_geo = 2.85, s.shift = -0.157, s.kappa = 1.47, s.kappa_prime = -0.07, s.delta = 0.2, s.delta_prime = 0.1;
  s.beta_prime = -0.05;
  return s;
}

Spec linked(const GeometrySpec& geometry, int links, int nperiod, double kx = 0.0) {
  Spec s;
  s.geometry = geometry;
  s.grid = {.ntheta = 12, .nperiod = nperiod, .links = links};
  s.nl = 3, s.nm = 6, s.nmu = 4;
  s.kx = kx;
  return s;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0.0;
  for (std::size_t j = 0; j < a.size(); ++j) largest = std::max(largest, std::abs(a[j] - b[j]));
  return largest;
}

/// |<a, b>| / (|a| |b|): 1 for the same function up to a factor.
double alignment(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  Complex overlap = 0.0;
  double aa = 0.0, bb = 0.0;
  for (std::size_t j = 0; j < a.size(); ++j)
    overlap += std::conj(a[j]) * b[j], aa += std::norm(a[j]), bb += std::norm(b[j]);
  return std::abs(overlap) / std::sqrt(aa * bb);
}

}  // namespace

TEST_CASE("links of one period have the profiles of the extended angle") {
  GeometrySpec pressed;
  pressed.alpha = 0.4;
  for (const GeometrySpec& geometry : {GeometrySpec{}, pressed, shaped()}) {
    for (const double kx : {0.0, 0.17}) {
      for (const int nperiod : {2, 3}) {
        const Spec chain = linked(geometry, 2 * nperiod - 1, 1, kx), line = linked(geometry, 1, nperiod, kx);
        const Geometry c = make_geometry(chain.geometry, chain.grid),
                       l = make_geometry(line.geometry, line.grid);
        const ModeProfiles a = mode_profiles(c, 0.3, kx), b = mode_profiles(l, 0.3, kx);
        REQUIRE(c.nz() == l.nz());
        CHECK(largest_difference(c.z, l.z) < 1e-12);
        CHECK(largest_difference(c.bmag, l.bmag) < 1e-9);
        CHECK(largest_difference(a.kperp2, b.kperp2) < 1e-8);
        CHECK(largest_difference(a.omega_cv, b.omega_cv) < 1e-8);
        CHECK(largest_difference(a.omega_gb, b.omega_gb) < 1e-8);
      }
    }
  }
}

TEST_CASE("to the right of the middle link kx falls by 2 pi s_hat ky a period, as in the box of a flux tube") {
  const Spec s = linked({}, 5, 1);
  const Geometry one = make_geometry(s.geometry, {.ntheta = 12, .nperiod = 1}),
                 g = make_geometry(s.geometry, s.grid);
  const double ky = 0.4, step = 2.0 * std::numbers::pi * s.geometry.s_hat * ky;
  const ModeProfiles chain = mode_profiles(g, ky, 0.1);
  for (int link = -2; link <= 2; ++link) {
    const ModeProfiles alone = mode_profiles(one, ky, 0.1 - step * link);
    for (int j = 0; j < 12; ++j) {
      const std::size_t k = 12 * (link + 2) + j;
      CHECK(chain.kperp2[k] == Approx(alone.kperp2[j]).epsilon(1e-12));
      CHECK(chain.omega_cv[k] == Approx(alone.omega_cv[j]).margin(1e-12));
    }
  }
}

TEST_CASE("every route gives the chain the eigenvalue and eigenfunction of the extended angle") {
  for (const GeometrySpec& geometry : {GeometrySpec{}, shaped()}) {
    const Spec chain = linked(geometry, 3, 1), line = linked(geometry, 1, 2);
    const auto same = [](const Eigenpair& joined, const Eigenpair& extended) {
      REQUIRE(joined.converged);
      REQUIRE(extended.converged);
      CHECK(std::abs(joined.lambda - extended.lambda) < 1e-8);
      CHECK(alignment(joined.phi, extended.phi) == Approx(1.0).margin(1e-9));
    };
    same(solve_krylov(chain, {.residual = 1e-10}), solve_krylov(line, {.residual = 1e-10}));
    same(solve_moment_direct(chain), solve_moment_direct(line));
    same(solve_mu_direct(chain), solve_mu_direct(line));
  }
}

TEST_CASE("the links matter: one alone is another mode, and kx off the middle couples all of them") {
  const auto one = solve_mu_direct(linked({}, 1, 1)), three = solve_mu_direct(linked({}, 3, 1));
  CHECK(std::abs(one.lambda - three.lambda) > 1e-3 * std::abs(three.lambda));
  const Spec chain = linked({}, 3, 1, 0.3), line = linked({}, 1, 2, 0.3);
  CHECK(std::abs(solve_mu_direct(chain).lambda - solve_mu_direct(line).lambda) < 1e-8);
  CHECK(std::abs(solve_mu_direct(chain).lambda - three.lambda) > 1e-3 * std::abs(three.lambda));
}

TEST_CASE("an even number of links has no parity, and its start is where kx is its own") {
  const Spec s = linked({}, 2, 1);
  CHECK(parities_of(s) == std::vector<Parity>{Parity::none});
  CHECK(parities_of(linked({}, 3, 1)).size() == 2);
  const auto direct = solve_moment_direct(s, {.parity = PhiParity::full});
  const auto krylov = solve_krylov(s, {.residual = 1e-10});
  CHECK(direct.converged);
  CHECK(krylov.converged);
  CHECK(std::abs(direct.lambda - krylov.lambda) < 1e-8);
}
