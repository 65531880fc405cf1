// The LAPACK routines used outside the moment elimination, with their workspaces.
// SPDX-License-Identifier: MIT
#include "workload/gk/dense.hpp"

#include <mutex>
#include <stdexcept>
#include <string>

extern "C" {
void openblas_set_num_threads(int);
void zgeev_(const char* jobvl, const char* jobvr, const int* n, std::complex<double>* a, const int* lda,
            std::complex<double>* w, std::complex<double>* vl, const int* ldvl, std::complex<double>* vr,
            const int* ldvr, std::complex<double>* work, const int* lwork, double* rwork, int* info);
}

namespace assay::workload::gk {

void use_one_blas_thread() {
  static std::once_flag once;
  std::call_once(once, [] { openblas_set_num_threads(1); });
}

DenseEigen dense_eigen(std::vector<std::complex<double>> matrix, int n, EigenVectors vectors) {
  use_one_blas_thread();
  DenseEigen result;
  result.values.resize(n);
  if (vectors == EigenVectors::yes) result.vectors.resize(static_cast<std::size_t>(n) * n);
  std::vector<double> rwork(2 * static_cast<std::size_t>(n));
  std::complex<double> unused, size;
  const char right = vectors == EigenVectors::yes ? 'V' : 'N';
  auto* vr = vectors == EigenVectors::yes ? result.vectors.data() : &unused;
  int info = 0, query = -1;
  const int one = 1;
  zgeev_("N", &right, &n, matrix.data(), &n, result.values.data(), &unused, &one, vr, &n, &size, &query,
         rwork.data(), &info);
  const int length = static_cast<int>(size.real());
  std::vector<std::complex<double>> work(length);
  zgeev_("N", &right, &n, matrix.data(), &n, result.values.data(), &unused, &one, vr, &n, work.data(), &length,
         rwork.data(), &info);
  if (info != 0) throw std::runtime_error("dense eigenvalues: zgeev ended with info = " + std::to_string(info));
  return result;
}

}  // namespace assay::workload::gk
