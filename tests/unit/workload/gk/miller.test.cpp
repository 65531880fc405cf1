// Miller geometry: limits, identities, and the growth rates of an outside code.
#include "workload/gk/miller.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "workload/gk/krylov.hpp"

using namespace assay::workload::gk;

namespace {

GeometrySpec shaped() {
  GeometrySpec s{.model = GeometryModel::miller, .q = 1.389, .s_hat = 0.751, .R0 = 2.8};
  s.R_geo = 2.85, s.shift = -0.157, s.kappa = 1.47, s.kappa_prime = -0.07, s.delta = 0.2, s.delta_prime = 0.1;
  s.beta_prime = -0.05;
  return s;
}

}  // namespace

TEST_CASE("a circular surface of large aspect ratio approaches s-alpha") {
  GeometrySpec miller{.model = GeometryModel::miller, .R0 = 500.0};
  miller.rhoc = 0.5, miller.R_geo = 500.0;
  GeometrySpec s_alpha{.epsilon = 0.5 / 500.0, .R0 = 500.0};
  const GridSpec grid;
  const Geometry m = make_geometry(miller, grid), a = make_geometry(s_alpha, grid);
  CHECK(m.gradpar == Approx(a.gradpar).epsilon(1e-2));
  for (int j = 0; j < m.nz(); ++j) {
    CHECK(m.bmag[j] == Approx(a.bmag[j]).epsilon(2e-3));
    CHECK(m.gds2[j] == Approx(a.gds2[j]).epsilon(2e-2));
    CHECK(m.gds21[j] == Approx(a.gds21[j]).margin(2e-2 * std::abs(a.gds21[0])));
    CHECK(m.gds22[j] == Approx(a.gds22[j]).epsilon(2e-2));
    CHECK(m.cv[j] * 500.0 == Approx(a.cv[j] * 500.0).margin(0.05));
    CHECK(m.gb0[j] * 500.0 == Approx(a.gb0[j] * 500.0).margin(0.02));
    CHECK(m.bgrad[j] == Approx(a.bgrad[j]).margin(0.02 * 1e-3 * a.gradpar));
  }
}

TEST_CASE("a shaped surface keeps the metric identity") {
  const GeometrySpec s = shaped();
  const Geometry g = make_geometry(s, {});
  const double area = s.s_hat * s.q / s.rhoc * miller_flux_gradient(s);
  for (int j = 0; j < g.nz(); ++j) {
    CHECK(g.gds2[j] * g.gds22[j] - g.gds21[j] * g.gds21[j] ==
          Approx(std::pow(area * g.bmag[j], 2)).epsilon(1e-9));
  }
}

TEST_CASE("bgrad is gradpar dlnB/dz and z is the equal-arc angle") {
  const Geometry g = make_geometry(shaped(), {.ntheta = 512, .nperiod = 1});
  for (int j = 1; j + 1 < g.nz(); ++j) {
    const double slope = (std::log(g.bmag[j + 1]) - std::log(g.bmag[j - 1])) / (2.0 * g.dz);
    CHECK(g.bgrad[j] == Approx(g.gradpar * slope).margin(1e-4 * g.gradpar));
  }
}

TEST_CASE("the radial derivative of the metric is the magnetic shear") {
  const GeometrySpec s = shaped();
  const Geometry g = make_geometry(s, {});
  // gds21/gds22 = -psi' nu_n/(q' P) falls by 2 pi in a period, wherever it is taken.
  for (int j = 0; j + 32 < g.nz(); ++j) {
    const double fall = g.gds21[j] / g.gds22[j] - g.gds21[j + 32] / g.gds22[j + 32];
    CHECK(fall == Approx(2.0 * std::numbers::pi).epsilon(1e-9));
  }
}

TEST_CASE("finite pressure separates curvature from grad-B drift") {
  const GeometrySpec s = shaped();
  const Geometry g = make_geometry(s, {});
  for (int j = 0; j < g.nz(); ++j) {
    CHECK(g.cv[j] - g.gb[j] == Approx(-0.5 * s.beta_prime / (g.bmag[j] * g.bmag[j])));
    CHECK(g.cv0[j] == g.gb0[j]);
  }
}

TEST_CASE("a surface that crosses its neighbours is refused") {
  GeometrySpec s = shaped();
  s.shift = -2.0;
  CHECK_THROWS_AS(make_geometry(s, {}), std::invalid_argument);
}

TEST_CASE("Cyclone Miller at ky 0.3 is within 1.5 % of the GX figure") {
  // gamma 0.12587532, omega 0.21547061: GX, as stored by uwplasma/SPECTRAX-GK at commit 2894f489
  // (docs/_static/cyclone_miller_linear_mismatch.csv). Its chain is longer than one period.
  Spec spec;
  spec.geometry.model = GeometryModel::miller;
  spec.grid = {.ntheta = 24, .nperiod = 2};
  spec.nl = 16, spec.nm = 12;
  spec.hyper_p = 4;
  const auto e = solve_krylov(spec, {.residual = 1e-4});
  CHECK(e.converged);
  CHECK(e.gamma() == Approx(0.12587532).epsilon(0.015));
  CHECK(e.omega() == Approx(0.21547061).epsilon(0.015));
}
