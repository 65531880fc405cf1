// L itself in the layout of the elimination, and solves that are checked against it.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "workload/gk/mu_system.hpp"

namespace assay::workload::gk {
namespace {

namespace kernel = kernels::gk_mu;

/// to -= a x, or a^T x, for a real rows x columns matrix and a complex vector in planes.
struct Planes {
  double* re;
  double* im;
};

void subtract_product(const double* a, int rows, int columns, Planes x, Planes to) {
  for (int i = 0; i < rows; ++i) {
    const double* row = a + static_cast<std::size_t>(i) * columns;
    double re = 0.0, im = 0.0;
    for (int j = 0; j < columns; ++j) re += row[j] * x.re[j], im += row[j] * x.im[j];
    to.re[i] -= re, to.im[i] -= im;
  }
}

void add_transposed_product(const double* a, int rows, int columns, Planes x, Planes to) {
  for (int i = 0; i < rows; ++i) {
    const double* row = a + static_cast<std::size_t>(i) * columns;
    for (int j = 0; j < columns; ++j) to.re[j] += row[j] * x.re[i], to.im[j] += row[j] * x.im[i];
  }
}

/// out -= (sigma - A) h for one line; the entries are those of kernels/gk_mu/body.hpp.
void subtract_line(const kernel::Line& l, kernel::Pair sigma, const kernel::Moments& h,
                   const kernel::Moments& out, double* scratch) {
  const auto row = [](const kernel::Moments& x, int m) { return Planes{x.re + m * x.ld, x.im + m * x.ld}; };
  const Planes mixed{scratch, scratch + h.ld};
  for (int m = 0; m < l.nm; ++m) {
    const int a = m & 1, b = 1 - a;
    const Planes here = row(h, m), to = row(out, m);
    const double up = m + 1 < l.nm ? std::sqrt(m + 1.0) : 0.0, down = std::sqrt(static_cast<double>(m));
    const Planes above = row(h, m + 1 < l.nm ? m + 1 : m), below = row(h, m > 0 ? m - 1 : m);
    for (int i = 0; i < l.n[b]; ++i) {
      mixed.re[i] = up * above.re[i] + down * below.re[i];
      mixed.im[i] = up * above.im[i] + down * below.im[i];
    }
    if (a == 0) {
      subtract_product(l.stream, l.n[0], l.n[1], mixed, to);
    } else {
      add_transposed_product(l.stream, l.n[0], l.n[1], mixed, to);
    }
    for (int i = 0; i < l.paired; ++i) {
      to.re[i] += l.mirror[i] * (up * above.re[i] - down * below.re[i]);
      to.im[i] += l.mirror[i] * (up * above.im[i] - down * below.im[i]);
    }
    if (l.hyper[m] != 0.0) {
      for (int i = 0; i < l.n[a]; ++i)
        mixed.re[i] = l.hyper[m] * here.re[i], mixed.im[i] = l.hyper[m] * here.im[i];
      subtract_product(l.kz_abs[a], l.n[a], l.n[a], mixed, to);
    }
    for (int i = 0; i < l.n[a]; ++i) {
      const kernel::Pair d = kernel::diagonal(l, sigma, m, i);
      to.re[i] -= d.re * here.re[i] - d.im * here.im[i];
      to.im[i] -= d.re * here.im[i] + d.im * here.re[i];
      for (const int other : {m - 2, m + 2}) {
        if (other < 0 || other >= l.nm) continue;
        const double c = kernel::skip(l, std::min(m, other), i);
        to.re[i] += c * row(h, other).im[i];
        to.im[i] -= c * row(h, other).re[i];
      }
    }
  }
}

}  // namespace

// (L - sigma) g = c f - (sigma - A) h with f the fields of g and h = g + (Z/T) gyro phi ...
void MuSystem::apply_shifted(State& g, State& out) {
  std::vector<Complex> field = field_moments(g);
  const auto diagonal = polarisation();
  for (int i = 0; i < field_size(); ++i) field[i] /= diagonal[i];
  out.assign(size(), 0.0);
  State h(line_size());
  for (std::size_t line = 0; line < lines_.size(); ++line) {
    const LineData& l = lines_[line];
    const SpeciesData& d = species_[l.species];
    std::copy_n(g.begin() + static_cast<std::ptrdiff_t>(line * line_size()), line_size(), h.begin());
    const kernel::Moments view = moments(h, 0), to = moments(out, line);
    for (int i = 0; i < n_[0]; ++i) {
      view.re[i] += l.gyro[0][i] / d.tz * field[i].real();
      view.im[i] += l.gyro[0][i] / d.tz * field[i].imag();
    }
    for (int i = 0; magnetic_ && i < n_[1]; ++i) {
      view.re[ld_ + i] -= d.vth * l.gyro[1][i] / d.tz * field[n_[0] + i].real();
      view.im[ld_ + i] -= d.vth * l.gyro[1][i] / d.tz * field[n_[0] + i].imag();
    }
    add_sources(l, field.data(), 1.0, to);
    subtract_line(l.view, {sigma_.real(), sigma_.imag()}, view, to, scratch_.data());
  }
}

double MuSystem::remainder(const State& b, State& x, State& left) {
  apply_shifted(x, left);
  for (std::size_t k = 0; k < left.size(); ++k) left[k] = b[k] - left[k];
  const double size = dot(b, b).real(), rest = dot(left, left).real();
  return std::isfinite(rest) ? std::sqrt(rest / size) : HUGE_VAL;
}

void MuSystem::solve(State& x) {
  constexpr double tolerable = 1e-6;  // an eigenvector found with such solves has a residual of some 1e-8
  constexpr double good_enough = 1e-8;
  constexpr int most_rounds = 8;
  if (checked_ && !refined_) return solve_once(x);
  const State b = x;
  solve_once(x);
  State left;
  double error = remainder(b, x, left);
  const bool first = !checked_;
  if (first) checked_ = true, refined_ = error > tolerable;
  for (int round = 0; refined_ && round < most_rounds && error > good_enough; ++round) {
    const double before = error;
    solve_once(left);
    for (std::size_t k = 0; k < x.size(); ++k) x[k] += left[k];
    error = remainder(b, x, left);
    if (!(error < 0.5 * before)) break;
  }
  if (first) solvable_ = error <= tolerable;
}

}  // namespace assay::workload::gk
