// The s-alpha and slab tables; Miller lives in miller.cpp because it is a computation of its own.
// SPDX-License-Identifier: MIT
#include "workload/gk/geometry.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "workload/gk/miller.hpp"

namespace assay::workload::gk {
namespace {

void fill_s_alpha(const GeometrySpec& s, Geometry& g) {
  g.gradpar = 1.0 / (s.q * s.R0);
  for (int j = 0; j < g.nz(); ++j) {
    const double z = g.z[j];
    const double b = 1.0 / (1.0 + s.epsilon * std::cos(z));
    const double sh = s.s_hat * z - s.alpha * std::sin(z);
    g.bmag[j] = b;
    g.bgrad[j] = g.gradpar * s.epsilon * std::sin(z) * b;
    g.gds2[j] = 1.0 + sh * sh;
    g.gds21[j] = -s.s_hat * sh;
    g.gds22[j] = s.s_hat * s.s_hat;
    g.cv[j] = g.gb[j] = (std::cos(z) + sh * std::sin(z)) / s.R0;
    g.cv0[j] = g.gb0[j] = -s.s_hat * std::sin(z) / s.R0;
    g.jacobian[j] = 1.0 / (g.gradpar * b);
    g.grho[j] = 1.0;
  }
}

void fill_slab(const GeometrySpec& s, Geometry& g) {
  g.gradpar = s.z0 > 0.0 ? 1.0 / s.z0 : 1.0;
  g.kperp2_over_b2 = false;
  for (int j = 0; j < g.nz(); ++j) {
    const double z = g.z[j];
    g.bmag[j] = 1.0;
    g.gds2[j] = 1.0 + s.s_hat * z * s.s_hat * z;
    g.gds21[j] = -s.s_hat * s.s_hat * z;
    g.gds22[j] = s.s_hat == 0.0 ? 1.0 : s.s_hat * s.s_hat;
    g.jacobian[j] = 1.0 / g.gradpar;
    g.grho[j] = 1.0;
  }
}

std::array<std::vector<double>*, 11> profiles_of(Geometry& g) {
  return {&g.bmag, &g.bgrad, &g.gds2, &g.gds21, &g.gds22, &g.cv, &g.gb, &g.cv0, &g.gb0, &g.jacobian, &g.grho};
}

/// Links side by side: each profile repeated, z and the shift of kx running on.
void join_links(const GridSpec& grid, Geometry& g) {
  const int n = g.nz();
  const double length = 2.0 * std::numbers::pi * grid.periods();
  for (auto* profile : profiles_of(g)) {
    profile->reserve(static_cast<std::size_t>(n) * grid.links);
    for (int k = n; k < n * grid.links; ++k) profile->push_back((*profile)[k - n]);
  }
  const std::vector<double> z = g.z;
  g.z.clear(), g.twist.clear();
  for (int link = 0; link < grid.links; ++link) {
    const double offset = length * (link - grid.links / 2);
    for (const double value : z) g.z.push_back(value + offset), g.twist.push_back(offset);
  }
}

}  // namespace

Geometry make_geometry(const GeometrySpec& spec, const GridSpec& grid) {
  Geometry g;
  g.q = spec.q;
  g.s_hat = spec.s_hat;
  g.dz = 2.0 * std::numbers::pi / grid.ntheta;
  const int n = grid.ntheta * grid.periods();
  g.z.resize(n);
  for (int j = 0; j < n; ++j) g.z[j] = -std::numbers::pi * grid.periods() + j * g.dz;
  g.twist.assign(n, 0.0);
  for (auto* profile : profiles_of(g)) profile->assign(n, 0.0);
  switch (spec.model) {
    case GeometryModel::s_alpha: fill_s_alpha(spec, g); break;
    case GeometryModel::slab: fill_slab(spec, g); break;
    case GeometryModel::miller: fill_miller(spec, g); break;
  }
  if (grid.links > 1) join_links(grid, g);
  return g;
}

ModeProfiles mode_profiles(const Geometry& g, double ky, double kx) {
  ModeProfiles p;
  p.kperp2.resize(g.nz());
  p.omega_cv.resize(g.nz());
  p.omega_gb.resize(g.nz());
  for (int j = 0; j < g.nz(); ++j) {
    const double khat_x = (g.s_hat == 0.0 ? kx : kx / g.s_hat) - g.twist[j] * ky;
    const double b2 = g.kperp2_over_b2 ? g.bmag[j] * g.bmag[j] : 1.0;
    p.kperp2[j] = (ky * (ky * g.gds2[j] + 2.0 * khat_x * g.gds21[j]) + khat_x * khat_x * g.gds22[j]) / b2;
    p.omega_cv[j] = ky * g.cv[j] + khat_x * g.cv0[j];
    p.omega_gb[j] = ky * g.gb[j] + khat_x * g.gb0[j];
  }
  return p;
}

std::vector<double> end_damping_profile(int n, double width_fraction) {
  std::vector<double> nu(n, 0.0);
  const int w = static_cast<int>(n * width_fraction);
  if (w == 0) return nu;
  const auto shape = [](double x) { return 1.0 - 2.0 * x * x / (1.0 + x * x * x * x); };
  for (int j = 0; j < n; ++j) {
    if (j <= w) {
      nu[j] = shape(static_cast<double>(j) / w);
    } else if (j >= n - w) {
      nu[j] = shape(static_cast<double>(n - j) / w);
    }
  }
  return nu;
}

}  // namespace assay::workload::gk
