// The direct route to (gamma, omega): census at coarse resolution, then shift-invert at the resolution that was
// asked for, judged by the residual of the matrix-free operator. Default of every scan.
//
// Every call is a pure function of its arguments: one thread, fixed order of sums, no state between calls; the
// same point gives the same bits alone or in any scan. Typical cost (one core, AVX-512): a few times 10 ms at
// 16 mu nodes, 24 moments, 20 points a period; memory: factor_bytes of MuSystem (16 x 24 x 60 points: 13 MB).
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <optional>
#include <string>
#include <vector>

#include "workload/gk/eigenpair.hpp"
#include "workload/gk/mu_search.hpp"

namespace assay::workload::gk {

/// What stands behind "this is the dominant mode". `full` repeats the count at the resolution of the answer,
/// which costs some 50 factorisations more.
enum class MuVerification { none, census, full };

struct MuDirectOptions {
  MuNodes nodes = MuNodes::legendre_in_sqrt;
  double tolerance = 1e-8;  ///< residual up to which the pair counts as converged
  /// Continuation: skip the census, follow the mode nearest to this value. The result says that nothing was
  /// verified.
  std::optional<std::complex<double>> initial_guess;
  std::optional<Parity> parity;  ///< of the mode to follow; default: every parity of the point
  MuVerification verification = MuVerification::census;
  int moments = 0;           ///< above 0: `state` of the result is the mode with this many Laguerre functions
  bool free_energy = false;  ///< six applications of the operator more
  ProgressCallback progress;
};

struct MuDirectResult : Eigenpair {
  Parity parity = Parity::none;
  bool unstable = false;     ///< gamma > 0; otherwise the pair is the least damped mode that was found
  bool verified = false;     ///< a count of roots agrees with the modes found, see `verification`
  std::string verification;  ///< what was counted where, in words
  int unstable_modes = 0;    ///< modes with gamma > 0 that the census found
  std::vector<std::complex<double>> rivals;  ///< other modes of the final resolution, by falling growth
  int hyper_exponent = 0;                    ///< resolved exponent of the hypercollisions
  QuasilinearWeights weights;
  std::optional<FreeEnergyBalance> balance;  ///< when asked for
};

/// operator_applications of the result counts factorisations of every level. Throws std::invalid_argument when
/// mu_unsupported(spec) has a reason.
MuDirectResult solve_mu_direct(const Spec& spec, const MuDirectOptions& options = {});

}  // namespace assay::workload::gk
