// Exact properties of the gyrokinetic operator, each a statement that holds to rounding or against an outside
// formula.
#include "workload/gk/operator.hpp"
#include "support/random_state.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "workload/gk/dense.hpp"

using namespace assay::workload::gk;
using assay::test::random_state;

namespace {

Spec undamped(int nl, int nm) {
  Spec s;
  s.nl = nl, s.nm = nm;
  s.hyper_nu = 0.0;
  s.end_damping_rate = 0.0;
  s.species[0].a_LT = s.species[0].a_Ln = 0.0;
  return s;
}

std::vector<Complex> applied(const Operator& op, const std::vector<Complex>& g) {
  Workspace work;
  std::vector<Complex> out(op.size());
  apply(op, Tier::floor, g, out, work);
  return out;
}

/// Response function of the slab: what must vanish at a root, by quadrature in (v, u = sqrt(x)).
Complex slab_response(Complex w, double ky, double b, double k_par, double a_LT, double a_Ln) {
  const int nv = 400, nu = 4000;
  const double dv = 20.0 / nv, du = 7.0 / nu;
  double perp = 0.0, perp_x = 0.0;  // int e^-x J0^2 and int e^-x J0^2 x, Simpson's rule in u
  for (int i = 0; i <= nu; ++i) {
    const double u = i * du, x = u * u, j0 = std::cyl_bessel_j(0.0, std::sqrt(2.0 * b * x));
    const double weight = (i == 0 || i == nu ? 1.0 : (i % 2 == 1 ? 4.0 : 2.0)) * du / 3.0;
    perp += weight * 2.0 * u * std::exp(-x) * j0 * j0;
    perp_x += weight * 2.0 * u * std::exp(-x) * j0 * j0 * x;
  }
  Complex sum = 0.0;
  for (int i = 0; i <= nv; ++i) {
    const double v = -10.0 + i * dv, f = std::exp(-0.5 * v * v) / std::sqrt(2.0 * M_PI) * dv;
    const Complex drive = ky * ((a_Ln + a_LT * (0.5 * v * v - 1.5)) * perp + a_LT * perp_x);
    sum += f * (w * perp - drive) / (w - k_par * v);
  }
  return sum;
}

Complex slab_root(Complex w, double tau, double ky, double b, double k_par, double a_LT, double a_Ln) {
  const auto f = [&](Complex x) { return 1.0 + tau - slab_response(x, ky, b, k_par, a_LT, a_Ln); };
  Complex previous = w * 1.01, f_previous = f(previous);
  for (int i = 0; i < 30 && std::abs(w - previous) > 1e-14; ++i) {
    const Complex value = f(w), next = w - value * (w - previous) / (value - f_previous);
    previous = w, f_previous = value, w = next;
  }
  return w;
}

/// Most unstable eigenvalue of the operator restricted to exp(i z), which a slab maps to itself.
Complex slab_eigenvalue(int nl, int nm) {
  Spec s;
  s.geometry.model = GeometryModel::slab;
  s.geometry.s_hat = 0.0;
  s.geometry.z0 = 10.0;
  s.grid = {.ntheta = 8, .nperiod = 1, .boundary = Boundary::periodic};
  s.nl = nl, s.nm = nm;
  s.ky = 0.5;
  s.species[0].a_LT = 10.0;
  const Operator op = make_operator(s);
  const int n = nl * nm;
  std::vector<Complex> matrix(static_cast<std::size_t>(n) * n);
  for (int c = 0; c < n; ++c) {
    std::vector<Complex> g(op.size());
    for (int z = 0; z < op.nz(); ++z) g[c * op.nz() + z] = std::polar(1.0, op.geometry.z[z]);
    const auto image = applied(op, g);
    for (int r = 0; r < n; ++r) {
      const Complex first = image[r * op.nz()] / std::polar(1.0, op.geometry.z[0]);
      for (int z = 0; z < op.nz(); ++z) {
        CHECK(std::abs(image[r * op.nz() + z] - first * std::polar(1.0, op.geometry.z[z])) < 1e-12);
      }
      matrix[static_cast<std::size_t>(c) * n + r] = first;
    }
  }
  Complex best = {-1e9, 0.0};
  for (const Complex lambda : dense_eigen(matrix, n, EigenVectors::no).values) {
    if (lambda.real() > best.real()) best = lambda;
  }
  return best;
}

}  // namespace

TEST_CASE("without fields, drive, mirror and damping the operator is skew") {
  Spec spec = undamped(6, 10);
  spec.kx = 0.15;
  Operator op = make_operator(spec);
  const std::vector<double> zeros(op.size(), 0.0);
  op.tables.w_phi = op.tables.mirror = zeros.data();
  const auto g = random_state(op.size(), 7), dg = applied(op, g);
  Complex overlap = 0.0;
  double scale = 0.0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    overlap += std::conj(g[i]) * dg[i];
    scale += std::abs(g[i]) * std::abs(dg[i]);
  }
  CHECK(std::abs(overlap.real()) < 1e-15 * scale);
  CHECK(std::abs(overlap.imag()) > 1e-3 * scale);
}

