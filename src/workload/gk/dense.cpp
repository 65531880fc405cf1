// The LAPACK routines used outside the moment elimination, with their workspaces.
// SPDX-License-Identifier: MIT
#include "workload/gk/dense.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

#include "workload/gk/blas.hpp"

namespace assay::workload::gk {

DenseEigen dense_eigen(std::vector<std::complex<double>> matrix, int n, EigenVectors vectors) {
  DenseEigen result;
  result.values.resize(n);
  if (vectors == EigenVectors::yes) result.vectors.resize(static_cast<std::size_t>(n) * n);
  std::vector<double> rwork(2 * static_cast<std::size_t>(n));
  std::complex<double> unused, size;
  const char right = vectors == EigenVectors::yes ? 'V' : 'N';
  auto* vr = vectors == EigenVectors::yes ? result.vectors.data() : &unused;
  int info = 0, query = -1;
  const int one = 1;
  blas().zgeev("N", &right, &n, matrix.data(), &n, result.values.data(), &unused, &one, vr, &n, &size, &query,
               rwork.data(), &info);
  const int length = static_cast<int>(size.real());
  std::vector<std::complex<double>> work(length);
  blas().zgeev("N", &right, &n, matrix.data(), &n, result.values.data(), &unused, &one, vr, &n, work.data(),
               &length, rwork.data(), &info);
  if (info != 0) throw std::runtime_error("dense eigenvalues: zgeev ended with info = " + std::to_string(info));
  return result;
}

DenseSchur dense_schur_by_modulus(std::vector<std::complex<double>> matrix, int n, int leading) {
  DenseSchur schur{.t = std::move(matrix),
                   .q = std::vector<std::complex<double>>(static_cast<std::size_t>(n) * n),
                   .values = std::vector<std::complex<double>>(n)};
  const int length = 8 * n + 32;
  std::vector<std::complex<double>> work(length);
  std::vector<double> rwork(n);
  int info = 0, sorted = 0;
  blas().zgees("V", "N", nullptr, &n, schur.t.data(), &n, &sorted, schur.values.data(), schur.q.data(), &n,
               work.data(), &length, rwork.data(), nullptr, &info);
  if (info != 0) throw std::runtime_error("Schur form: zgees ended with info = " + std::to_string(info));
  // One eigenvalue a call: ztrsen keeps the relative order of what it selects, so the smallest goes up first.
  std::vector<std::complex<double>> order = schur.values;
  std::sort(order.begin(), order.end(), [](auto a, auto b) { return std::abs(a) > std::abs(b); });
  for (int wanted = std::min(leading, n) - 1; wanted >= 0; --wanted) {
    std::vector<int> select(n, 0);
    int at = 0;
    for (int i = 1; i < n; ++i) {
      if (std::abs(schur.values[i] - order[wanted]) < std::abs(schur.values[at] - order[wanted])) at = i;
    }
    select[at] = 1;
    double s = 0.0, sep = 0.0;
    blas().ztrsen("N", "V", select.data(), &n, schur.t.data(), &n, schur.q.data(), &n, schur.values.data(),
                  &sorted, &s, &sep, work.data(), &length, &info);
    if (info != 0) throw std::runtime_error("Schur form: ztrsen ended with info = " + std::to_string(info));
  }
  return schur;
}

namespace {
const std::complex<double> one{1.0, 0.0}, minus_one{-1.0, 0.0}, zero{0.0, 0.0};
}

void project(const std::complex<double>* a, std::size_t rows, int columns, const std::complex<double>* x,
             std::complex<double>* y) {
  const int n = static_cast<int>(rows);
  blas().zgemv(CblasColMajor, CblasConjTrans, n, columns, &one, a, n, x, 1, &zero, y, 1);
}

void subtract(const std::complex<double>* a, std::size_t rows, int columns, const std::complex<double>* h,
              std::complex<double>* y) {
  const int n = static_cast<int>(rows);
  blas().zgemv(CblasColMajor, CblasNoTrans, n, columns, &minus_one, a, n, h, 1, &one, y, 1);
}

void multiply(const std::complex<double>* a, std::size_t rows, int inner, const std::complex<double>* b,
              int columns, std::complex<double>* out) {
  const int n = static_cast<int>(rows);
  blas().zgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, columns, inner, &one, a, n, b, inner, &zero, out,
               n);
}

BlockLu::BlockLu(std::vector<std::complex<double>> matrix, int n) : n_(n), lu_(std::move(matrix)), pivots_(n) {
  int info = 0;
  blas().zgetrf(&n, &n, lu_.data(), &n, pivots_.data(), &info);
  if (info != 0) throw std::runtime_error("LU factors: zgetrf ended with info = " + std::to_string(info));
}

void BlockLu::solve(std::complex<double>* x, int columns) const {
  int info = 0;
  blas().zgetrs("N", &n_, &columns, lu_.data(), &n_, pivots_.data(), x, &n_, &info);
}

}  // namespace assay::workload::gk
