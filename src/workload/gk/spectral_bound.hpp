// An upper bound of |lambda| for every eigenvalue of L, without computing any of them.
// SPDX-License-Identifier: MIT
#pragma once

#include "workload/gk/operator.hpp"

namespace assay::workload::gk {

/// Where the spectrum of L lies: |lambda| <= radius (proven), -decay <= Re lambda only as an estimate from the
/// dissipative terms alone (exact when nothing else is dissipative).
struct SpectralBound {
  double radius = 0.0;
  double decay = 0.0;
};

/// L is cut into blocks, one a pair of moments (s, l, m); a block's norm over z is known in closed form, and
/// the spectral radius of L is at most that of the non-negative matrix of these norms (Ostrowski). The latter
/// is bounded from above by max_i (N x)_i / x_i for any positive x (Collatz-Wielandt); some power iterations
/// make x nearly optimal. Cost: a few hundred products with a sparse matrix of ns nl nm rows. The bound is
/// some 1.0-1.5 times the true radius: the extremes of streaming (largest kz) and drift (ends of the chain) are
/// added although they do not meet.
SpectralBound bound_spectrum(const Operator& op);

/// Largest dt for which the stepper is stable for every eigenvalue within the bound.
/// rk4: 2.6/radius (the half disc of that radius lies inside its stability region). rk2: no part of the
/// imaginary axis is stable; dt = (8 growth_error/radius)^(1/3)/radius keeps the spurious growth of any mode
/// below growth_error.
double stable_dt_rk4(const SpectralBound& bound);
double stable_dt_rk2(const SpectralBound& bound, double growth_error = 1e-3);

}  // namespace assay::workload::gk
