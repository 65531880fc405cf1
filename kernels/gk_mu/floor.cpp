// The oracle: the elimination in the most obvious loops, with a pivoting inverse that needs no property of the
// blocks.
// SPDX-License-Identifier: MIT
#include "kernels/gk_mu/gk_mu.hpp"

namespace assay::kernels::gk_mu {
namespace {

Pair operator*(Pair a, Pair b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
Pair operator+(Pair a, Pair b) {
  return {a.re + b.re, a.im + b.im};
}
Pair operator-(Pair a, Pair b) {
  return {a.re - b.re, a.im - b.im};
}
double modulus2(Pair a) {
  return a.re * a.re + a.im * a.im;
}

Pair get(const Matrix& a, int i, int j) {
  return {a.re[i * a.ld + j], a.im[i * a.ld + j]};
}
void set(const Matrix& a, int i, int j, Pair v) {
  a.re[i * a.ld + j] = v.re;
  a.im[i * a.ld + j] = v.im;
}
void clear(const Matrix& a, int rows) {
  for (int k = 0; k < rows * a.ld; ++k) a.re[k] = a.im[k] = 0.0;
}
void swap_rows(const Matrix& a, int n, int i, int k) {
  for (int j = 0; j < n; ++j) {
    const Pair t = get(a, i, j);
    set(a, i, j, get(a, k, j));
    set(a, k, j, t);
  }
}

// Gauss-Jordan with row pivoting; p is destroyed, g becomes its inverse.
void invert(const Matrix& p, int n, const Matrix& g) {
  clear(g, n);
  for (int i = 0; i < n; ++i) set(g, i, i, {1.0, 0.0});
  for (int k = 0; k < n; ++k) {
    int best = k;
    for (int i = k + 1; i < n; ++i) {
      if (modulus2(get(p, i, k)) > modulus2(get(p, best, k))) best = i;
    }
    swap_rows(p, n, k, best);
    swap_rows(g, n, k, best);
    const Pair pivot = get(p, k, k);
    const Pair scale = {pivot.re / modulus2(pivot), -pivot.im / modulus2(pivot)};
    for (int j = 0; j < n; ++j) {
      set(p, k, j, scale * get(p, k, j));
      set(g, k, j, scale * get(g, k, j));
    }
    for (int i = 0; i < n; ++i) {
      if (i == k) continue;
      const Pair factor = get(p, i, k);
      for (int j = 0; j < n; ++j) {
        set(p, i, j, get(p, i, j) - factor * get(p, k, j));
        set(g, i, j, get(g, i, j) - factor * get(g, k, j));
      }
    }
  }
}

void fill_pivot(const Line& l, Pair lambda, int m, const Matrix& p) {
  const int n = l.n[m & 1];
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) set(p, i, j, {damping(l, m, i, j), 0.0});
    set(p, i, i, get(p, i, i) + diagonal(l, lambda, m, i));
  }
}

Pair get(const Moments& x, int m, int i) {
  return {x.re[m * x.ld + i], x.im[m * x.ld + i]};
}
void set(const Moments& x, int m, int i, Pair v) {
  x.re[m * x.ld + i] = v.re;
  x.im[m * x.ld + i] = v.im;
}

}  // namespace

void eliminate_floor(const Line& l, Pair lambda, const Factor& f, double* scratch) {
  const std::size_t plane = f.plane();
  Matrix p[3], r[2];
  for (int k = 0; k < 3; ++k) p[k] = {scratch + 2 * k * plane, scratch + (2 * k + 1) * plane, f.ld};
  for (int k = 0; k < 2; ++k) r[k] = {scratch + (6 + 2 * k) * plane, scratch + (7 + 2 * k) * plane, f.ld};
  for (int m = l.nm - 1; m >= 0 && m > l.nm - 4; --m) fill_pivot(l, lambda, m, p[m % 3]);
  for (int i = 0; i < l.n[(l.nm - 1) & 1]; ++i) {
    for (int j = 0; j < l.n[l.nm & 1]; ++j) set(r[(l.nm - 1) & 1], i, j, {-raise(l, l.nm - 2, j, i), 0.0});
  }
  for (int m = l.nm - 1; m >= 0; --m) {
    const int na = l.n[m & 1];
    const int nb = l.n[(m + 1) & 1];
    const Matrix g = f.inverse(m);
    const Matrix e = f.link(m);
    invert(p[m % 3], na, g);
    if (m == 0) break;
    const Matrix rm = r[m & 1];
    clear(e, f.rows);
    for (int i = 0; i < na; ++i) {
      for (int j = 0; j < nb; ++j) {
        Pair sum{0.0, 0.0};
        for (int k = 0; k < na; ++k) sum = sum + get(g, i, k) * get(rm, k, j);
        set(e, i, j, sum);
      }
    }
    const Matrix below = p[(m - 1) % 3];
    for (int i = 0; i < nb; ++i) {
      for (int j = 0; j < nb; ++j) {
        Pair sum = get(below, i, j);
        for (int k = 0; k < na; ++k) sum = sum + get(rm, k, i) * get(e, k, j);
        set(below, i, j, sum);
      }
    }
    if (m == 1) continue;
    const Matrix second = p[(m - 2) % 3];
    const Matrix next = r[(m - 1) & 1];
    for (int i = 0; i < na; ++i) {
      for (int j = 0; j < na; ++j) {
        const double cc = skip(l, m - 2, i) * skip(l, m - 2, j);
        set(second, i, j, get(second, i, j) + Pair{cc, 0.0} * get(g, i, j));
      }
    }
    for (int i = 0; i < nb; ++i) {
      for (int j = 0; j < na; ++j) {
        const Pair drift = Pair{0.0, skip(l, m - 2, j)} * get(e, j, i);
        set(next, i, j, Pair{-raise(l, m - 2, j, i), 0.0} + drift);
      }
    }
    if (m >= 3) fill_pivot(l, lambda, m - 3, p[m % 3]);
  }
}

