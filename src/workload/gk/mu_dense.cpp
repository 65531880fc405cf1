// Written out, since the matrices are small and many tasks run it at once.
// SPDX-License-Identifier: MIT
#include "workload/gk/mu_dense.hpp"

#include <cmath>

namespace assay::workload::gk {
namespace {

using Complex = std::complex<double>;

// a -= f * b without the library call that guards complex products against infinities.
inline void subtract_scaled(Complex& a, Complex f, Complex b) {
  a = {a.real() - (f.real() * b.real() - f.imag() * b.imag()),
       a.imag() - (f.real() * b.imag() + f.imag() * b.real())};
}

}  // namespace

DenseLu::DenseLu(std::vector<Complex> matrix, int n) : n_(n), lu_(std::move(matrix)), pivot_(n) {
  for (int k = 0; k < n; ++k) {
    int best = k;
    for (int i = k + 1; i < n; ++i) {
      if (std::norm(lu_[i * n + k]) > std::norm(lu_[best * n + k])) best = i;
    }
    pivot_[k] = best;
    if (best != k) {
      for (int j = 0; j < n; ++j) std::swap(lu_[k * n + j], lu_[best * n + j]);
      phase_ += std::acos(-1.0);
    }
    const Complex pivot = lu_[k * n + k];
    phase_ += std::arg(pivot);
    log_modulus_ += std::log(std::abs(pivot));
    const Complex inverse = 1.0 / pivot;
    for (int i = k + 1; i < n; ++i) {
      const Complex f = lu_[i * n + k] * inverse;
      lu_[i * n + k] = f;
      for (int j = k + 1; j < n; ++j) subtract_scaled(lu_[i * n + j], f, lu_[k * n + j]);
    }
  }
}

void DenseLu::solve(Complex* b) const {
  for (int k = 0; k < n_; ++k) {
    if (pivot_[k] != k) std::swap(b[k], b[pivot_[k]]);
  }
  for (int i = 0; i < n_; ++i) {
    for (int j = 0; j < i; ++j) subtract_scaled(b[i], lu_[i * n_ + j], b[j]);
  }
  for (int i = n_ - 1; i >= 0; --i) {
    for (int j = i + 1; j < n_; ++j) subtract_scaled(b[i], lu_[i * n_ + j], b[j]);
    b[i] /= lu_[i * n_ + i];
  }
}

}  // namespace assay::workload::gk
