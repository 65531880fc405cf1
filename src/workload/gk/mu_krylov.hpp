// Arnoldi on (L - sigma)^-1: the eigenvalues nearest a shift, all at once, from one factorisation.
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <vector>

#include "workload/gk/mu_system.hpp"

namespace assay::workload::gk {

struct RitzPair {
  std::complex<double> lambda;
  double estimate =
      0.0;  ///< ||B x - theta x|| / |theta| of the shift-inverted problem: an estimate, not a residual
};

class ShiftInvertArnoldi {
 public:
  /// The system must be factored with Keep::everything. The start is normalised.
  ShiftInvertArnoldi(MuSystem& system, MuSystem::State start);

  /// One more vector (one solve, Gram-Schmidt twice); false when the space is invariant.
  bool extend();
  /// Ritz pairs of the present space, nearest to the shift first. Cost: one small dense eigenproblem.
  const std::vector<RitzPair>& ritz();
  /// The vector of ritz()[k], norm 1.
  [[nodiscard]] MuSystem::State vector(std::size_t k) const;
  [[nodiscard]] int steps() const { return static_cast<int>(basis_.size()) - 1; }

 private:
  MuSystem& system_;
  std::vector<MuSystem::State> basis_;
  std::vector<std::vector<Complex>> columns_;  ///< columns of the Hessenberg matrix, column k has k + 2 entries
  std::vector<RitzPair> ritz_;
  std::vector<std::vector<Complex>> coefficients_;
};

}  // namespace assay::workload::gk