TEST_CASE("free energy is conserved with fields and mirror, weight 1/B, on states empty at the truncation") {
  Spec spec = undamped(6, 10);
  Species electrons{
      .name = "electron", .charge = -1.0, .mass = 0.01, .temperature = 1.3, .a_LT = 0.0, .a_Ln = 0.0};
  for (const bool kinetic_electrons : {false, true}) {
    if (kinetic_electrons) spec.species.push_back(electrons), spec.tau = 0.0;
    const Operator op = make_operator(spec);
    auto g = random_state(op.size(), 7);
    for (int s = 0; s < op.tables.ns; ++s) {
      for (int l = 0; l < spec.nl; ++l) {
        for (int m = 0; m < spec.nm; ++m) {
          const bool edge = l == spec.nl - 1 || m >= spec.nm - 2;
          const Complex amplitude = edge ? 0.0 : g[op.at(s, l, m, 0)];
          for (int z = 0; z < op.nz(); ++z) {
            // Smooth in z: products with B must not alias.
            const double x = op.geometry.z[z] - 0.1 * m;
            g[op.at(s, l, m, z)] = amplitude * std::exp(-0.5 * x * x);
          }
        }
      }
    }
    Workspace work;
    const auto h = non_adiabatic(op, g, work), dg = applied(op, g);
    double rate = 0.0, scale = 0.0, unweighted = 0.0;
    for (int s = 0; s < op.tables.ns; ++s) {
      const Species& p = op.spec.species[s];
      for (std::size_t i = op.at(s, 0, 0, 0); i < op.at(s + 1, 0, 0, 0); ++i) {
        const Complex term = p.density * p.temperature * std::conj(h[i]) * dg[i];
        rate += term.real() / op.geometry.bmag[i % op.nz()];
        unweighted += term.real();
        scale += std::abs(term);
      }
    }
    CHECK(std::abs(rate) < 1e-13 * scale);
    CHECK(std::abs(unweighted) > 1e-6 * scale);  // the test can fail: the invariant carries the jacobian
  }
}

TEST_CASE("the truncated Gamma_0 converges to exp(-b) I_0(b)") {
  const Operator op = make_operator({});
  const double expected[] = {7.5e-3, 4.0e-7, 1e-14};
  int which = 0;
  for (const int nl : {4, 8, 16}) {
    const auto tables = gyro_tables(Species{}, op.profiles.kperp2, nl);
    double error = 0.0;
    for (int z = 0; z < op.nz(); ++z) {
      error = std::max(
          error, std::abs(tables.gamma0[z] - std::exp(-tables.b[z]) * std::cyl_bessel_i(0.0, tables.b[z])));
    }
    CHECK(error < 1.05 * expected[which]);
    if (nl < 16) CHECK(error > 0.95 * expected[which]);
    ++which;
  }
}

TEST_CASE("the slab eigenvalue is the root of the dispersion relation") {
  const Complex exact = slab_root({0.4, 0.15}, 1.0, 0.5, 0.25, 0.1, 10.0, 0.8);
  CHECK(std::abs(exact - Complex(0.39107972, 0.16504653)) < 1e-8);  // the same root, from other software
  const auto distance = [&](int nl, int nm) {
    const Complex lambda = slab_eigenvalue(nl, nm);
    return std::abs(Complex(-lambda.imag(), lambda.real()) - exact);
  };
  CHECK(distance(4, 8) < 1e-3);
  CHECK(distance(8, 16) < 1e-6);
  CHECK(distance(8, 32) < 1e-9);
}

TEST_CASE("for kx = 0 the operator keeps both halves of z -> -z, m -> (-1)^m apart") {
  Spec spec;
  spec.nl = 3, spec.nm = 7;
  spec.species[0].nu = 0.02;
  for (const Nyquist nyquist : {Nyquist::dropped, Nyquist::kept}) {
    const Operator op = make_operator(spec, {.nyquist = nyquist});
    auto g = random_state(op.size(), 7);
    const auto reflected = [&](const std::vector<Complex>& x, int l, int m, int z) {
      const Complex value = x[op.at(0, l, m, (op.nz() - z) % op.nz())];
      return m % 2 == 0 ? value : -value;
    };
    auto even = g;
    for (int l = 0; l < spec.nl; ++l) {
      for (int m = 0; m < spec.nm; ++m) {
        for (int z = 0; z < op.nz(); ++z) even[op.at(0, l, m, z)] += reflected(g, l, m, z);
      }
    }
    const auto image = applied(op, even);
    double broken = 0.0, scale = 0.0;
    for (int l = 0; l < spec.nl; ++l) {
      for (int m = 0; m < spec.nm; ++m) {
        for (int z = 0; z < op.nz(); ++z) {
          broken = std::max(broken, std::abs(image[op.at(0, l, m, z)] - reflected(image, l, m, z)));
          scale = std::max(scale, std::abs(image[op.at(0, l, m, z)]));
        }
      }
    }
    if (nyquist == Nyquist::dropped) CHECK(broken < 1e-14 * scale);
    if (nyquist == Nyquist::kept) CHECK(broken > 1e-6 * scale);  // a random state does contain the Nyquist mode
  }
}

TEST_CASE("a spec without meaning is refused") {
  Spec spec;
  spec.species.clear();
  CHECK_THROWS_AS(make_operator(spec), std::invalid_argument);
  spec = {};
  spec.nm = 1;
  CHECK_THROWS_AS(make_operator(spec), std::invalid_argument);
}
