// The initial-value route: step dG/dt = L G until the state is an eigenvector to within a residual.
// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "workload/gk/eigenpair.hpp"
#include "workload/gk/operator.hpp"

namespace assay::workload::gk {

enum class Stepper { rk2, rk4 };

struct InitialValueOptions {
  Stepper stepper = Stepper::rk4;
  Tier tier = Tier::host;
  OperatorOptions op;
  double dt =
      0.0;  ///< 0: the largest step that a proven bound of the spectral radius allows (spectral_bound.hpp)
  double t_end = 400.0;    ///< give up here; the result is then unconverged and says so
  double residual = 1e-6;  ///< stop when ||L g - lambda g|| <= residual ||L g||
  double check_every =
      1.0;  ///< physical time between two looks at the residual (they cost no application of L)
  ProgressCallback progress;  ///< called at each look; false stops
};

/// Steps a density perturbation (gaussian_state). lambda is the Rayleigh quotient of the last state, phi its
/// field; contamination by other modes enters lambda and the residual alike, so a small residual bounds its
/// error where L is nearly normal. The stages are in Horner form, exact for a linear L: G + dt L(G + dt/2 L(G +
/// dt/3 L(G + dt/4 L G))); two states of memory besides G, four applications a step.
///
/// Cost: gap between the first two growth rates sets t (ln(1/residual)/gap), the stiffest mode sets dt: at
/// 16 x 48 x 96, ky 0.3, some 60 000 applications. Prefer solve_krylov where only the mode is wanted.
Eigenpair solve_initial_value(const Spec& spec, const InitialValueOptions& options = {});

/// The same from a given state, for callers that already have an operator; g holds the last state afterwards.
Eigenpair solve_initial_value(const Operator& op, std::span<Complex> g, const InitialValueOptions& options);

}  // namespace assay::workload::gk
