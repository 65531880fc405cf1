// Small dense linear algebra over LAPACK, column-major, on one BLAS thread: tasks are the parallel unit, not
// products.
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <vector>

namespace assay::workload::gk {

/// Eigenvalues and right eigenvectors (columns, norm 1) of an n x n matrix.
struct DenseEigen {
  std::vector<std::complex<double>> values;
  std::vector<std::complex<double>> vectors;  ///< empty when not asked for
};
enum class EigenVectors { no, yes };
DenseEigen dense_eigen(std::vector<std::complex<double>> matrix, int n, EigenVectors vectors);

/// Schur form A = Q T Q^H of an n x n matrix, the eigenvalues of largest modulus leading the diagonal of T.
struct DenseSchur {
  std::vector<std::complex<double>> t, q, values;
};
DenseSchur dense_schur_by_modulus(std::vector<std::complex<double>> matrix, int n, int leading);

/// y = A^H x and y -= A h for the first `columns` columns (of length rows) of A: the two halves of a
/// Gram-Schmidt pass.
void project(const std::complex<double>* a, std::size_t rows, int columns, const std::complex<double>* x,
             std::complex<double>* y);
void subtract(const std::complex<double>* a, std::size_t rows, int columns, const std::complex<double>* h,
              std::complex<double>* y);

/// out = A B: A rows x inner, B inner x columns.
void multiply(const std::complex<double>* a, std::size_t rows, int inner, const std::complex<double>* b,
              int columns, std::complex<double>* out);

/// LU factors with row exchanges of an n x n matrix, kept for many solves.
class BlockLu {
 public:
  BlockLu() = default;
  /// 8/3 n^3 operations. Throws std::runtime_error for an exactly singular matrix.
  BlockLu(std::vector<std::complex<double>> matrix, int n);
  /// Overwrites `columns` right-hand sides with the solutions; 8 n^2 operations a column.
  void solve(std::complex<double>* x, int columns) const;
  [[nodiscard]] int size() const { return n_; }

 private:
  int n_ = 0;
  std::vector<std::complex<double>> lu_;
  std::vector<int> pivots_;
};

}  // namespace assay::workload::gk
