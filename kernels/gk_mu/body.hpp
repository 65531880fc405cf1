// One kinetic line: the Hermite moments of one species at one mu along the field, and the entries of
// lambda - A. The only place where the formulas stand; compiled by g++ and nvcc.
//
// The unknown of moment m is f_m = sqrt(w W) h_m, with W = exp(-mu (B - 1)) and w the quadrature weight in mu.
// In this variable streaming and mirror force together are exactly antisymmetric (also when the moments are cut
// off), drifts are i times symmetric, sponge and hypercollisions are negative: -A has a positive semidefinite
// Hermitian part, so every pivot block of the elimination is safe for Re lambda > 0 and no pivoting is needed.
// And lambda - A is complex symmetric up to the sign of odd moments: M[m+1][m] = -M[m][m+1]^T.
// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include "core/types.hpp"

namespace assay::kernels::gk_mu {

/// Views, no ownership. Parity a = m % 2 selects the basis of moment m along z: with kx = 0 even moments live
/// on one z-parity and odd ones on the other; without that symmetry both bases are the grid itself.
struct Line {
  int nm = 0;                       ///< Hermite moments
  int n[2] = {0, 0};                ///< basis functions of even and odd moments
  int paired = 0;                   ///< the first so many functions of both bases belong to the same |z|
  const double* stream = nullptr;   ///< n[0] x n[1]: vth gradpar d/dz from the odd basis to the even one
  const double* kz_abs[2] = {};     ///< n[a] x n[a]: vth |gradpar| |kz|, symmetric
  const double* hyper = nullptr;    ///< nm: hypercollision factor of |kz| at each moment
  const double* curvature[2] = {};  ///< n[a]: T/Z omega_cv
  const double* grad_b[2] = {};     ///< n[a]: T/Z omega_gb mu B
  const double* sponge[2] = {};     ///< n[a]: end damping rate
  const double* mirror = nullptr;   ///< paired: vth bgrad mu B / 2, even basis to odd and back
};

/// Complex numbers as two doubles: std::complex is no device type everywhere.
struct Pair {
  double re, im;
};

/// The part of M[m][m] on the diagonal; (2m+1) curvature is v^2, the rest of the drift does not depend on m.
ASSAY_HD inline Pair diagonal(const Line& l, Pair lambda, int m, int i) {
  const int a = m & 1;
  return {lambda.re + l.sponge[a][i], lambda.im + l.curvature[a][i] * (2 * m + 1) + l.grad_b[a][i]};
}

/// The dense real part of M[m][m] (hypercollisions), 0 for m <= 2.
ASSAY_HD inline double damping(const Line& l, int m, int i, int j) {
  const int a = m & 1;
  return l.hyper[m] * l.kz_abs[a][i * l.n[a] + j];
}

/// M[m][m+1], real: streaming and mirror. M[m+1][m] is minus its transpose.
ASSAY_HD inline double raise(const Line& l, int m, int i, int j) {
  const double s = (m & 1) ? -l.stream[j * l.n[1] + i] : l.stream[i * l.n[1] + j];
  const double force = i == j && i < l.paired ? l.mirror[i] : 0.0;
  return sqrt(static_cast<double>(m + 1)) * (s - force);
}

/// M[m][m+2] = M[m+2][m] = i times this, on the diagonal: the v^2 of the curvature drift.
ASSAY_HD inline double skip(const Line& l, int m, int i) {
  return sqrt(static_cast<double>(m + 1) * static_cast<double>(m + 2)) * l.curvature[m & 1][i];
}

}  // namespace assay::kernels::gk_mu
