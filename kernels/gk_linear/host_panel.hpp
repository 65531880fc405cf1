// The vectorised columns, once for all instruction sets: included by host_sse2.cpp, host_avx2.cpp and
// host_avx512.cpp. In an unnamed namespace throughout, as host_vector.hpp says.
//
// Idea. d/dz and |kz| are products with dense N x N circulant matrices. D is odd and K even under z -> -z,
// so both split into halves that act on the even and the odd part of a row: a quarter of the
// multiplications each, half in all. The two are one product, D's input laid beside K's:
//   even part of the result = [ D_eo | K_ee ] [ odd part of F ; -rate even part of G ], N/2 + 1 outputs
//   odd  part of the result = [ D_oe | K_oo ] [ even part of F ; -rate odd part of G ], the other outputs
// One column (Nm folded rows) is a panel of the product. The micro-kernel keeps `row_block` rows by a few
// vectors of one strip in registers. Strips are at most 20 complex columns wide and packed contiguously,
// each entry twice (for re and im), so that a strip (30 KB at N = 96) stays in the first-level cache while
// all rows of the panel pass. The local terms then run over whole rows with unit stride; interleaved
// complex numbers need no shuffles there: all coefficients are real and -i is applied once, at the end.
// SPDX-License-Identifier: MIT
#pragma once

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
  for (int r = 0; r < Rows; ++r) {
    for (int j = 0; j < Cols; ++j) sum[r][j] = Vector::zero();
  }
  for (int k = 0; k < inner; ++k) {
    V row[Cols];
    for (int j = 0; j < Cols; ++j) row[j] = Vector::load(b + k * b_stride + 2 * lanes * j);
    for (int r = 0; r < Rows; ++r) {
      const V x = Vector::broadcast(a + r * a_stride + 2 * k);
      for (int j = 0; j < Cols; ++j) sum[r][j] += x * row[j];
    }
  }
  for (int r = 0; r < Rows; ++r) {
    for (int j = 0; j < Cols; ++j) Vector::store(c + r * c_stride + 2 * lanes * j, sum[r][j]);
  }
}

template <int Cols>
void rows_of_strip(const double* a, long a_stride, const double* b, long b_stride, int inner, int rows,
                   double* c, long c_stride) {
  constexpr int block = Vector::row_block;
  int r = 0;
  for (; r + block <= rows; r += block) {
    micro_kernel<block, Cols>(a + r * a_stride, a_stride, b, b_stride, inner, c + r * c_stride, c_stride);
  }
  for (; r < rows; ++r)
    micro_kernel<1, Cols>(a + r * a_stride, a_stride, b, b_stride, inner, c + r * c_stride, c_stride);
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
    else if (left >= 4 && Vector::column_block > 4)
      advance(Count<4>{});
    else if (left >= 3 && Vector::column_block > 3)
      advance(Count<3>{});
    else if (left >= 2 && Vector::column_block > 2)
      advance(Count<2>{});
    else
      advance(Count<1>{});
  }
}

/// Panel product with one of the two packed matrices; `outputs` complex columns.
void times_packed(const double* a, const double* packed, int n, int inner, int outputs, int rows, double* c,
                  long c_stride) {
  for (int first = 0; first < padded(outputs);) {
    const int width = strip_width(padded(outputs) - first);
    times_strip(a, 2L * n, packed, width, inner, rows, c + 2L * first, c_stride);
    packed += 2L * width * n;
    first += width;
  }
}

