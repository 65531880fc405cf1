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

/// Points of the even part (0 .. N/2) and of the odd part (1 .. (N-1)/2).
ASSAY_GK_INLINE constexpr int even_count(int n) {
  return n / 2 + 1;
}
ASSAY_GK_INLINE constexpr int odd_count(int n) {
  return (n - 1) / 2;
}

/// Columns of a packed matrix: a multiple of 4 complex numbers, so that every vector length divides it.
ASSAY_GK_INLINE constexpr int padded(int n) {
  return (n + 3) / 4 * 4;
}

/// Strips of 16 columns; the last takes up to 20, since a strip of 4 alone would starve the multipliers.
ASSAY_GK_INLINE constexpr int strip_width(int left) {
  return left > 20 ? 16 : left;
}

/// Scratch of one thread: folded inputs and outputs of a column, one row, the doubled profiles, a row of zeros.
struct Scratch {
  double *into_even, *into_odd, *even, *odd, *row, *profiles, *zeros;
};

ASSAY_GK_INLINE Scratch lay_out_scratch(const Tables& t, double* x) {
  const std::size_t n = t.nz, rows = t.nm;
  // Cache-line alignment: a 64-byte vector that crosses a line costs two accesses.
  x += (64 - reinterpret_cast<std::uintptr_t>(x) % 64) % 64 / sizeof(double);
  Scratch w;
  w.into_even = x, x += 2 * n * rows;
  w.into_odd = x, x += 2 * n * rows;
  w.even = x, x += 2 * rows * padded(even_count(t.nz));
  w.odd = x, x += 2 * rows * padded(odd_count(t.nz));
  w.row = x, x += 2 * n;
  w.profiles = x, x += 8 * n;
  w.zeros = x;
  return w;
}

#define ASSAY_GK_COLUMNS(isa)                                                                            \
  void apply_columns_##isa(const Tables& t, const Folded& folded, const double* g, const double* fields, \
                           Range columns, double* out, double* scratch)
ASSAY_GK_COLUMNS(sse2);
ASSAY_GK_COLUMNS(avx2);
ASSAY_GK_COLUMNS(avx512);

}  // namespace assay::kernels::gk_linear
