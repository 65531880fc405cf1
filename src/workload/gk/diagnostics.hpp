// What an eigenvector says beyond its eigenvalue: quasilinear weights and where its free energy comes and goes.
// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "workload/gk/operator.hpp"

namespace assay::workload::gk {

/// Ratios of quadratic quantities of one mode, independent of its amplitude. Averages over z carry the volume
/// weight Jac / sum Jac, fluxes the surface weight Jac / sum(Jac |grad rho|), Jac = 1/(gradpar B).
struct QuasilinearWeights {
  double kperp2_eff = 0.0;        ///< <kperp^2 |phi|^2> / <|phi|^2>, in 1/rho_ref^2
  std::vector<double> heat_flux;  ///< by species: n T <conj(i ky phi) p> / <|phi|^2>, gyro-Bohm
  std::vector<double>
      particle_flux;  ///< by species: n <conj(i ky phi) n_gc> / <|phi|^2>; 0 with a Boltzmann species alone
  double eigenfunction_norm = 0.0;  ///< ||phi||_2 after normalisation by phi at max |phi|
};
/// Electrostatic channels only; one field solve.
QuasilinearWeights quasilinear_weights(const Operator& op, std::span<const Complex> g);

/// dW/dt of the free energy W = 1/2 sum n T (1/B) Re(conj(H) G), term by term of L; all rates divided by 2 W,
/// so that they add up to the growth rate of an eigenvector. The (v_par, mu) basis has the same struct, see
/// MuOperator::free_energy_balance.
struct FreeEnergyBalance {
  double energy = 0.0;  ///< W of the state as given
  double drive = 0.0;   ///< from the gradients: the only source
  /// Streaming and mirror force cancel up to the truncation in (l, m): in the moment basis their sum is small,
  /// in (v_par, mu) each is 0 to rounding.
  double streaming = 0.0;
  double mirror = 0.0;
  double drifts = 0.0;           ///< 0 to rounding: i times a symmetric matrix
  double end_damping = 0.0;      ///< not positive
  double collisions = 0.0;       ///< not positive
  double hypercollisions = 0.0;  ///< not positive for all but contrived fields
  [[nodiscard]] double total() const { return drive + closure() + end_damping + collisions + hypercollisions; }
  /// streaming + mirror + drifts: what the truncation in (l, m) and aliasing in z leave of terms that conserve
  /// W.
  [[nodiscard]] double closure() const { return streaming + mirror + drifts; }
  /// |gamma - total()| over the largest term: how well sources and sinks explain the growth.
  [[nodiscard]] double imbalance(double gamma) const;
};
FreeEnergyBalance free_energy_balance(const Operator& op, std::span<const Complex> g);

/// Share of sum |G|^2 in the last l and in the last m: the resolution is poor where either exceeds 1e-2.
struct TailShares {
  double last_l = 0.0, last_m = 0.0;
};
TailShares tail_shares(const Operator& op, std::span<const Complex> g);

}  // namespace assay::workload::gk
