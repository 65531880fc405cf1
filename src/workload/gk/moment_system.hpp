// (L - sigma) g = r solved exactly in the operator's own basis, by elimination of the Hermite index.
//
// L couples m to m +- 2 at most, and phi only to m = 0 and (through the drive) m = 2 of each species. With
// unknowns H, pairs of m form a block tridiagonal matrix sigma - A. It is eliminated from the top pair down,
// the factors of each Schur complement X_k are kept, and phi follows from the small matrix
//     S(sigma) = tau + sum n Z^2/T - sum n Z J_l [ (sigma - A)^-1 c(sigma) ]_{l,0},
//     c: m = 0: sigma Z/T J_l + i drive_0;  m = 2: i drive_2.
// Parity: where geometry and mode are symmetric in z (kx = 0), z -> -z, m -> (-1)^m splits the problem into two
// of half the size; the ITG branch is in the one with phi even.
//
// With n = Nl Nz (parity; 2 Nl Nz without): 10.7 n^3 operations a pair of m for the factors (the off-diagonal
// blocks are sparse and cost little), 16 n^2 bytes a pair to keep them, 16 n^2 operations a pair and solve.
// 4 x 8 x 96: 2.4e9 operations and 10 MB; 16 x 48 x 96: 9e11 operations and 0.9 GB.
// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "workload/gk/dense.hpp"
#include "workload/gk/operator.hpp"

namespace assay::workload::gk {

/// Which half of the reflection-symmetric problem; full does not use the symmetry.
enum class PhiParity { even, odd, full };

class MomentSystem {
 public:
  /// Keeps a reference to op. Throws std::invalid_argument where the elimination does not apply: A_par or B_par
  /// kept, zonal modes, or a parity asked of an operator that does not have it (kx, geometry, Nyquist mode).
  MomentSystem(const Operator& op, Complex sigma, PhiParity parity);

  /// g = (L - sigma)^-1 r, full states; r must have the parity of the system.
  [[nodiscard]] std::vector<Complex> solve(std::span<const Complex> r) const;

 private:
  struct Sparse {
    struct Entry {
      int row, column;
      Complex value;
    };
    std::vector<Entry> entries;
    void add_product(const Complex* x, Complex* y) const;
  };
  struct Pair {
    BlockLu factors;
    Sparse up, down;  // A_{k,k+1} and A_{k+1,k}
  };
  using Rows = std::vector<std::vector<Complex>>;  // right-hand side or solution, by pair

  [[nodiscard]] bool stored(int m, int z) const;
  [[nodiscard]] int points(int m) const;
  [[nodiscard]] int pair_size(int k) const;
  [[nodiscard]] int row(int m, int l, int z) const;
  void check() const;
  [[nodiscard]] Complex folded(const std::vector<Complex>& matrix, int m_from, int z, int z_from) const;
  void add_local(int s, int m, int m_from, int l, int z, Sparse& block) const;
  void add_collisions(int s, int m, int m_from, int l, int z, Sparse& block) const;
  void add_nonlocal(int s, int m, int m_from, int l, int z, Sparse& block) const;
  [[nodiscard]] Sparse block(int s, int k, int k_from) const;
  void factorise(int s);
  void build_response();
  void add_source(int s, int z, Complex phi, Complex* pair0, Complex* pair1) const;
  void add_charge(int s, const Complex* pair0, Complex* sum) const;
  void eliminate(int s, Rows& y) const;
  [[nodiscard]] Rows gather(int s, std::span<const Complex> r, double sign) const;
  void scatter(int s, const Rows& h, const std::vector<Complex>& phi, std::span<Complex> g) const;

  const Operator& op_;
  Complex sigma_;
  PhiParity parity_;
  int pairs_ = 0;
  std::vector<Complex> derivative_, abs_kz_;
  std::vector<std::vector<Pair>> systems_;  // [s][k]
  BlockLu response_;                        // S(sigma)
};

/// Whether z -> -z, m -> (-1)^m is a symmetry of the operator (profiles compared to 1e-12).
bool has_parity(const Operator& op);

}  // namespace assay::workload::gk
