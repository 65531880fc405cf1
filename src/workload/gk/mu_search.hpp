// Where the roots of det S(lambda) are: a census at coarse resolution, and a count that says whether one was
// missed.
//
// For Re lambda > 0 the elimination has no poles (kernels/gk_mu/body.hpp), and S tends to a positive diagonal
// matrix for large growth. So the number of eigenvalues with growth above gamma0 and a frequency within six
// times the drive frequency is the winding number of det S around that half strip, whatever the modes look
// like.
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <optional>
#include <vector>

#include "workload/gk/mu_system.hpp"

namespace assay::workload::gk {

struct MuMode {
  Parity parity = Parity::none;
  std::complex<double> lambda;
  double estimate = 0.0;  ///< Krylov estimate of the relative error
};

using StopRequest = std::function<bool()>;  ///< true: give up, the caller throws the partial answer away

/// Frequency scale of a point: unstable modes drift at a fraction of ky (|a/Ln| + |a/LT|).
double drive_frequency(const Spec& spec);

/// The census resolution that belongs to `spec`: at most 8 mu nodes, 12 moments, 12 points a period.
Spec census_spec(const Spec& spec);

/// Eigenvalues with growth above gamma0 > 0 and |frequency| < 6 frequency_scale, counted by the argument
/// principle; nullopt when the phase could not be followed. Cost: about 40 factorisations (fields only), at
/// most `budget`.
std::optional<int> count_roots(MuSystem& system, double gamma0, double frequency_scale, int budget,
                               const StopRequest& stop);

struct Census {
  std::vector<MuMode> modes;  ///< by falling growth; every one an eigenvalue of the census operator
  std::vector<MuMode> vague;  ///< Ritz values that are not eigenvalues yet: seeds when nothing else is there
  std::optional<double> counted_at;  ///< gamma0 of the count; empty when nothing grows or no count was possible
  int counted = 0;                   ///< roots above it, both parities
  int found = 0;                     ///< modes above it
  bool complete = false;             ///< counted and found agree
  long factorisations = 0;
};

/// Finds the modes of `spec` (already coarse) by shift-invert Arnoldi from a few shifts, counts, and looks
/// closer where the count says that one is missing. Deterministic, depends on nothing but its arguments.
Census take_census(const Spec& spec, MuNodes nodes, const StopRequest& stop);

}  // namespace assay::workload::gk
