// Flux-tube geometry as profiles along z; s-alpha, slab and Miller only fill this table, the solvers read
// nothing else.
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "workload/gk/spec.hpp"

namespace assay::workload::gk {

/// Profiles on the uniform extended grid z in [-pi Zp, pi Zp), endpoint excluded.
struct Geometry {
  double gradpar = 1.0;  ///< b . grad z, constant
  double q = 1.0;
  double s_hat = 0.0;
  double dz = 0.0;
  bool kperp2_over_b2 = true;  ///< kperp^2 carries 1/B^2 (not in a slab)
  std::vector<double> z, bmag, bgrad, gds2, gds21, gds22, cv, gb, cv0, gb0, jacobian, grho;
  /// -d(kx/s_hat)/d(ky) of the link that each point belongs to: 2 pi periods times the number of the link,
  /// counted from the middle one. Profiles are those of one link, repeated; z runs on.
  std::vector<double> twist;
  [[nodiscard]] int nz() const { return static_cast<int>(z.size()); }
};

Geometry make_geometry(const GeometrySpec& spec, const GridSpec& grid);

/// kperp^2 (1/B^2 included), omega_cv and omega_gb of one mode along z; rho_star etc. are 1. kx is that of the
/// middle link; a chain of L links of one period equals one link of L periods (L odd).
struct ModeProfiles {
  std::vector<double> kperp2, omega_cv, omega_gb;
};
ModeProfiles mode_profiles(const Geometry& geometry, double ky, double kx);

/// Sponge profile nu(z) in [0, 1] along a chain of n points; zero everywhere for periodic boundaries.
std::vector<double> end_damping_profile(int n, double width_fraction);

}  // namespace assay::workload::gk
