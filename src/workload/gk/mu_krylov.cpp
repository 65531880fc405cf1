// Arnoldi with classical Gram-Schmidt, twice; sums in one fixed order.
// SPDX-License-Identifier: MIT
#include "workload/gk/mu_krylov.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "workload/gk/dense.hpp"

namespace assay::workload::gk {
namespace {

void scale(MuSystem::State& x, double factor) {
  for (double& value : x) value *= factor;
}

}  // namespace

ShiftInvertArnoldi::ShiftInvertArnoldi(MuSystem& system, MuSystem::State start) : system_(system) {
  scale(start, 1.0 / std::sqrt(system.dot(start, start).real()));
  basis_.push_back(std::move(start));
}

bool ShiftInvertArnoldi::extend() {
  MuSystem::State w = basis_.back();
  system_.solve(w);
  const double before = std::sqrt(system_.dot(w, w).real());
  std::vector<Complex> column(basis_.size() + 1, 0.0);
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t k = 0; k < basis_.size(); ++k) {
      const Complex c = system_.dot(basis_[k], w);
      system_.add_scaled(w, -c, basis_[k]);
      column[k] += c;
    }
  }
  const double norm = std::sqrt(system_.dot(w, w).real());
  column.back() = norm;
  columns_.push_back(std::move(column));
  const bool more = norm > 1e-14 * before;
  if (more) scale(w, 1.0 / norm);
  basis_.push_back(std::move(w));
  return more;
}

const std::vector<RitzPair>& ShiftInvertArnoldi::ritz() {
  const int n = static_cast<int>(columns_.size());
  std::vector<Complex> h(static_cast<std::size_t>(n) * n, 0.0);
  for (int k = 0; k < n; ++k) {
    for (int i = 0; i <= std::min(k + 1, n - 1); ++i) h[static_cast<std::size_t>(k) * n + i] = columns_[k][i];
  }
  const DenseEigen e = dense_eigen(std::move(h), n, EigenVectors::yes);
  std::vector<int> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return std::norm(e.values[a]) > std::norm(e.values[b]); });
  ritz_.clear();
  coefficients_.clear();
  const double last = columns_.back().back().real();
  for (int k : order) {
    const Complex theta = e.values[k];
    const Complex* v = e.vectors.data() + static_cast<std::size_t>(k) * n;
    if (std::abs(theta) == 0.0) continue;
    ritz_.push_back({system_.sigma() + 1.0 / theta, last * std::abs(v[n - 1]) / std::abs(theta)});
    coefficients_.emplace_back(v, v + n);
  }
  return ritz_;
}

MuSystem::State ShiftInvertArnoldi::vector(std::size_t k) const {
  MuSystem::State x(system_.size(), 0.0);
  for (std::size_t i = 0; i < coefficients_[k].size(); ++i)
    system_.add_scaled(x, coefficients_[k][i], basis_[i]);
  return x;
}

}  // namespace assay::workload::gk
