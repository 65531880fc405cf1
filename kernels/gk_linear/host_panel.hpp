// The vectorised columns, once for all instruction sets: included by host_sse2.cpp, host_avx2.cpp and
// host_avx512.cpp. In an unnamed namespace throughout, as host_vector.hpp says.
//
// Idea. d/dz and |kz| are products with dense N x N circulant matrices. D is odd and K even under z -> -z,
// so both split into halves that act on the even and the odd part of a row: a quarter of the
// multiplications each, half in all. The two are one product, D's input laid beside K's:
//   even part of the result = [ D_eo | K_ee ] [ odd part of F ; -rate even part of G ], N/2 + 1 outputs
//   odd  part of the result = [ K_oo | D_oe ] [ -rate odd part of G ; even part of F ], the other outputs
// One column (Nm folded rows), or a few short ones, are a panel of the product. The micro-kernel keeps a few
// rows by a few vectors of one strip in registers. Strips are 12 or 16 complex columns wide and packed
// contiguously, each entry twice (for re and im), so that a strip (25 KB at N = 96) stays in the first-level
// cache while all rows of the panel pass. The local terms then run over whole rows with unit stride;
// interleaved complex numbers need no shuffles there: all coefficients are real and -i is applied once, at the
// end.
//
// What limits it: the product runs close to the peak. The local terms have some eighteen operations a vector
// and read nine to eleven for one that they write; they and the folding wait for the second-level cache, since
// the strips of the product displace the panels from the first. So each sweep does as much as the registers
// hold: two rows take their local terms together, the flux of a row and the row itself are folded together.
//
// A state is larger than the second-level cache, and only the local terms touch it. They run along rows, which
// the processor fetches ahead by itself; asking for them from within the product slowed the product by more.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "kernels/gk_linear/body.hpp"
#include "kernels/gk_linear/host_parts.hpp"
#include "kernels/gk_linear/host_vector.hpp"

