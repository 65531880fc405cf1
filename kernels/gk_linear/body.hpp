// The linear gyrokinetic right-hand side of one moment at one point: the only place where its formulas stand.
// Compiled by g++ and nvcc. T is a complex number (floor, CUDA) or a vector of interleaved (re, im) pairs
// (host), C the type of a real coefficient; every formula is linear with real coefficients, and -i is applied
// once, to drift_sum.
// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

#include "core/types.hpp"
#include "kernels/gk_linear/gk_linear.hpp"

#if defined(__CUDACC__)
#define ASSAY_GK_INLINE __forceinline__
#else
// Always inlined: this header is compiled for several instruction sets, and the linker must not pick one copy
// for all.
#define ASSAY_GK_INLINE __attribute__((always_inline)) inline
#endif

namespace assay::kernels::gk_linear {

struct Complex {
  double re = 0.0, im = 0.0;
};
ASSAY_HD ASSAY_GK_INLINE Complex operator+(Complex a, Complex b) {
  return {a.re + b.re, a.im + b.im};
}
ASSAY_HD ASSAY_GK_INLINE Complex operator-(Complex a, Complex b) {
  return {a.re - b.re, a.im - b.im};
}
ASSAY_HD ASSAY_GK_INLINE Complex operator*(double c, Complex a) {
  return {c * a.re, c * a.im};
}
ASSAY_HD ASSAY_GK_INLINE Complex times_i(Complex a) {
  return {-a.im, a.re};
}
ASSAY_HD ASSAY_GK_INLINE Complex load(const double* x, long i) {
  return {x[2 * i], x[2 * i + 1]};
}
ASSAY_HD ASSAY_GK_INLINE void store(double* x, long i, Complex a) {
  x[2 * i] = a.re, x[2 * i + 1] = a.im;
}

/// H at (l, m) and its neighbours at one z; zero outside 0 <= l < Nl, 0 <= m < Nm (truncation in every term).
template <class T>
struct Neighbours {
  T here, m_up, m_down, m_up2, m_down2, l_up, l_down, l_down_m_up, l_up_m_down;
};

/// Square roots of the Hermite ladder and Laguerre factors of one (l, m).
struct Ladder {
  double l, m;                  // the indices themselves
  double root_up, root_down;    // sqrt(m+1), sqrt(m)
  double root_up2, root_down2;  // sqrt((m+1)(m+2)), sqrt(m(m-1))
};

ASSAY_HD ASSAY_GK_INLINE Ladder ladder(int l, int m) {
  const double x = m;
  return {static_cast<double>(l), x, sqrt(x + 1), sqrt(x), sqrt((x + 1) * (x + 2)), sqrt(x * (x - 1))};
}

/// Coefficients of one species at one z: vth bgrad, tz omega_cv, tz omega_gb, and the rate that damps H there.
template <class C>
struct Point {
  C mirror, curvature, grad_b, damping;
};

/// v_par acting on H: what streaming differentiates, and what the Hermite ladder means. (v H)_m.
template <class T>
ASSAY_HD ASSAY_GK_INLINE T parallel_velocity(const Ladder& k, const T& m_up, const T& m_down) {
  return k.root_up * m_up + k.root_down * m_down;
}

/// Mirror force, without its coefficient -vth bgrad.
template <class T>
ASSAY_HD ASSAY_GK_INLINE T mirror_sum(const Ladder& k, const Neighbours<T>& h) {
  return (k.root_down * k.l) * h.m_down + (k.root_down * (k.l + 1)) * h.l_up_m_down -
         (k.root_up * (k.l + 1)) * h.m_up - (k.root_up * k.l) * h.l_down_m_up;
}

/// Curvature (v_par^2) and grad-B (x = v_perp^2/2) drifts, with their frequencies; the caller multiplies by -i.
template <class T, class C>
ASSAY_HD ASSAY_GK_INLINE T drift_sum(const Ladder& k, const Point<C>& c, const Neighbours<T>& h) {
  return c.curvature * (k.root_up2 * h.m_up2 + (2 * k.m + 1) * h.here + k.root_down2 * h.m_down2) +
         c.grad_b * ((k.l + 1) * h.l_up + (2 * k.l + 1) * h.here + k.l * h.l_down);
}

/// The terms with real coefficients that are local in z. collision_rate: nu (nu_l l + nu_m m) of this moment.
template <class T, class C>
ASSAY_HD ASSAY_GK_INLINE T local_sum(const Ladder& k, const Point<C>& c, double collision_rate,
                                     const Neighbours<T>& h) {
  return (-1.0) * (c.mirror * mirror_sum(k, h) + (c.damping + collision_rate) * h.here);
}

/// Offsets into `fields` in complex elements; see gk_linear.hpp.
ASSAY_HD ASSAY_GK_INLINE long at_phi(const Tables&, int z) {
  return z;
}
ASSAY_HD ASSAY_GK_INLINE long at_apar(const Tables& t, int z) {
  return t.nz + z;
}
ASSAY_HD ASSAY_GK_INLINE long at_bpar(const Tables& t, int z) {
  return 2L * t.nz + z;
}
/// which: 0 upar, 1 uperp, 2 temperature.
ASSAY_HD ASSAY_GK_INLINE long at_moment(const Tables& t, int s, int which, int z) {
  return (3L + 3L * s + which) * t.nz + z;
}
ASSAY_HD ASSAY_GK_INLINE long at_low_row(const Tables& t, int s, int l, int m, int z) {
  return (3L + 3L * t.ns + 2L * (static_cast<long>(s) * t.nl + l) + m) * t.nz + z;
}
ASSAY_HD ASSAY_GK_INLINE long at_state(const Tables& t, int s, int l, int m, int z) {
  return ((static_cast<long>(s) * t.nl + l) * t.nm + m) * t.nz + z;
}
ASSAY_HD ASSAY_GK_INLINE long at_profile(const Tables& t, int s, int z) {
  return static_cast<long>(s) * t.nz + z;
}
ASSAY_HD ASSAY_GK_INLINE long at_gyro(const Tables& t, int s, int l, int z) {
  return (static_cast<long>(s) * t.nl + l) * t.nz + z;
}

/// Non-adiabatic moment H: rows m = 0, 1 come from `fields`, the others are G itself, zero outside.
ASSAY_HD ASSAY_GK_INLINE Complex moment(const Tables& t, const double* g, const double* fields, int s, int l,
                                        int m, int z) {
  if (l < 0 || l >= t.nl || m < 0 || m >= t.nm) return {};
  if (m < 2) return load(fields, at_low_row(t, s, l, m, z));
  return load(g, at_state(t, s, l, m, z));
}

ASSAY_HD ASSAY_GK_INLINE Neighbours<Complex> neighbours(const Tables& t, const double* g, const double* fields,
                                                        int s, int l, int m, int z) {
  const auto h = [&](int dl, int dm) { return moment(t, g, fields, s, l + dl, m + dm, z); };
  return {h(0, 0), h(0, 1), h(0, -1), h(0, 2), h(0, -2), h(1, 0), h(-1, 0), h(-1, 1), h(1, -1)};
}

ASSAY_HD ASSAY_GK_INLINE Point<double> point(const Tables& t, int s, int z) {
  const long i = at_profile(t, s, z);
  return {t.mirror[i], t.curvature[i], t.grad_b[i], t.damping[i]};
}

/// Rate of the part of the collision operator that is diagonal in (l, m); nu b stands in Tables::damping.
ASSAY_HD ASSAY_GK_INLINE double collision_rate(const Tables& t, int s, int l, int m) {
  return t.nu == nullptr ? 0.0 : t.nu[s] * (t.nu_l * l + t.nu_m * m);
}

/// Streaming flux F_m at one z: dG/dt = d/dz F_m + ...
ASSAY_HD ASSAY_GK_INLINE Complex streaming_flux(const Tables& t, const double* g, const double* fields, int s,
                                                int l, int m, int z) {
  const Ladder k = ladder(l, m);
  return -t.streaming[s] *
         parallel_velocity(k, moment(t, g, fields, s, l, m + 1, z), moment(t, g, fields, s, l, m - 1, z));
}

/// Reads fields and coefficients at one z; the host tier has one for a vector of points.
struct AtPoint {
  using Field = Complex;
  using Coefficient = double;
  const double* fields;
  int z;
  /// `row` is the place of the field at z = 0.
  ASSAY_HD ASSAY_GK_INLINE Complex field(long row) const { return load(fields, row + z); }
  ASSAY_HD ASSAY_GK_INLINE double coefficient(const double* table, long row) const { return table[row + z]; }
  ASSAY_HD ASSAY_GK_INLINE Complex zero() const { return {}; }
  ASSAY_HD ASSAY_GK_INLINE Complex i_times(Complex x) const { return times_i(x); }
};

/// Diamagnetic drive and the conserving part of the collisions: what only m <= 3 receives.
template <class At>
ASSAY_HD ASSAY_GK_INLINE typename At::Field low_moment_sources(const Tables& t, const At& at, int s, int l,
                                                               int m) {
  using C = typename At::Coefficient;
  auto drive = at.zero(), collisions = at.zero();
  const long i = at_gyro(t, s, l, 0);
  const auto phi = at.field(at_phi(t, 0));
  if (m == 0) drive = at.coefficient(t.drive_phi_0, i) * phi;
  if (m == 2) drive = at.coefficient(t.drive_phi_2, i) * phi;
  if (t.h_apar != nullptr) {
    const auto apar = at.field(at_apar(t, 0));
    if (m == 1) drive = at.coefficient(t.drive_apar_1, i) * apar;
    if (m == 3) drive = at.coefficient(t.drive_apar_3, i) * apar;
  }
  if (t.h_bpar != nullptr) {
    const auto bpar = at.field(at_bpar(t, 0));
    if (m == 0) drive = drive + at.coefficient(t.drive_bpar_0, i) * bpar;
    if (m == 2) drive = drive + at.coefficient(t.drive_bpar_2, i) * bpar;
  }
  if (t.nu != nullptr) {
    const auto upar = at.field(at_moment(t, s, 0, 0));
    const auto uperp = at.field(at_moment(t, s, 1, 0));
    const auto heat = at.field(at_moment(t, s, 2, 0));
    const double nu = t.nu[s];
    const C gyro = at.coefficient(t.gyro, i);
    if (m == 0) {
      collisions =
          (nu * at.coefficient(t.gyro_perp, i)) * uperp + (2 * nu * at.coefficient(t.gyro_heat, i)) * heat;
    }
    if (m == 1) collisions = (nu * gyro) * upar;
    if (m == 2) collisions = (nu * sqrt(2.0) * gyro) * heat;
  }
  return at.i_times(drive) + collisions;
}

}  // namespace assay::kernels::gk_linear
