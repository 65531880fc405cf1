// Gauss rules by Newton's method (Legendre) and by bisection on the Jacobi matrix (Laguerre).
// SPDX-License-Identifier: MIT
#include "workload/gk/mu_grid.hpp"

#include <cmath>
#include <numbers>

namespace assay::workload::gk {
namespace {

constexpr double mu_max = 12.0;

MuGrid legendre_in_sqrt(int count) {
  MuGrid grid;
  for (int k = count; k >= 1; --k) {
    double x = std::cos(std::numbers::pi * (k - 0.25) / (count + 0.5));
    double slope = 1.0;
    for (int iteration = 0; iteration < 100; ++iteration) {
      double p = x;
      double below = 1.0;
      for (int n = 2; n <= count; ++n) {
        const double next = ((2 * n - 1) * x * p - (n - 1) * below) / n;
        below = p;
        p = next;
      }
      slope = count * (x * p - below) / (x * x - 1.0);
      const double step = p / slope;
      x -= step;
      if (std::abs(step) < 1e-15) break;
    }
    const double half = 0.5 * std::sqrt(mu_max);
    const double s = half * (1.0 + x);
    grid.mu.push_back(s * s);
    grid.weight.push_back(half * 2.0 / ((1.0 - x * x) * slope * slope) * 2.0 * s * std::exp(-s * s));
  }
  return grid;
}

// Eigenvalues below x of the Jacobi matrix (diagonal 2i+1, off-diagonal i+1): Sturm's count.
int laguerre_nodes_below(int count, double x) {
  int below = 0;
  double d = 1.0;
  for (int i = 0; i < count; ++i) {
    d = 2.0 * i + 1.0 - x - (i == 0 ? 0.0 : static_cast<double>(i) * i / d);
    if (d == 0.0) d = 1e-300;
    if (d < 0.0) ++below;
  }
  return below;
}

MuGrid laguerre(int count) {
  MuGrid grid;
  for (int k = 0; k < count; ++k) {
    double low = 0.0;
    double high = 4.0 * count + 4.0;
    for (int iteration = 0; iteration < 200 && high - low > 1e-15 * high; ++iteration) {
      const double middle = 0.5 * (low + high);
      (laguerre_nodes_below(count, middle) > k ? high : low) = middle;
    }
    const double x = 0.5 * (low + high);
    double sum =
        0.0;  // weight 1 / sum L_n(x)^2 keeps its relative accuracy where eigenvector components do not
    double p = 1.0;
    double below = 0.0;
    for (int n = 0; n < count; ++n) {
      sum += p * p;
      const double next = ((2 * n + 1 - x) * p - n * below) / (n + 1);
      below = p;
      p = next;
    }
    grid.mu.push_back(x);
    grid.weight.push_back(1.0 / sum);
  }
  return grid;
}

}  // namespace

MuGrid make_mu_grid(int count, MuNodes nodes) {
  return nodes == MuNodes::laguerre ? laguerre(count) : legendre_in_sqrt(count);
}

std::vector<double> spectral_derivative(int n, double dz) {
  std::vector<double> d(static_cast<std::size_t>(n) * n, 0.0);
  const double length = n * dz;
  for (int s = 1; 2 * s < n; ++s) {  // s and n - s: exactly opposite
    double sum = 0.0;
    for (int k = 1; 2 * k < n; ++k) {
      sum -= 2.0 * k * std::sin(2.0 * std::numbers::pi * ((k * s) % n) / n);
    }
    const double value = sum * 2.0 * std::numbers::pi / length / n;
    for (int j = 0; j < n; ++j) {
      d[((j + s) % n) * static_cast<std::size_t>(n) + j] = value;
      d[j * static_cast<std::size_t>(n) + (j + s) % n] = -value;
    }
  }
  return d;
}

std::vector<double> spectral_kz_abs(int n, double dz) {
  std::vector<double> a(static_cast<std::size_t>(n) * n, 0.0);
  const double length = n * dz;
  for (int s = 0; s < n; ++s) {
    double sum = 0.0;
    for (int k = 1; k < n; ++k) {
      sum += (2 * k <= n ? k : n - k) * std::cos(2.0 * std::numbers::pi * ((k * s) % n) / n);
    }
    const double value = sum * 2.0 * std::numbers::pi / length / n;
    for (int j = 0; j < n; ++j) a[((j + s) % n) * static_cast<std::size_t>(n) + j] = value;
  }
  return a;
}

}  // namespace assay::workload::gk
