// The Mercier-Luc integrals of miller.hpp, from theta = 0 to pi; the other half follows by symmetry.
// SPDX-License-Identifier: MIT
#include "workload/gk/miller.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace assay::workload::gk {
namespace {

constexpr double pi = std::numbers::pi;
constexpr int points = 8192;

/// The surface at one theta: major radius, arc length and its normal, curvature, and J = R_rho Z_theta - Z_rho
/// R_theta.
struct SurfacePoint {
  double r, arc, normal_r, curvature, jacobian;
};

SurfacePoint surface(const GeometrySpec& s, double theta) {
  const double x = std::asin(s.delta), x_rho = s.delta_prime / std::sqrt(1.0 - s.delta * s.delta);
  const double sine = std::sin(theta), cosine = std::cos(theta);
  const double angle = theta + x * sine, turn = 1.0 + x * cosine;
  const double r_theta = -s.rhoc * std::sin(angle) * turn, z_theta = s.kappa * s.rhoc * cosine;
  const double r_2 = -s.rhoc * (std::cos(angle) * turn * turn - std::sin(angle) * x * sine);
  const double z_2 = -s.kappa * s.rhoc * sine;
  const double r_rho = s.shift + std::cos(angle) - s.rhoc * std::sin(angle) * sine * x_rho;
  const double z_rho = (s.kappa + s.kappa_prime * s.rhoc) * sine;
  const double arc = std::hypot(r_theta, z_theta);
  return {.r = s.R0 + s.rhoc * std::cos(angle),
          .arc = arc,
          .normal_r = z_theta / arc,
          .curvature = (r_theta * z_2 - z_theta * r_2) / (arc * arc * arc),
          .jacobian = r_rho * z_theta - z_rho * r_theta};
}

double theta_at(int i) {
  return pi * i / points;
}

/// psi' = F/(pi q) int_0^pi J/R dtheta, by the trapezoidal rule (exponentially accurate: even and periodic).
double flux_gradient(const GeometrySpec& s) {
  double sum = 0.0;
  for (int i = 0; i <= points; ++i) {
    const SurfacePoint p = surface(s, theta_at(i));
    if (!(p.jacobian > 0.0) || !(p.r > 0.0)) {
      throw std::invalid_argument(
          "Miller geometry: neighbouring surfaces cross (shift, kappa_prime, delta_prime)");
    }
    sum += (i == 0 || i == points ? 0.5 : 1.0) * p.jacobian / p.r;
  }
  return s.R_geo / (pi * s.q) * sum * pi / points;
}

/// Integrals from 0 to each theta: field-line length, and the two parts of nu_n/P (with and without F').
struct Integrals {
  std::vector<double> length, fixed, per_f_prime;
};

struct FieldPoint {
  double p, b_poloidal, b_toroidal, b;
};

FieldPoint field(const GeometrySpec& s, const SurfacePoint& x, double psi_prime) {
  const double p = psi_prime * x.arc / x.jacobian, bp = p / x.r, bt = s.R_geo / x.r;
  return {p, bp, bt, std::hypot(bp, bt)};
}

double pressure_gradient(const GeometrySpec& s, double psi_prime) {
  return 0.5 * s.beta_prime / psi_prime;
}

Integrals integrate(const GeometrySpec& s, double psi_prime) {
  Integrals sum;
  double length = 0.0, fixed = 0.0, per_f = 0.0, last[3] = {};
  for (int i = 0; i <= points; ++i) {
    const SurfacePoint x = surface(s, theta_at(i));
    const FieldPoint b = field(s, x, psi_prime);
    const double f = s.R_geo, p3 = b.p * b.p * b.p;
    const double now[3] = {x.arc * b.b / b.b_poloidal,
                           x.arc * (f * x.r * pressure_gradient(s, psi_prime) / p3 +
                                    2.0 * f * (x.curvature - x.normal_r / x.r) / (x.r * b.p * b.p)),
                           x.arc * (1.0 + f * f / (b.p * b.p)) / (x.r * b.p)};
    if (i > 0) {
      length += 0.5 * (now[0] + last[0]) * pi / points;
      fixed += 0.5 * (now[1] + last[1]) * pi / points;
      per_f += 0.5 * (now[2] + last[2]) * pi / points;
    }
    for (int k = 0; k < 3; ++k) last[k] = now[k];
    sum.length.push_back(length), sum.fixed.push_back(fixed), sum.per_f_prime.push_back(per_f);
  }
  return sum;
}

/// theta and interpolation weight of the fine point where the field-line length is `length`.
struct Place {
  int below;
  double weight;
};

Place locate(const std::vector<double>& lengths, double length) {
  int low = 0, high = points;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    (lengths[middle] <= length ? low : high) = middle;
  }
  return {low, (length - lengths[low]) / (lengths[high] - lengths[low])};
}

}  // namespace

