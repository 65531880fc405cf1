// The direct route in the operator's own basis: the oracle of the other routes at small and middle sizes.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "workload/gk/eigenpair.hpp"
#include "workload/gk/moment_system.hpp"

namespace assay::workload::gk {

struct MomentDirectOptions {
  std::optional<Complex> guess;  ///< lambda to look near; none: a coarse Krylov run (4 x 8) provides one
  PhiParity parity =
      PhiParity::even;  ///< even and odd drop the Nyquist mode of d/dz; full keeps what `op` says
  OperatorOptions op;
  double residual = 1e-9;
  int dimension = 24;         ///< of the Krylov space of (L - sigma)^-1
  int max_shifts = 4;         ///< factorisations at most; the shift moves to the best lambda in between
  ProgressCallback progress;  ///< called after each solve; false stops
};

/// The most unstable eigenpair among those near a shift to the upper right of the guess, by Arnoldi on (L -
/// sigma)^-1 with exact solves (moment_system.hpp). One factorisation is usually enough, where a root search on
/// S(lambda) needs five to seven. operator_applications counts solves; lambda and residual come from L itself.
/// If the guess is far off, the nearest modes are not the dominant ones: compare with solve_krylov when in
/// doubt.
Eigenpair solve_moment_direct(const Spec& spec, const MomentDirectOptions& options = {});

}  // namespace assay::workload::gk