void descend_floor(const Line& l, const Factor& f, int top, const Moments& x, double*) {
  for (int m = top; m >= 1; --m) {
    const int na = l.n[m & 1];
    const int nb = l.n[(m + 1) & 1];
    for (int j = 0; j < nb; ++j) {
      Pair sum = get(x, m - 1, j);
      for (int i = 0; i < na; ++i) sum = sum + get(f.link(m), i, j) * get(x, m, i);
      set(x, m - 1, j, sum);
    }
    for (int i = 0; m >= 2 && i < na; ++i) {
      Pair sum{0.0, 0.0};
      for (int j = 0; j < na; ++j) sum = sum + get(f.inverse(m), i, j) * get(x, m, j);
      set(x, m - 2, i, get(x, m - 2, i) - Pair{0.0, skip(l, m - 2, i)} * sum);
    }
  }
}

void ascend_floor(const Line& l, const Factor& f, int top, int rows, const Moments& x, double* scratch) {
  const Moments t{scratch, scratch + f.ld, f.ld};
  for (int m = 0; m < rows; ++m) {
    const int na = l.n[m & 1];
    const int nb = l.n[(m + 1) & 1];
    for (int i = 0; i < na; ++i) {
      Pair value = m <= top ? get(x, m, i) : Pair{0.0, 0.0};
      if (m >= 2) value = value - Pair{0.0, skip(l, m - 2, i)} * get(x, m - 2, i);
      set(t, 0, i, value);
    }
    for (int i = 0; i < na; ++i) {
      Pair sum{0.0, 0.0};
      for (int j = 0; j < na; ++j) sum = sum + get(f.inverse(m), i, j) * get(t, 0, j);
      for (int j = 0; m >= 1 && j < nb; ++j) sum = sum - get(f.link(m), i, j) * get(x, m - 1, j);
      set(x, m, i, sum);
    }
  }
}

Cost elimination_cost(const Line& l, const Factor& f) {
  Cost cost;
  for (int m = 0; m < l.nm; ++m) {
    const double na = l.n[m & 1], nb = l.n[(m + 1) & 1];
    cost.operations += 8 * na * na * na;              // G
    if (m > 0) cost.operations += 16 * na * na * nb;  // E, and R^T E
    if (m > 1) cost.operations += 4 * na * na;        // c G c
    const int blocks = m >= f.kept ? 0 : m > 0 ? 2 : 1;
    cost.bytes += 16.0 * blocks * f.rows * f.ld;
  }
  return cost;
}

Cost solve_cost(const Line& l, const Factor& f, int top) {
  Cost cost;
  for (int m = 0; m < l.nm; ++m) {
    const double na = l.n[m & 1], nb = l.n[(m + 1) & 1];
    if (m >= 1 && m <= top) cost.operations += 8 * na * nb + (m >= 2 ? 8 * na * na : 0.0);
    cost.operations += 8 * na * na + (m >= 1 ? 8 * na * nb : 0.0);
    double half = 0.0;  // of G, right of the start of each row's block of 8
    for (int i = 0; i < l.n[m & 1]; ++i) half += f.ld - i / 8 * 8;
    const double link = m > 0 ? na * f.ld : 0.0;
    cost.bytes += 16.0 * ((m <= top ? link + (m > 1 ? half : 0.0) : 0.0) + link + half + 2 * f.ld);
  }
  return cost;
}

}  // namespace assay::kernels::gk_mu