namespace assay::kernels::gk_linear {
namespace {

constexpr int lanes = Vector::lanes;  // complex numbers in a vector
using V = Vector::type;

/// C[r][j] = sum_k A[r][k] B[k][j], r < Rows, j < Cols vectors; A complex, B real and doubled, inner length k.
template <int Rows, int Cols>
void micro_kernel(const double* a, long a_stride, const double* b, long b_stride, int inner, double* c,
                  long c_stride) {
  V sum[Rows][Cols];
#pragma GCC unroll 8
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 8
    for (int j = 0; j < Cols; ++j) sum[r][j] = Vector::zero();
  }
#pragma GCC unroll 2  // the count of k and the addresses cost a little beside so many multiplications
  for (int k = 0; k < inner; ++k) {
    V row[Cols];
#pragma GCC unroll 8
    for (int j = 0; j < Cols; ++j) row[j] = Vector::load(b + k * b_stride + 2 * lanes * j);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
      const V x = Vector::broadcast(a + r * a_stride + 2 * k);
#pragma GCC unroll 8
      for (int j = 0; j < Cols; ++j) sum[r][j] += x * row[j];
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 8
    for (int j = 0; j < Cols; ++j) Vector::store(c + r * c_stride + 2 * lanes * j, sum[r][j]);
  }
}

/// The last rows, fewer than a block.
template <int Rows, int Cols>
void rows_left(int rows, const double* a, long a_stride, const double* b, long b_stride, int inner, double* c,
               long c_stride) {
  if constexpr (Rows > 0) {
    if (rows == Rows) return micro_kernel<Rows, Cols>(a, a_stride, b, b_stride, inner, c, c_stride);
    rows_left<Rows - 1, Cols>(rows, a, a_stride, b, b_stride, inner, c, c_stride);
  }
}

template <int Cols>
void rows_of_strip(const double* a, long a_stride, const double* b, long b_stride, int inner, int rows,
                   double* c, long c_stride) {
  constexpr int block = Vector::row_block(Cols);
  int r = 0;
  const auto take = [&](auto count) {
    micro_kernel<count(), Cols>(a + r * a_stride, a_stride, b, b_stride, inner, c + r * c_stride, c_stride);
    r += count();
  };
  // One or two rows alone do not fill the multipliers: the last ones then share with a block.
  const int last = rows % block > 0 && rows % block < 3 && rows > block ? rows - block - rows % block : rows;
  while (r + block <= last) take(Count<block>{});
  if (last < rows) take(Count<(block + 2) / 2>{});
  rows_left<block - 1, Cols>(rows - r, a + r * a_stride, a_stride, b, b_stride, inner, c + r * c_stride,
                             c_stride);
}

/// All rows times one packed strip of `width` complex columns.
void times_strip(const double* a, long a_stride, const double* b, int width, int inner, int rows, double* c,
                 long c_stride) {
  const long b_stride = 2L * width;
  int done = 0;
  const auto advance = [&](auto cols) {
    rows_of_strip<cols()>(a, a_stride, b + 2L * done, b_stride, inner, rows, c + 2L * done, c_stride);
    done += cols() * lanes;
  };
  while (done < width) {
    const int left = (width - done) / lanes;
    if (left >= Vector::column_block)
      advance(Count<Vector::column_block>{});
    else if (left >= 3 && Vector::column_block > 3)
      advance(Count<3>{});
    else if (left >= 2 && Vector::column_block > 2)
      advance(Count<2>{});
    else
      advance(Count<1>{});
  }
}

/// Where the rows of `columns` columns stand in a panel: first the bare ones, which |kz| does not damp and
/// whose product is half as long, then the damped ones. Those of one column alone are too few for the
/// micro-kernel: there all rows count as damped, with the zeros that Tables::hyper has.
struct PanelRows {
  int columns, nm, bare_each;
  PanelRows(const Tables& t, int count)
      : columns(count),
        nm(t.nm),
        bare_each(t.hyper == nullptr ? t.nm
                  : count > 1        ? std::min(t.nm, first_damped)
                                     : 0) {}
  int count() const { return columns * nm; }
  int bare() const { return columns * bare_each; }
  bool is_damped(int m) const { return m >= bare_each; }
  int at(int column, int m) const {
    return is_damped(m) ? bare() + column * (nm - bare_each) + m - bare_each : column * bare_each + m;
  }
};

/// Panel product with one of the two packed matrices: the bare rows with its rows `derivative` alone, those of
/// D; `outputs` complex columns. Input 0, the odd part at point 0, is zero. A strip is read once for all rows.
void times_packed(const double* a, const double* packed, int n, Range derivative, int outputs,
                  const PanelRows& rows, double* c) {
  const long a_stride = 2L * padded(inputs(n)), c_stride = 2L * padded(outputs);
  const int first = static_cast<int>(derivative.begin), count = static_cast<int>(derivative.end) - first;
  const int bare = rows.bare(), damped = rows.count() - bare;
  for (int column = 0; column < padded(outputs);) {
    const int width = strip_width(padded(outputs) - column);
    double* to = c + 2L * column;
    times_strip(a + 2L * first, a_stride, packed + 2L * width * first, width, count, bare, to, c_stride);
    times_strip(a + a_stride * bare + 2, a_stride, packed + 2L * width, width, inputs(n) - 1, damped,
                to + c_stride * bare, c_stride);
    packed += 2L * width * inputs(n);
    column += width;
  }
}

/// even[j] = x_j + x_{N-j}, odd[j] = x_j - x_{N-j}, j = 0 (x_0 twice, and 0) up to (N-1)/2; the self-mirrored
/// point N/2 of an even N is even alone. The row is given as a function: vector(z) is the vector that starts at
/// z, one(z) a single number. Vectors from both ends are aligned; one shuffle joins two of the far end.
template <class Row>
struct Folding {
  Row row;
  double *even, *odd;
  V far = Vector::zero();  // the last vector of the far end; at first the one whose first number is x_0 = x_N

