// The Krylov route: the most unstable mode by a thick-restarted Arnoldi process on exp(tau L).
//
// Unstable modes stand a little to the right of a spectrum that is some 2000 times taller than the distance
// (gamma = 0.1 beside |Im lambda| up to 220 at 16 x 48). Arnoldi on L itself finds the tall ends first.
// exp(tau L) orders modes by growth rate whatever the shape of the spectrum; it is summed as a Chebyshev
// series on the ellipse around the spectrum (spectral_bound.hpp), which needs 1.1-1.3 |L| tau applications
// where rk4 steps need 1.54 |L| tau. Chebyshev polynomials alone as filter (no series) were tried and
// rejected: no ellipse fits a spectrum with damped modes of high frequency, and those then win.
// lambda, and the order among the leading vectors, come from L itself (Rayleigh-Ritz), never from exp.
// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "workload/gk/eigenpair.hpp"
#include "workload/gk/operator.hpp"

namespace assay::workload::gk {

struct KrylovOptions {
  Tier tier = Tier::host;
  OperatorOptions op;
  double residual = 1e-7;          ///< stop when ||L x - lambda x|| <= residual ||L x||
  long max_applications = 400000;  ///< give up here; the result is then unconverged and says so
  int dimension = 24;              ///< vectors kept at most (state size times 16 bytes each)
  int kept = 8;                    ///< vectors that survive a restart
  double tau = 0.0;                ///< of exp(tau L); 0: 250 / spectral bound, some 300 applications
  ProgressCallback progress;       ///< called once a restart; false stops
};

/// The most unstable eigenpair. The start vector is gaussian_state plus a fixed pseudo-random part of 1 %, so
/// that modes of either parity are in it; give `guess` (an eigenvector from a neighbouring ky, say) to start
/// there instead.
Eigenpair solve_krylov(const Spec& spec, const KrylovOptions& options = {});
Eigenpair solve_krylov(const Operator& op, std::span<const Complex> guess, const KrylovOptions& options);

}  // namespace assay::workload::gk