double miller_flux_gradient(const GeometrySpec& spec) {
  return flux_gradient(spec);
}

void fill_miller(const GeometrySpec& s, Geometry& g) {
  const double psi_prime = flux_gradient(s), p_prime = pressure_gradient(s, psi_prime);
  const double q_prime = s.s_hat * s.q / s.rhoc;
  const Integrals sums = integrate(s, psi_prime);
  const double half_turn = pi * q_prime / psi_prime;  // what nu_n/P gains from 0 to pi
  const double f_prime = (half_turn - sums.fixed.back()) / sums.per_f_prime.back();
  const double total = sums.length.back();
  g.gradpar = pi / total;
  for (int j = 0; j < g.nz(); ++j) {
    const double turns = std::round(g.z[j] / (2.0 * pi)), local = g.z[j] - 2.0 * pi * turns;
    const double side = local < 0.0 ? -1.0 : 1.0;
    const Place at = locate(sums.length, std::abs(local) / pi * total);
    const auto read = [&](const std::vector<double>& x) {
      return (1.0 - at.weight) * x[at.below] + at.weight * x[at.below + 1];
    };
    const SurfacePoint x = surface(s, theta_at(at.below) + at.weight * pi / points);
    const FieldPoint b = field(s, x, psi_prime);
    const double nu_l = s.R_geo / (x.r * b.p);
    const double nu_n =
        b.p * (side * (read(sums.fixed) + f_prime * read(sums.per_f_prime)) + 2.0 * half_turn * turns);
    const double b_normal = -(b.p * p_prime + b.b_poloidal * b.b_poloidal * x.curvature +
                              b.b_toroidal * b.b_toroidal * x.normal_r / x.r) /
                            b.b;
    // dB/dl by a centred difference of the exact B(theta).
    const double theta = theta_at(at.below) + at.weight * pi / points, step = 1e-4;
    const double b_l =
        side *
        (field(s, surface(s, theta + step), psi_prime).b - field(s, surface(s, theta - step), psi_prime).b) /
        (2.0 * step * x.arc);
    g.bmag[j] = b.b;
    g.bgrad[j] = b.b_poloidal / b.b * b_l / b.b;
    g.gds2[j] = psi_prime * psi_prime * (1.0 / (x.r * x.r) + nu_l * nu_l + nu_n * nu_n);
    g.gds21[j] = -psi_prime * q_prime * nu_n * b.p;
    g.gds22[j] = q_prime * q_prime * b.p * b.p;
    const double bt_b = b.b_toroidal / b.b;
    g.gb[j] = psi_prime * (-b_normal / (b.p * b.b) + bt_b * b_l * nu_n / (b.b * b.b));
    g.cv[j] = g.gb[j] - 0.5 * s.beta_prime / (b.b * b.b);
    g.gb0[j] = g.cv0[j] = -q_prime * bt_b * b_l * b.p / (b.b * b.b);
    g.jacobian[j] = psi_prime / (g.gradpar * b.b);
    g.grho[j] = x.arc / x.jacobian;
  }
}

}  // namespace assay::workload::gk
