// The discrete pieces that every part of the (v_par, mu) route shares: mu nodes and the matrices along z.
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace assay::workload::gk {

/// How mu is sampled. Legendre nodes in sqrt(mu) converge fast; Laguerre nodes are kept to compare with moment
/// codes (far out along the field the grad-B drift phase-mixes in mu, where Laguerre nodes are sparse).
enum class MuNodes { legendre_in_sqrt, laguerre };

/// Quadrature of  integral exp(-mu) f(mu) dmu; mu in T/B_ref.
struct MuGrid {
  std::vector<double> mu, weight;
};

/// Legendre nodes cover sqrt(mu) in [0, sqrt(12)]: exp(-12) is the weight that is left out.
MuGrid make_mu_grid(int count, MuNodes nodes);

/// Row-major n x n matrices of a periodic grid with n points `dz` apart. d/dz of the trigonometric interpolant;
/// the Nyquist mode is dropped, so that the matrix is real antisymmetric.
std::vector<double> spectral_derivative(int n, double dz);
/// |k_z| of the trigonometric interpolant, real symmetric, Nyquist mode kept.
std::vector<double> spectral_kz_abs(int n, double dz);

}  // namespace assay::workload::gk