  void start() { far = row.vector(0); }
  void step(int n, int j) {
    const V low = row.vector(j), next = row.vector(n - j - lanes), high = Vector::mirrored(far, next);
    Vector::store(even + 2L * j, low + high);
    Vector::store(odd + 2L * j, low - high);
    far = next;
  }
  void rest(int n, int j) const {
    for (; j < odd_count(n); ++j) {
      const Complex low = row.one(j), high = row.one(j == 0 ? 0 : n - j);
      store(even, j, low + high);
      store(odd, j, low - high);
    }
    if (n % 2 == 0) store(even, n / 2, row.one(n / 2));
  }
};

/// Rows of n points in one sweep: each alone leaves the processor waiting for its loads and stores.
template <class... Row>
void fold(int n, Folding<Row>... rows) {
  int j = 0;
  if (lanes <= odd_count(n)) {
    (rows.start(), ...);
    for (; j + lanes <= odd_count(n); j += lanes) (rows.step(n, j), ...);
  }
  (rows.rest(n, j), ...);
}

/// The inverse, without the factor 1/2 that the matrices carry: x_j = e_j + o_j, x_{N-j} = e_j - o_j, with
/// e_j = even[j] + (-1)^j `highest` and o_0 = 0, whatever stands there. Whole vectors where they fit: a vector
/// that is read right after single numbers of it were stored has to wait for them.
void unfold(const double* even, const double* odd, int n, Complex highest, double* x) {
  const int count = odd_count(n);
  const V first = Vector::alternating(highest.re, highest.im);
  const V second = lanes > 1 ? first : Vector::alternating(-highest.re, -highest.im);
  V near = Vector::zero();  // e - o of the vector before
  int j = 0;
  for (; j + lanes <= count; j += lanes) {
    const V e = Vector::load(even + 2L * j) + (j % 2 == 0 ? first : second);
    const V read = Vector::load(odd + 2L * j), o = j == 0 ? Vector::without_first(read) : read;
    const V difference = e - o;
    Vector::store(x + 2L * j, e + o);
    if (j > 0) Vector::store(x + 2L * (n - j), Vector::mirrored(difference, near));
    near = difference;
  }
  const auto e = [&](int i) { return load(even, i) + (i % 2 == 0 ? 1.0 : -1.0) * highest; };
  const auto o = [&](int i) { return i == 0 ? Complex{} : load(odd, i); };
  if (j > 0 && 2 * j == n) {  // the middle and what is left of the last vector are one
    const V middle = Vector::load(even + 2L * j) + (j % 2 == 0 ? first : second);
    Vector::store(x + 2L * j, Vector::mirrored(middle, near));
    return;
  }
  for (int i = j; i < count; ++i) store(x, i, e(i) + o(i));
  if (n % 2 == 0) store(x, n / 2, e(n / 2));
  for (int i = j - lanes + 1 < 1 ? 1 : j - lanes + 1; i < count; ++i) store(x, n - i, e(i) - o(i));
}

/// What ladder() gives, without its square roots: they cost as much as a vector of moments.
struct Ladders {
  double* numbers;  // 8 a moment
  void fill(int nm) const {
    for (int m = 0; m < nm; ++m) {
      const Ladder k = ladder(0, m);
      const double row[] = {k.m, k.root_up, k.root_down, k.root_up2, k.root_down2};
      for (int i = 0; i < 5; ++i) numbers[8L * m + i] = row[i];
    }
  }
  Ladder operator()(int l, int m) const {
    const double* row = numbers + 8L * m;
    return {static_cast<double>(l), row[0], row[1], row[2], row[3], row[4]};
  }
};

/// Rows of H of one species as pointers; a row of zeros outside the truncation.
struct Rows {
  const Tables& t;
  const double* g;
  const double* fields;
  const double* zeros;
  Ladders ladder;
  int s;
  const double* operator()(int l, int m) const {
    if (l < 0 || l >= t.nl || m < 0 || m >= t.nm) return zeros;
    return m < 2 ? fields + 2 * at_low_row(t, s, l, m, 0) : g + 2 * at_state(t, s, l, m, 0);
  }
};

/// f(V) over a row of 2 n doubles; the tail goes through a padded vector, so that it has the same arithmetic.
template <class Body>
void for_each_vector(int n, Body body) {
  int z = 0;
  for (; z + lanes <= n; z += lanes) body(z, lanes);
  if (z < n) body(z, n - z);
}

V load_part(const double* x, int count) {
  if (count == lanes) return Vector::load(x);
  double padded_value[2 * lanes] = {};
  for (int i = 0; i < 2 * count; ++i) padded_value[i] = x[i];
  return Vector::load(padded_value);
}
void store_part(double* x, int count, V value) {
  if (count == lanes) {
    Vector::store(x, value);
    return;
  }
  double padded_value[2 * lanes];
  Vector::store(padded_value, value);
  for (int i = 0; i < 2 * count; ++i) x[i] = padded_value[i];
}

/// The streaming flux of a row, computed where it is read.
struct Flux {
  double root_up, root_down;  // of the ladder, times the rate of streaming
  const double *up, *down;
  V vector(int z) const {
    return root_up * Vector::load(up + 2L * z) + root_down * Vector::load(down + 2L * z);
  }
  Complex one(int z) const { return root_up * load(up, z) + root_down * load(down, z); }
};

struct Scaled {
  double scale;
  const double* g;
  V vector(int z) const { return scale * Vector::load(g + 2L * z); }
  Complex one(int z) const { return scale * load(g, z); }
};

/// Streaming flux and, where |kz| damps, G of row m, folded into the two input panels.
void fold_row(const Tables& t, const Rows& h, int l, int m, bool damps, double* into_even, double* into_odd) {
  const long odd = 2L * odd_count(t.nz);
  const double streaming = -t.streaming[h.s];
  const Ladder k = h.ladder(l, m);
  const Folding<Flux> flux{
      {streaming * k.root_up, streaming * k.root_down, h(l, m + 1), h(l, m - 1)}, into_odd + odd, into_even};
  if (!damps) return fold(t.nz, flux);
  const Scaled damped{-t.hyper[h.s * t.nm + m], h.g + 2 * at_state(t, h.s, l, m, 0)};
  fold(t.nz, flux, Folding<Scaled>{damped, into_even + odd, into_odd});
}

/// out rows m .. m + Count - 1 = spectral part + local terms - i drifts. Two rows together load their common
/// neighbours and the profiles once: 18 vectors instead of 28.
template <int Count>
void finish_rows(const Tables& t, const Rows& h, const double* profiles, int l, int m, const double* spectral,
                 double* out) {
  Ladder k[Count];
  double rate[Count];
  const double *row[Count + 4], *row_l_up[Count + 1], *row_l_down[Count + 1];
  for (int i = 0; i < Count; ++i) k[i] = h.ladder(l, m + i), rate[i] = collision_rate(t, h.s, l, m + i);
  for (int i = 0; i < Count + 4; ++i) row[i] = h(l, m + i - 2);
  for (int i = 0; i < Count + 1; ++i) row_l_up[i] = h(l + 1, m + i - 1), row_l_down[i] = h(l - 1, m + i);
  const long stride = 2L * padded(t.nz);
  for_each_vector(t.nz, [&](int z, int count) {
    const auto at = [&](const double* x) { return load_part(x + 2L * z, count); };
    V here[Count + 4], l_up[Count + 1], l_down[Count + 1];
#pragma GCC unroll 8
    for (int i = 0; i < Count + 4; ++i) here[i] = at(row[i]);
#pragma GCC unroll 8
    for (int i = 0; i < Count + 1; ++i) l_up[i] = at(row_l_up[i]), l_down[i] = at(row_l_down[i]);
    const Point<V> c{at(profiles), at(profiles + stride), at(profiles + 2 * stride), at(profiles + 3 * stride)};
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i) {
      const Neighbours<V> n{here[i + 2], here[i + 3], here[i + 1],   here[i + 4], here[i],
                            l_up[i + 1], l_down[i],   l_down[i + 1], l_up[i]};
      const V real_terms = at(spectral + stride * i) + local_sum(k[i], c, rate[i], n);
      store_part(out + 2L * (t.nz * i + z), count, Vector::add_minus_i(real_terms, drift_sum(k[i], c, n)));
    }
  });
}

