// Small dense linear algebra over LAPACK, column-major, on one BLAS thread: tasks are the parallel unit, not
// products.
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <vector>

namespace assay::workload::gk {

/// OpenBLAS to one thread, once in the life of the process; call before the first BLAS or LAPACK use.
/// Thread-safe.
void use_one_blas_thread();

/// Eigenvalues and right eigenvectors (columns, norm 1) of an n x n matrix.
struct DenseEigen {
  std::vector<std::complex<double>> values;
  std::vector<std::complex<double>> vectors;  ///< empty when not asked for
};
enum class EigenVectors { no, yes };
DenseEigen dense_eigen(std::vector<std::complex<double>> matrix, int n, EigenVectors vectors);

}  // namespace assay::workload::gk
