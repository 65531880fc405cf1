// Block elimination of one line from the last Hermite moment down to m = 0, and solves with what it leaves
// behind.
//
// With M = lambda - A, block pentadiagonal in m, the step m = nm-1 ... 0 keeps two blocks,
//     G_m = P_m^-1 (P_m: what has become of M[m][m]; complex symmetric),   E_m = G_m R_m (R_m: of M[m][m-1]),
// and updates, with c = skip(m-2),
//     P_{m-1} += R_m^T E_m,    P_{m-2} += c G_m c,    R_{m-1} = -raise(m-2)^T + E_m^T (i c).
// Then  M x = b  is  b_{m-1} += E_m^T b_m,  b_{m-2} -= i c G_m b_m  downwards, and upwards
//     x_m = G_m (b_m - i c x_{m-2}) - E_m x_{m-1}.
//
// Cost a line: 24 n^3 nm real operations (n points a basis; 8 each for G, E and R^T E), 4 n^2 nm complex
// products a solve, which waits for the bytes of the blocks: each sweep reads all of E and half of G. All tiers
// fill the same storage; host and floor differ in the order of sums only (parity tolerance: 1e-10 of the
// largest entry, since the condition number of the blocks is ~ 1e3).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "kernels/gk_mu/body.hpp"

namespace assay::kernels::gk_mu {

/// A complex matrix stored as a plane of real and a plane of imaginary parts, rows of `ld` doubles (zero
/// padded).
struct Matrix {
  double* re = nullptr;
  double* im = nullptr;
  int ld = 0;
};

/// Blocks of one line. Moments from `kept` on share one slot: enough for S(lambda), too little for full solves.
struct Factor {
  double* data = nullptr;
  int rows = 0;  ///< max(n[0], n[1])
  int ld = 0;    ///< rows rounded up to 8
  int kept = 0;  ///< moments with storage of their own: nm for solves, at least 4

  [[nodiscard]] ASSAY_HD std::size_t plane() const { return static_cast<std::size_t>(rows) * ld; }
  [[nodiscard]] ASSAY_HD Matrix at(int m, int which) const {
    double* p = data + plane() * 2 * (2 * (m < kept ? m : kept) + which);
    return {p, p + plane(), ld};
  }
  [[nodiscard]] ASSAY_HD Matrix inverse(int m) const { return at(m, 0); }  ///< G_m
  [[nodiscard]] ASSAY_HD Matrix link(int m) const { return at(m, 1); }     ///< E_m, m > 0
};

ASSAY_HD inline int padded(int n) {
  return (n + 7) / 8 * 8;
}
/// Doubles of a factor.
ASSAY_HD inline std::size_t factor_size(int rows, int kept) {
  return static_cast<std::size_t>(rows) * padded(rows) * 4 * (kept + 1);
}
/// Doubles of the blocks of moments below 4, which lie at the start of a factor: all that the field matrix
/// S(lambda) needs on the host.
ASSAY_HD inline std::size_t low_moments_size(int rows) {
  return static_cast<std::size_t>(rows) * padded(rows) * 16;
}

/// Doubles of the scratch of an elimination; that of a solve: 2 padded(rows).
ASSAY_HD inline std::size_t scratch_size(int rows) {
  return static_cast<std::size_t>(rows) * padded(rows) * 10 + 64 * static_cast<std::size_t>(padded(rows));
}

/// A block of moments as planes: re and im hold nm rows of `ld` doubles (the padding is written as zero).
struct Moments {
  double* re = nullptr;
  double* im = nullptr;
  int ld = 0;
};

void eliminate_floor(const Line& line, Pair lambda, const Factor& factor, double* scratch);
void eliminate_host(const Line& line, Pair lambda, const Factor& factor, double* scratch);

/// x := (lambda - A)^-1 x for a factor that kept every moment, in two sweeps. The first, downwards, leaves in b
/// what is solved upwards; b is zero above m = top (top = nm-1: general), which saves it half of the work for
/// field sources. It is linear in b. The second finds rows m < `rows` of x: the fields need only the first two.
void descend_floor(const Line& line, const Factor& factor, int top, const Moments& b, double* scratch);
void descend_host(const Line& line, const Factor& factor, int top, const Moments& b, double* scratch);
void ascend_floor(const Line& line, const Factor& factor, int top, int rows, const Moments& x, double* scratch);
void ascend_host(const Line& line, const Factor& factor, int top, int rows, const Moments& x, double* scratch);

/// c := c + s a b for complex matrices: a is rows x inner, or its transpose when a_transposed; b is inner x
/// columns.
enum class Operand { plain, transposed };
void multiply_add_host(const Matrix& c, int rows, int columns, double s, const Matrix& a, Operand shape,
                       int inner, const Matrix& b);

/// Operations (one complex product with its sum: 8) and bytes of an elimination and of a solve, by the formulas
/// above with the two basis sizes that the line has. Bytes of an elimination: the blocks that it keeps, written
/// once (what it works on stays in cache). Bytes of a solve: each sweep reads every E and one half of every G,
/// and the state is read and written.
struct Cost {
  double operations = 0.0;
  double bytes = 0.0;
};
Cost elimination_cost(const Line& line, const Factor& factor);
Cost solve_cost(const Line& line, const Factor& factor, int top);

}  // namespace assay::kernels::gk_mu