/// Fields and coefficients at `lanes` points from z on.
struct AtVector {
  using Field = V;
  using Coefficient = V;
  const double* fields;
  int z;
  V field(long row) const { return Vector::load(fields + 2 * (row + z)); }
  V coefficient(const double* table, long row) const { return Vector::doubled(table + row + z); }
  V zero() const { return Vector::zero(); }
  V i_times(V x) const { return Vector::add_minus_i(Vector::zero(), -x); }
};

void add_sources(const Tables& t, const Rows& h, int l, int m, double* row) {
  int z = 0;
  for (; z + lanes <= t.nz; z += lanes) {
    const V sources = low_moment_sources(t, AtVector{h.fields, z}, h.s, l, m);
    Vector::store(row + 2L * z, Vector::load(row + 2L * z) + sources);
  }
  for (; z < t.nz; ++z) {
    store(row, z, load(row, z) + low_moment_sources(t, AtPoint{h.fields, z}, h.s, l, m));
  }
}

/// The four profiles of a species, each value doubled for re and im.
void doubled_profiles(const Tables& t, int s, double* profiles) {
  const double* from[4] = {t.mirror, t.curvature, t.grad_b, t.damping};
  for (int p = 0; p < 4; ++p) {
    for (int z = 0; z < t.nz; ++z) {
      double* to = profiles + 2L * (static_cast<long>(p) * padded(t.nz) + z);
      to[0] = to[1] = from[p][at_profile(t, s, z)];
    }
  }
}

