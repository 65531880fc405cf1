// The elimination for a team of threads that share one line: a block of a GPU, or one thread of the host
// (tests). Each step is split over elements, with a barrier where the next step reads what others wrote.
// Nothing is pivoted (body.hpp says why). Two barriers a pivot column, three a moment: 2 n nm + 3 nm in all; a
// solve has six a moment.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/gk_mu/gk_mu.hpp"

namespace assay::kernels::gk_mu {

/// A team of one: the loops below in order.
struct Alone {
  [[nodiscard]] ASSAY_HD int rank() const { return 0; }
  [[nodiscard]] ASSAY_HD int size() const { return 1; }
  ASSAY_HD void barrier() const {}
};

/// Doubles of scratch a team needs for a line.
ASSAY_HD inline std::size_t team_scratch_size(int rows) {
  return static_cast<std::size_t>(rows) * padded(rows) * 10 + 4 * static_cast<std::size_t>(padded(rows));
}

ASSAY_HD inline Pair times(Pair a, Pair b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
ASSAY_HD inline Pair entry(const Matrix& a, int i, int j) {
  return {a.re[i * a.ld + j], a.im[i * a.ld + j]};
}
ASSAY_HD inline void put(const Matrix& a, int i, int j, Pair v) {
  a.re[i * a.ld + j] = v.re;
  a.im[i * a.ld + j] = v.im;
}

/// p := p^-1. `edge` holds the pivot column and the scaled pivot row (4 ld doubles).
template <class Team>
ASSAY_HD void team_invert(const Team& team, const Matrix& p, int n, double* edge) {
  const Matrix column{edge, edge + p.ld, p.ld};
  const Matrix row{edge + 2 * p.ld, edge + 3 * p.ld, p.ld};
  for (int k = 0; k < n; ++k) {
    const Pair pivot = entry(p, k, k);
    const double scale = 1.0 / (pivot.re * pivot.re + pivot.im * pivot.im);
    const Pair inverse{pivot.re * scale, -pivot.im * scale};
    for (int i = team.rank(); i < n; i += team.size()) {
      put(column, 0, i, entry(p, i, k));
      put(row, 0, i, i == k ? inverse : times(inverse, entry(p, k, i)));
    }
    team.barrier();
    for (int at = team.rank(); at < n * n; at += team.size()) {
      const int i = at / n;
      const int j = at % n;
      const Pair product = times(entry(column, 0, i), entry(row, 0, j));
      const Pair old = j == k ? Pair{0.0, 0.0} : entry(p, i, j);
      put(p, i, j, i == k ? entry(row, 0, j) : Pair{old.re - product.re, old.im - product.im});
    }
    team.barrier();
  }
}

/// p := M[m][m] (+ c g c when the step above has left a g).
template <class Team>
ASSAY_HD void team_fill_pivot(const Team& team, const Line& l, Pair lambda, int m, const Matrix* g,
                              const Matrix& p) {
  const int n = l.n[m & 1];
  for (int at = team.rank(); at < n * n; at += team.size()) {
    const int i = at / n;
    const int j = at % n;
    Pair value{damping(l, m, i, j), 0.0};
    if (i == j) {
      const Pair d = diagonal(l, lambda, m, i);
      value = {value.re + d.re, value.im + d.im};
    }
    if (g) {
      const double cc = skip(l, m, i) * skip(l, m, j);
      const Pair above = entry(*g, i, j);
      value = {value.re + cc * above.re, value.im + cc * above.im};
    }
    put(p, i, j, value);
  }
}

/// r := M[m][m-1] (+ e^T i c).
template <class Team>
ASSAY_HD void team_fill_link(const Team& team, const Line& l, int m, const Matrix* e, const Matrix& r) {
  const int columns = l.n[(m - 1) & 1];
  for (int at = team.rank(); at < l.n[m & 1] * columns; at += team.size()) {
    const int i = at / columns;
    const int j = at % columns;
    Pair value{-raise(l, m - 1, j, i), 0.0};
    if (e) {
      const double c = skip(l, m - 1, j);
      const Pair above = entry(*e, j, i);
      value = {value.re - c * above.im, c * above.re};
    }
    put(r, i, j, value);
  }
}

template <class Team>
ASSAY_HD void eliminate_team(const Team& team, const Line& l, Pair lambda, const Factor& f, double* scratch) {
  const std::size_t plane = f.plane();
  Matrix p[3], r[2];
  for (int k = 0; k < 3; ++k) p[k] = {scratch + 2 * k * plane, scratch + (2 * k + 1) * plane, f.ld};
  for (int k = 0; k < 2; ++k) r[k] = {scratch + (6 + 2 * k) * plane, scratch + (7 + 2 * k) * plane, f.ld};
  double* const edge = scratch + 10 * plane;
  team_fill_pivot(team, l, lambda, l.nm - 1, nullptr, p[(l.nm - 1) % 3]);
  team_fill_pivot(team, l, lambda, l.nm - 2, nullptr, p[(l.nm - 2) % 3]);
  team_fill_link(team, l, l.nm - 1, nullptr, r[(l.nm - 1) & 1]);
  team.barrier();
  for (int m = l.nm - 1; m >= 0; --m) {
    const int na = l.n[m & 1];
    const int nb = l.n[(m + 1) & 1];
    const Matrix g = p[m % 3];
    team_invert(team, g, na, edge);
    for (int at = team.rank(); m < f.kept && at < na * f.ld; at += team.size()) {
      const bool inside = at % f.ld < na;
      f.inverse(m).re[at] = inside ? g.re[at] : 0.0;
      f.inverse(m).im[at] = inside ? g.im[at] : 0.0;
    }
    if (m == 0) break;
    const Matrix e = f.link(m);
    const Matrix rm = r[m & 1];
    for (int at = team.rank(); at < na * f.ld; at += team.size()) {
      const int i = at / f.ld;
      const int j = at % f.ld;
      Pair sum{0.0, 0.0};
      for (int k = 0; j < nb && k < na; ++k) {
        const Pair term = times(entry(g, i, k), entry(rm, k, j));
        sum = {sum.re + term.re, sum.im + term.im};
      }
      put(e, i, j, sum);
    }
    team.barrier();
    if (m >= 2) {
      team_fill_pivot(team, l, lambda, m - 2, &g, p[(m - 2) % 3]);
      team_fill_link(team, l, m - 1, &e, r[(m - 1) & 1]);
    }
    const Matrix below = p[(m - 1) % 3];
    for (int at = team.rank(); at < nb * nb; at += team.size()) {
      const int i = at / nb;
      const int j = at % nb;
      Pair sum = entry(below, i, j);
      for (int k = 0; k < na; ++k) {
        const Pair term = times(entry(rm, k, i), entry(e, k, j));
        sum = {sum.re + term.re, sum.im + term.im};
      }
      put(below, i, j, sum);
    }
    team.barrier();
  }
}

/// Parts into which a team cuts each sum of a solve, so that more threads than rows have work.
inline constexpr int most_parts = 8;
ASSAY_HD inline int parts_of(int team_size, int ld) {
  const int parts = team_size / ld;
  return parts < 1 ? 1 : parts > most_parts ? most_parts : parts;
}
/// Doubles of scratch of a solve: the sums of every part for two products, and a right-hand side.
ASSAY_HD inline std::size_t team_solve_scratch_size(int rows) {
  return static_cast<std::size_t>(4 * most_parts + 2) * padded(rows);
}

/// sums[part][i] = sum over the part's share of j of matrix(i, j) vector(j), for i < rows; no barrier.
template <class Team, class Entry, class Vector>
ASSAY_HD void team_partial_products(const Team& team, int rows, int inner, int ld, const Entry& matrix,
                                    const Vector& vector, double* sums) {
  const int parts = parts_of(team.size(), ld);
  const int share = (inner + parts - 1) / parts;
  for (int at = team.rank(); at < parts * ld; at += team.size()) {
    const int part = at / ld, i = at % ld;
    if (i >= rows) continue;
    const int end = share * (part + 1) < inner ? share * (part + 1) : inner;
    Pair sum{0.0, 0.0};
    for (int j = share * part; j < end; ++j) {
      const Pair term = times(matrix(i, j), vector(j));
      sum = {sum.re + term.re, sum.im + term.im};
    }
    sums[2 * at] = sum.re;
    sums[2 * at + 1] = sum.im;
  }
}

template <class Team>
ASSAY_HD Pair team_total(const Team& team, const double* sums, int i, int ld) {
  Pair total{0.0, 0.0};
  for (int part = 0; part < parts_of(team.size(), ld); ++part) {
    const double* at = sums + 2 * (part * ld + i);
    total = {total.re + at[0], total.im + at[1]};
  }
  return total;
}

/// solve_floor by a team; x is a view of a line's moments.
template <class Team>
ASSAY_HD void solve_team(const Team& team, const Line& l, const Factor& f, int top, const Moments& x,
                         double* scratch) {
  double* const first = scratch;
  double* const second = scratch + 2 * most_parts * f.ld;
  double* const right = second + 2 * most_parts * f.ld;
  const auto moment = [&](int m, int i) { return Pair{x.re[m * x.ld + i], x.im[m * x.ld + i]}; };
  const auto put_moment = [&](int m, int i, Pair v) { x.re[m * x.ld + i] = v.re, x.im[m * x.ld + i] = v.im; };
  for (int m = top; m >= 1; --m) {
    const int na = l.n[m & 1], nb = l.n[(m + 1) & 1];
    const Matrix e = f.link(m), g = f.inverse(m);
    const auto here = [&](int j) { return moment(m, j); };
    team_partial_products(
        team, nb, na, f.ld, [&](int i, int j) { return entry(e, j, i); }, here, first);
    // G is symmetric: neighbouring threads read neighbouring numbers.
    if (m >= 2)
      team_partial_products(
          team, na, na, f.ld, [&](int i, int j) { return entry(g, j, i); }, here, second);
    team.barrier();
    for (int i = team.rank(); i < f.ld; i += team.size()) {
      if (i < nb) {
        const Pair sum = team_total(team, first, i, f.ld), old = moment(m - 1, i);
        put_moment(m - 1, i, {old.re + sum.re, old.im + sum.im});
      }
      if (m >= 2 && i < na) {
        const Pair sum = team_total(team, second, i, f.ld), old = moment(m - 2, i);
        const double c = skip(l, m - 2, i);
        put_moment(m - 2, i, {old.re + c * sum.im, old.im - c * sum.re});
      }
    }
    team.barrier();
  }
  for (int m = 0; m < l.nm; ++m) {
    const int na = l.n[m & 1], nb = l.n[(m + 1) & 1];
    for (int i = team.rank(); i < na; i += team.size()) {
      Pair value = m <= top ? moment(m, i) : Pair{0.0, 0.0};
      if (m >= 2) {
        const double c = skip(l, m - 2, i);
        const Pair below = moment(m - 2, i);
        value = {value.re + c * below.im, value.im - c * below.re};
      }
      right[2 * i] = value.re, right[2 * i + 1] = value.im;
    }
    team.barrier();
    const Matrix g = f.inverse(m);
    team_partial_products(
        team, na, na, f.ld, [&](int i, int j) { return entry(g, j, i); },
        [&](int j) {
          return Pair{right[2 * j], right[2 * j + 1]};
        },
        first);
    if (m >= 1) {
      const Matrix e = f.link(m);
      team_partial_products(
          team, na, nb, f.ld, [&](int i, int j) { return entry(e, i, j); },
          [&](int j) { return moment(m - 1, j); }, second);
    }
    team.barrier();
    for (int i = team.rank(); i < na; i += team.size()) {
      Pair value = team_total(team, first, i, f.ld);
      if (m >= 1) {
        const Pair linked = team_total(team, second, i, f.ld);
        value = {value.re - linked.re, value.im - linked.im};
      }
      put_moment(m, i, value);
    }
    team.barrier();
  }
}

}  // namespace assay::kernels::gk_mu
