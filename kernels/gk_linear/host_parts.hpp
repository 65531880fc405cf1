// What the instruction sets of the host tier have in common: packing and scratch layout. Internal to the host
// tier.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "kernels/gk_linear/body.hpp"

namespace assay::kernels::gk_linear {

template <int N>
struct Count {
  constexpr int operator()() const { return N; }
};

/// Points of the even part (0 .. N/2) and of the odd part (0 .. (N-1)/2: point 0, where it is zero, counts, so
/// that both parts have point j at place j and vectors of both are aligned).
ASSAY_GK_INLINE constexpr int even_count(int n) {
  return n / 2 + 1;
}
ASSAY_GK_INLINE constexpr int odd_count(int n) {
  return (n + 1) / 2;
}
/// Inputs of the product, odd part first: complex numbers of a row of a panel, rounded up for alignment.
ASSAY_GK_INLINE constexpr int inputs(int n) {
  return odd_count(n) + even_count(n);
}

/// Columns of a packed matrix: a multiple of 4 complex numbers, so that every vector length divides it.
ASSAY_GK_INLINE constexpr int padded(int n) {
  return (n + 3) / 4 * 4;
}

/// Strips of 16 columns, and of 12 as long as what is left is no multiple of 16: both keep the multipliers
/// busy, a strip of 4 or 8 alone would starve them.
ASSAY_GK_INLINE constexpr int strip_width(int left) {
  return left % 16 == 0 ? 16 : left >= 12 ? 12 : left;
}

/// Rows of a column that take their local terms together.
constexpr int rows_finished = 2;

/// The first moment m that |kz| damps (Tables::hyper).
constexpr int first_damped = 3;

/// Columns of one species that pass through the product together: with few moments m one column has too few
/// rows for what reading the packed matrices from the second-level cache costs.
ASSAY_GK_INLINE int columns_together(const Tables& t) {
  constexpr int rows_wanted = 96;
  const int columns = rows_wanted / t.nm;
  return columns < 1 ? 1 : columns > t.nl ? t.nl : columns;
}
ASSAY_GK_INLINE std::size_t panel_rows(const Tables& t) {
  return std::size_t(t.nm) * columns_together(t);
}

/// Scratch of one thread: folded inputs and outputs of a panel, the rows that are finished
/// together, the doubled profiles, a row of zeros, the numbers of the ladder at each m.
struct Scratch {
  double *into_even, *into_odd, *even, *odd, *rows, *profiles, *zeros, *ladders;
};

/// The first address from x on that starts a cache line: a 64-byte vector that crosses one costs two accesses.
template <class T>
ASSAY_GK_INLINE T* line_start(T* x) {
  return x + (64 - reinterpret_cast<std::uintptr_t>(x) % 64) % 64 / sizeof(T);
}

ASSAY_GK_INLINE Scratch lay_out_scratch(const Tables& t, double* x) {
  const std::size_t n = padded(t.nz), rows = panel_rows(t), panel_row = padded(inputs(t.nz));
  x = line_start(x);
  Scratch w;
  w.into_even = x, x += 2 * panel_row * rows;
  w.into_odd = x, x += 2 * panel_row * rows;
  w.even = x, x += 2 * rows * padded(even_count(t.nz));
  w.odd = x, x += 2 * rows * padded(odd_count(t.nz));
  w.rows = x, x += rows_finished * 2 * n;
  w.profiles = x, x += 8 * n;
  w.zeros = x, x += 2 * n;
  w.ladders = x;
  return w;
}

#define ASSAY_GK_COLUMNS(isa)                                                                            \
  void apply_columns_##isa(const Tables& t, const Folded& folded, const double* g, const double* fields, \
                           Range columns, double* out, double* scratch)
ASSAY_GK_COLUMNS(sse2);
ASSAY_GK_COLUMNS(avx2);
ASSAY_GK_COLUMNS(avx512);

}  // namespace assay::kernels::gk_linear