/// even[j] = x_j + x_{N-j}, odd[j-1] = x_j - x_{N-j}; the self-mirrored points 0 and N/2 are even alone. The
/// row is given as a function: vector(z) is the vector that starts at z, one(z) a single number. The last
/// vector overlaps the one before it, which costs less than single numbers.
template <class Row>
void fold(const Row& row, int n, double* even, double* odd) {
  const int pairs = odd_count(n);
  store(even, 0, row.one(0));
  if (n % 2 == 0) store(even, n / 2, row.one(n / 2));
  const auto pair_of_vectors = [&](int j) {
    const V low = row.vector(j), high = Vector::reverse(row.vector(n - j - lanes + 1));
    Vector::store(even + 2L * j, low + high);
    Vector::store(odd + 2L * (j - 1), low - high);
  };
  int j = 1;
  for (; j + lanes <= pairs + 1; j += lanes) pair_of_vectors(j);
  if (j <= pairs && pairs >= lanes) {
    pair_of_vectors(pairs + 1 - lanes);
    return;
  }
  for (; j <= pairs; ++j) {
    const Complex low = row.one(j), high = row.one(n - j);
    store(even, j, low + high);
    store(odd, j - 1, low - high);
  }
}

/// The inverse, without the factor 1/2 that the matrices carry: x_j = e_j + o_j, x_{N-j} = e_j - o_j.
void unfold(const double* even, const double* odd, int n, double* x) {
  const int pairs = odd_count(n);
  x[0] = even[0], x[1] = even[1];
  if (n % 2 == 0) x[n] = even[n], x[n + 1] = even[n + 1];
  int j = 1;
  for (; j + lanes <= pairs + 1; j += lanes) {
    const V e = Vector::load(even + 2L * j), o = Vector::load(odd + 2L * (j - 1));
    Vector::store(x + 2L * j, e + o);
    Vector::store(x + 2L * (n - j - lanes + 1), Vector::reverse(e - o));
  }
  for (; j <= pairs; ++j) {
    for (int part = 0; part < 2; ++part) {
      const double e = even[2 * j + part], o = odd[2 * (j - 1) + part];
      x[2 * j + part] = e + o;
      x[2 * (n - j) + part] = e - o;
    }
  }
}

/// Rows of H of one species as pointers; a row of zeros outside the truncation.
struct Rows {
  const Tables& t;
  const double* g;
  const double* fields;
  const double* zeros;
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
  Ladder k;
  double scale;
  const double *up, *down;
  V vector(int z) const {
    return scale * parallel_velocity(k, Vector::load(up + 2L * z), Vector::load(down + 2L * z));
  }
  Complex one(int z) const { return scale * parallel_velocity(k, load(up, z), load(down, z)); }
};

struct Scaled {
  double scale;
  const double* g;
  V vector(int z) const { return scale * Vector::load(g + 2L * z); }
  Complex one(int z) const { return scale * load(g, z); }
};

/// Streaming flux and damped G of row m, folded into the two input panels.
void fold_row(const Tables& t, const Rows& h, int l, int m, double* into_even, double* into_odd) {
  fold(Flux{ladder(l, m), -t.streaming[h.s], h(l, m + 1), h(l, m - 1)}, t.nz, into_odd, into_even);
  const double rate = t.hyper == nullptr ? 0.0 : t.hyper[h.s * t.nm + m];
  if (rate == 0.0) return;
  fold(Scaled{-rate, h.g + 2 * at_state(t, h.s, l, m, 0)}, t.nz, into_even + 2L * odd_count(t.nz),
       into_odd + 2L * even_count(t.nz));
}

/// out row = spectral part + local terms - i drifts.
void finish_row(const Tables& t, const Rows& h, const double* profiles, int l, int m, const double* spectral,
                double* out) {
  const Ladder k = ladder(l, m);
  const double rate = collision_rate(t, h.s, l, m);
  const double *here = h(l, m), *m_up = h(l, m + 1), *m_down = h(l, m - 1), *m_up2 = h(l, m + 2),
               *m_down2 = h(l, m - 2), *l_up = h(l + 1, m), *l_down = h(l - 1, m),
               *l_down_m_up = h(l - 1, m + 1), *l_up_m_down = h(l + 1, m - 1);
  const long stride = 2L * t.nz;
  for_each_vector(t.nz, [&](int z, int count) {
    const auto at = [&](const double* x) { return load_part(x + 2L * z, count); };
    const Neighbours<V> n{at(here), at(m_up),   at(m_down),      at(m_up2),      at(m_down2),
                          at(l_up), at(l_down), at(l_down_m_up), at(l_up_m_down)};
    const Point<V> c{at(profiles), at(profiles + stride), at(profiles + 2 * stride), at(profiles + 3 * stride)};
    const V real_terms = at(spectral) + local_sum(k, c, rate, n);
    store_part(out + 2L * z, count, real_terms + Vector::minus_i(drift_sum(k, c, n)));
  });
}

