// The linear gyrokinetic right-hand side dG/dt = L G of one (ky, kx) mode in Hermite-Laguerre moments.
//
// Layout. State G[s][l][m][z], complex128, z fastest, interleaved (re, im). A column is one (s, l): Nm rows
// of Nz points, and the unit of work of a Range. Two phases, since every column needs the fields:
//   1. solve_fields: phi, A_par, B_par, the rows m = 0, 1 of H (the only ones that differ from G), and the
//      conserving collision moments of a species, all into `fields` (field_doubles(t) doubles);
//   2. apply_columns: the sum of all terms for the columns of a range; columns do not depend on each other.
//
// z-derivative. d/dz is the exact spectral one on the chain, as the dense real antisymmetric matrix D; |kz|
// of the hypercollisions is the dense symmetric K. For an even number of points the Nyquist mode is kept
// with kz = -pi/dz: that is the term i nyquist s_j sum_k s_k F_k, s_j = (-1)^j, which no real matrix holds.
// nyquist = 0 drops it (then L commutes with the reflection z -> -z, m -> (-1)^m where the geometry does;
// eigenvalues move by ~2e-7).
//
// Cost of an element (one complex moment at one z), N = Nz:
//   floor   4N (D) + 4N (K, rows m > 2) + 62 operations: 830 at N = 96
//   host    D and K split into even and odd parts, 2N + 2N + 70 operations: 454 at N = 96, all but 70 of
//           them in matrix products of panels that stay in cache
//   bytes   32 (G read, dG written); neighbours in (l, m) come from cache, coefficients are O(Nl Nz)
// At 454 operations and 32 bytes an element, arithmetic bounds every machine with more than 0.07 bytes an
// operation. Transforms (three FFTs of 96 points, ~155 operations in all) need fewer operations, but not
// fused ones and with shuffles between them; the product keeps any N, even primes, at one speed.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "core/types.hpp"

namespace assay::kernels::gk_linear {

/// Everything L is made of, as views. [s][z] means index s * nz + z; [s][l][z] alike. A null table: the term is
/// off.
struct Tables {
  int ns = 0, nl = 0, nm = 0, nz = 0;
  const double* derivative = nullptr;  ///< D [z][z'], real antisymmetric
  const double* abs_kz = nullptr;      ///< K [z][z'], real symmetric, non-negative
  double nyquist = 0.0;                ///< see above; -pi/(dz N), or 0
  // Per species
  const double* streaming = nullptr;  ///< [s] vth gradpar
  const double* hyper = nullptr;      ///< [s][m] rate times length of the |kz| damping of G, 0 for m <= 2
  const double* nu = nullptr;         ///< [s] collision rate; null: collisionless
  double nu_l = 2.0, nu_m = 1.0;      ///< weights of l and m in the diagonal of the collision operator
  // Profiles
  const double* mirror = nullptr;     ///< [s][z] vth bgrad
  const double* curvature = nullptr;  ///< [s][z] tz omega_cv
  const double* grad_b = nullptr;     ///< [s][z] tz omega_gb
  const double* damping = nullptr;    ///< [s][z] sponge rate + nu b, acting on H
  // Fields: phi = sum w_phi G_l0 (+ zonal), A_par = sum w_apar G_l1, B_par = sum w_bpar G_l0
  const double* w_phi = nullptr;  ///< [s][l][z]
  const double* w_apar = nullptr;
  const double* w_bpar = nullptr;
  const double* zonal_average = nullptr;  ///< [z] ky = 0: <phi> = sum_z zonal_average * (phi without <phi>)
  const double* zonal_gain = nullptr;     ///< [z] tau/Q: phi += zonal_gain <phi>
  // H = G + delta_m0 (h_phi phi + h_bpar B_par) - delta_m1 h_apar A_par
  const double* h_phi = nullptr;
  const double* h_apar = nullptr;
  const double* h_bpar = nullptr;
  // Drive, to be multiplied by i: [s][l][z], by the m that receives it
  const double* drive_phi_0 = nullptr;
  const double* drive_phi_2 = nullptr;
  const double* drive_apar_1 = nullptr;
  const double* drive_apar_3 = nullptr;
  const double* drive_bpar_0 = nullptr;
  const double* drive_bpar_2 = nullptr;
  // Collisions: gyro-average J_l, sqrt(b) (J_l + J_{l-1}), and l J_{l-1} + 2 l J_l + (l+1) J_{l+1}; [s][l][z]
  const double* gyro = nullptr;
  const double* gyro_perp = nullptr;
  const double* gyro_heat = nullptr;
};

/// Complex elements of a state.
inline std::size_t state_size(const Tables& t) {
  return std::size_t(t.ns) * t.nl * t.nm * t.nz;
}
inline std::size_t columns(const Tables& t) {
  return std::size_t(t.ns) * t.nl;
}

/// Doubles of `fields`: phi, A_par, B_par; upar, uperp, T of each species; rows m = 0, 1 of H of each column.
inline std::size_t field_doubles(const Tables& t) {
  return 2 * std::size_t(t.nz) * (3 + 3 * std::size_t(t.ns) + 2 * columns(t));
}

/// Scratch of apply_columns of each tier, in doubles; one piece for each thread.
std::size_t floor_scratch_doubles(const Tables& t);
std::size_t host_scratch_doubles(const Tables& t);

/// The oracle: the most obvious loops, fixed order of every sum, no contraction, no fast-math.
void solve_fields_floor(const Tables& t, const double* g, double* fields);
void apply_columns_floor(const Tables& t, const double* g, const double* fields, Range columns, double* out,
                         double* scratch);

/// Vectorised (AVX-512, AVX2 or SSE2, chosen when called). Same formulas, sums in another order and fused:
/// equal to the floor within 1e-14 of the largest element of dG (tests/parity/gk_linear).
/// Needs the folded matrices of fold_derivative (folded_doubles(nz) doubles), the same for every instruction
/// set.
struct Folded {
  const double* to_even = nullptr;  ///< [ D_eo | K_ee ], packed as host_panel.hpp says
  const double* to_odd = nullptr;   ///< [ K_oo | D_oe ]
};
std::size_t folded_doubles(int nz);
Folded fold_derivative(const Tables& t, double* storage);
void solve_fields_host(const Tables& t, const double* g, double* fields);
void apply_columns_host(const Tables& t, const Folded& folded, const double* g, const double* fields,
                        Range columns, double* out, double* scratch);

/// Operations and bytes of one application of L by the formulas above: what a measured time is compared with.
struct Cost {
  double operations = 0.0;
  double bytes = 0.0;
};
Cost floor_cost(const Tables& t);
Cost host_cost(const Tables& t);

}  // namespace assay::kernels::gk_linear
