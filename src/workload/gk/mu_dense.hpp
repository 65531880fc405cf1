// LU of the field matrix, with its determinant.
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <vector>

namespace assay::workload::gk {

/// LU with partial pivoting of a row-major n x n matrix.
class DenseLu {
 public:
  DenseLu() = default;
  DenseLu(std::vector<std::complex<double>> matrix, int n);

  void solve(std::complex<double>* b) const;
  /// The determinant as phase (radian, modulo 2 pi) and natural logarithm of the modulus.
  [[nodiscard]] double phase() const { return phase_; }
  [[nodiscard]] double log_modulus() const { return log_modulus_; }
  [[nodiscard]] int size() const { return n_; }

 private:
  int n_ = 0;
  std::vector<std::complex<double>> lu_;
  std::vector<int> pivot_;
  double phase_ = 0.0, log_modulus_ = 0.0;
};

}  // namespace assay::workload::gk