/// Local terms and sources of column l, the c-th of the panel.
void finish_column(const Tables& t, const Rows& h, int l, const PanelRows& rows, int c, const Scratch& w,
                   double* out) {
  const int n = t.nz;
  const auto unfold_row = [&](int m, double* row) {
    const double* even = w.even + 2L * padded(even_count(n)) * rows.at(c, m);
    const double* odd = w.odd + 2L * padded(odd_count(n)) * rows.at(c, m);
    // In place 0 of the odd part, where the flux has none, the product left sum_z (-1)^z F_z.
    unfold(even, odd, n, times_i(t.nyquist * load(odd, 0)), row);
  };
  const auto finish = [&](auto count, int m) {
    for (int i = 0; i < count(); ++i) unfold_row(m + i, w.rows + 2L * padded(n) * i);
    finish_rows<count()>(t, h, w.profiles, l, m, w.rows, out + 2 * at_state(t, h.s, l, m, 0));
  };
  int m = 0;
  for (; m + rows_finished <= t.nm; m += rows_finished) finish(Count<rows_finished>{}, m);
  for (; m < t.nm; ++m) finish(Count<1>{}, m);
  for (m = 0; m < 4 && m < t.nm; ++m) add_sources(t, h, l, m, out + 2 * at_state(t, h.s, l, m, 0));
}

/// The columns [first, first + count) of one species.
void panel(const Tables& t, const Folded& folded, const Rows& h, int first, int count, const Scratch& w,
           double* out) {
  const int n = t.nz;
  const std::size_t split = odd_count(n), all = inputs(n);
  const long panel_row = 2L * padded(inputs(n));
  const PanelRows rows(t, count);
  for (int c = 0; c < count; ++c) {
    for (int m = 0; m < t.nm; ++m) {
      const long at = panel_row * rows.at(c, m);
      fold_row(t, h, first + c, m, rows.is_damped(m), w.into_even + at, w.into_odd + at);
    }
  }
  times_packed(w.into_even, folded.to_even, n, {1, split}, even_count(n), rows, w.even);
  times_packed(w.into_odd, folded.to_odd, n, {split, all}, odd_count(n), rows, w.odd);
  for (int c = 0; c < count; ++c) finish_column(t, h, first + c, rows, c, w, out);
}

[[maybe_unused]] void columns_of_range(const Tables& t, const Folded& folded, const double* g,
                                       const double* fields, Range range, double* out, double* scratch) {
  const Scratch w = lay_out_scratch(t, scratch);
  for (int i = 0; i < 2 * t.nz; ++i) w.zeros[i] = 0.0;
  Ladders{w.ladders}.fill(t.nm);
  int species = -1;
  for (int c = static_cast<int>(range.begin), end = static_cast<int>(range.end); c < end;) {
    const int s = c / t.nl, l = c % t.nl;
    const int count = std::min({columns_together(t), t.nl - l, end - c});
    if (s != species) doubled_profiles(t, s, w.profiles);
    species = s;
    panel(t, folded, Rows{t, g, fields, w.zeros, Ladders{w.ladders}, s}, l, count, w, out);
    c += count;
  }
}

}  // namespace
}  // namespace assay::kernels::gk_linear