void add_nyquist(const Tables& t, const double* odd_input, double* even) {
  // sum_z s_z F_z from the folded flux, and i nyquist s_j times it onto the even part.
  Complex sum;
  for (int j = 0; j < even_count(t.nz); ++j) {
    sum = j % 2 == 0 ? sum + load(odd_input, j) : sum - load(odd_input, j);
  }
  const Complex term = times_i(t.nyquist * sum);
  for (int j = 0; j < even_count(t.nz); ++j) {
    store(even, j, j % 2 == 0 ? load(even, j) + term : load(even, j) - term);
  }
}

/// The four profiles of a species, each value doubled for re and im.
void doubled_profiles(const Tables& t, int s, double* profiles) {
  const double* from[4] = {t.mirror, t.curvature, t.grad_b, t.damping};
  for (int p = 0; p < 4; ++p) {
    for (int z = 0; z < t.nz; ++z) {
      double* to = profiles + 2L * (static_cast<long>(p) * t.nz + z);
      to[0] = to[1] = from[p][at_profile(t, s, z)];
    }
  }
}

void column(const Tables& t, const Folded& folded, const Rows& h, int l, const Scratch& w, double* out) {
  const int n = t.nz, ne = even_count(n), no = odd_count(n);
  // into_even: inputs of the even part of the result, [odd F | even G]; into_odd: [even F | odd G].
  for (int m = 0; m < t.nm; ++m) fold_row(t, h, l, m, w.into_even + 2L * n * m, w.into_odd + 2L * n * m);
  const int undamped = t.hyper == nullptr ? t.nm : (t.nm < 3 ? t.nm : 3);
  const long even_stride = 2L * padded(ne), odd_stride = 2L * padded(no);
  times_packed(w.into_even, folded.to_even, n, no, ne, undamped, w.even, even_stride);
  times_packed(w.into_odd, folded.to_odd, n, ne, no, undamped, w.odd, odd_stride);
  const int damped = t.nm - undamped;
  times_packed(w.into_even + 2L * n * undamped, folded.to_even, n, n, ne, damped,
               w.even + even_stride * undamped, even_stride);
  times_packed(w.into_odd + 2L * n * undamped, folded.to_odd, n, n, no, damped, w.odd + odd_stride * undamped,
               odd_stride);
  for (int m = 0; m < t.nm; ++m) {
    if (t.nyquist != 0.0) add_nyquist(t, w.into_odd + 2L * n * m, w.even + even_stride * m);
    unfold(w.even + even_stride * m, w.odd + odd_stride * m, n, w.row);
    finish_row(t, h, w.profiles, l, m, w.row, out + 2 * at_state(t, h.s, l, m, 0));
  }
  for (int m = 0; m < 4 && m < t.nm; ++m) {
    double* row = out + 2 * at_state(t, h.s, l, m, 0);
    for (int z = 0; z < n; ++z) store(row, z, load(row, z) + low_moment_sources(t, h.fields, h.s, l, m, z));
  }
}

[[maybe_unused]] void columns_of_range(const Tables& t, const Folded& folded, const double* g,
                                       const double* fields, Range range, double* out, double* scratch) {
  const Scratch w = lay_out_scratch(t, scratch);
  for (int i = 0; i < 2 * t.nz; ++i) w.zeros[i] = 0.0;
  int species = -1;
  for (std::size_t c = range.begin; c != range.end; ++c) {
    const int s = static_cast<int>(c) / t.nl, l = static_cast<int>(c) % t.nl;
    if (s != species) doubled_profiles(t, s, w.profiles);
    species = s;
    column(t, folded, Rows{t, g, fields, w.zeros, s}, l, w, out);
  }
}

}  // namespace
}  // namespace assay::kernels::gk_linear
