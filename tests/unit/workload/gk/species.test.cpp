// Several species and electromagnetic fields through the same operator: ETG, the slab Alfven wave, symmetry of
// H = M G.
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "workload/gk/dense.hpp"
#include "workload/gk/krylov.hpp"

using namespace assay::workload::gk;

namespace {

Spec electromagnetic_slab() {
  Spec s;
  s.geometry.model = GeometryModel::slab;
  s.geometry.s_hat = 0.0;
  s.geometry.z0 = 10.0;  // k_par = 0.1 for exp(i z)
  s.grid = {.ntheta = 4, .nperiod = 1, .boundary = Boundary::periodic};
  s.nl = 6, s.nm = 40;
  s.ky = 0.5;
  s.tau = 0.0;
  s.beta = 0.05;
  s.a_parallel = true;
  s.species[0].a_LT = s.species[0].a_Ln = 0.0;
  s.species.push_back(
      {.name = "electron", .charge = -1.0, .mass = 0.001, .temperature = 1.0, .a_LT = 0.0, .a_Ln = 0.0});
  return s;
}

/// int v^n w/(w - k v) over the Maxwellian, n = 0, 1, 2; the pole is below the axis for growing w, and for the
/// weakly damped waves here the trapezoidal rule runs along a line shifted below it.
Complex plasma_moment(int n, Complex w, double k) {
  const double step = 0.01;
  Complex sum = 0.0;
  for (int i = -1600; i <= 1600; ++i) {
    const Complex v(i * step, -1.0);
    sum += std::pow(v, n) * std::exp(-0.5 * v * v) * w / (w - k * v) * step;
  }
  return sum / std::sqrt(2.0 * std::numbers::pi);
}

/// Determinant of quasineutrality and Ampere's law for phi and A_par.
Complex alfven_determinant(const Spec& s, Complex w, double k_par) {
  Complex a11 = 0.0, a12 = 0.0, a21 = 0.0, a22 = s.ky * s.ky;
  for (const Species& p : s.species) {
    const double vth = std::sqrt(p.temperature / p.mass), b = s.ky * s.ky * p.temperature * p.mass;
    const double gamma0 = std::exp(-b) * std::cyl_bessel_i(0.0, b),
                 zz = p.density * p.charge * p.charge / p.temperature;
    const Complex m0 = plasma_moment(0, w, k_par * vth), m1 = plasma_moment(1, w, k_par * vth),
                  m2 = plasma_moment(2, w, k_par * vth);
    a11 += zz * (1.0 - gamma0 * m0);
    a12 += zz * gamma0 * vth * m1;
    a21 -= 0.5 * s.beta * zz * gamma0 * vth * m1;
    a22 += 0.5 * s.beta * zz * gamma0 * vth * vth * m2;
  }
  return a11 * a22 - a12 * a21;
}

Complex alfven_root(const Spec& s, Complex w, double k_par) {
  Complex previous = 1.01 * w, f_previous = alfven_determinant(s, previous, k_par);
  for (int i = 0; i < 40 && std::abs(w - previous) > 1e-13; ++i) {
    const Complex f = alfven_determinant(s, w, k_par), next = w - f * (w - previous) / (f - f_previous);
    previous = w, f_previous = f, w = next;
  }
  return w;
}

/// Eigenvalue of the operator restricted to exp(i z) that is closest to a frequency w (lambda = -i w).
Complex closest_eigenvalue(const Spec& s, Complex w) {
  const Operator op = make_operator(s);
  const std::size_t n = op.size() / op.nz();
  std::vector<Complex> matrix(n * n), g(op.size()), image(op.size());
  Workspace work;
  for (std::size_t c = 0; c < n; ++c) {
    std::fill(g.begin(), g.end(), 0.0);
    for (int z = 0; z < op.nz(); ++z) g[c * op.nz() + z] = std::polar(1.0, op.geometry.z[z]);
    apply(op, Tier::floor, g, image, work);
    for (std::size_t r = 0; r < n; ++r)
      matrix[c * n + r] = image[r * op.nz()] / std::polar(1.0, op.geometry.z[0]);
  }
  const auto values = dense_eigen(matrix, static_cast<int>(n), EigenVectors::no).values;
  Complex best = values[0];
  for (const Complex value : values) {
    if (std::abs(Complex(0.0, 1.0) * value - w) < std::abs(Complex(0.0, 1.0) * best - w)) best = value;
  }
  return Complex(0.0, 1.0) * best;
}

}  // namespace

TEST_CASE("the slab Alfven wave is the root of its dispersion relation") {
  const Spec s = electromagnetic_slab();
  const double alfven = 0.1 * std::sqrt(2.0 / s.beta);
  const Complex exact = alfven_root(s, {alfven, -0.01}, 0.1);
  INFO(exact.real() << " " << exact.imag());
  CHECK(std::abs(exact.real()) > 0.5 * alfven);
  // Landau damping is a limit of many Hermite moments: 0.15 % at 40.
  CHECK(std::abs(closest_eigenvalue(s, exact) - exact) < 3e-3 * std::abs(exact));
}

TEST_CASE("H = M G is symmetric with all fields, so that the free energy exists") {
  Spec spec = electromagnetic_slab();
  spec.geometry = {};
  spec.b_parallel = true;
  const Operator op = make_operator(spec);
  std::mt19937 bits(5);
  std::normal_distribution<double> normal;
  std::vector<Complex> x(op.size()), y(op.size());
  for (auto& value : x) value = {normal(bits), normal(bits)};
  for (auto& value : y) value = {normal(bits), normal(bits)};
  Workspace work;
  const auto mx = non_adiabatic(op, x, work), my = non_adiabatic(op, y, work);
  Complex xy = 0.0, yx = 0.0, plain = 0.0;
  for (int s = 0; s < op.tables.ns; ++s) {
    const double weight = spec.species[s].density * spec.species[s].temperature;
    for (std::size_t i = op.at(s, 0, 0, 0); i < op.at(s + 1, 0, 0, 0); ++i) {
      xy += weight * std::conj(x[i]) * my[i];
      yx += weight * std::conj(mx[i]) * y[i];
      plain += weight * std::conj(x[i]) * y[i];
    }
  }
  CHECK(std::abs(xy - yx) < 1e-12 * std::abs(xy));
  CHECK(std::abs(xy - plain) > 1e-3 * std::abs(xy));
}

TEST_CASE("ETG with Boltzmann ions at ky 20 is within 0.1 % of the GX figure") {
  // omega -18.525770, gamma 6.185807: GX, as stored by uwplasma/SPECTRAX-GK at commit 2894f489
  // (src/gkx/data/etg_reference.csv), 24 x 8 moments.
  Spec s;
  s.nl = 24, s.nm = 8;
  s.ky = 20.0;
  s.end_damping_rate = 0.0;
  s.species = {
      {.name = "electron", .charge = -1.0, .mass = 2.7e-4, .temperature = 1.0, .a_LT = 2.49, .a_Ln = 0.8}};
  const auto e = solve_krylov(s, {.residual = 1e-4});
  CHECK(e.converged);
  CHECK(e.gamma() == Approx(6.185807).epsilon(1e-3));
  CHECK(e.omega() == Approx(-18.525770).epsilon(1e-3));
}
