// The direct solver of (L - sigma) in (v_par, mu): one elimination a (species, mu) line, a small matrix
// S(sigma) for the fields. One factorisation gives det S (roots of det S are the eigenvalues) and exact
// shift-invert solves.
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <vector>

#include "kernels/gk_mu/gk_mu.hpp"
#include "workload/gk/aligned.hpp"
#include "workload/gk/line_solver.hpp"
#include "workload/gk/mu_dense.hpp"
#include "workload/gk/mu_operator.hpp"
#include "workload/gk/operator.hpp"

namespace assay::workload::gk {

/// Parity of phi along z. With kx = 0 and up-down symmetric profiles the problem splits in two halves: phi even
/// (even Hermite moments even in z, odd ones odd, A_parallel odd) and phi odd. `none`: the whole, unsplit
/// problem.
enum class Parity { even, odd, none };
const char* name_of(Parity parity);

/// Parities in which the eigenvalues of this point can be looked for: {even, odd} or {none}.
std::vector<Parity> parities_of(const Spec& spec);

class MuSystem {
 public:
  /// Planes of doubles [line][re, im][m][ld]; the state of a line is sqrt(mu weight) times that of MuOperator,
  /// so that the Euclidean norm is the norm in phase space.
  using State = std::vector<double>;
  enum class Keep { fields_only, everything };

  MuSystem(const Spec& spec, MuNodes nodes, Parity parity);
  MuSystem(const MuSystem&) = delete;
  MuSystem& operator=(const MuSystem&) = delete;

  /// Eliminates at sigma. fields_only: det S; everything: also solve(). Cost: header of
  /// kernels/gk_mu/gk_mu.hpp.
  void factor(Complex sigma, Keep keep);
  [[nodiscard]] const DenseLu& fields() const { return fields_; }
  /// Phase of det S for |sigma| -> infinity, where S is real and diagonal (0 unless a coarse mu rule makes the
  /// polarisation negative somewhere), and the fastest passage of a period of the field line, times 2 pi.
  [[nodiscard]] double phase_at_infinity() const;
  [[nodiscard]] double transit_frequency() const;
  /// x := (L - sigma)^-1 x. The elimination loses digits as moments are added and as Re sigma falls (a solve
  /// with 48 moments is good to 1e-10, one with 96 beside a growth rate of 0.1 to nothing), so the first solve
  /// of a factorisation is checked against L, and where it is worse than 1e-11 this and the later ones are
  /// refined.
  void solve(State& x);
  /// False when the first solve of this factorisation could not be refined: take a sigma further to the right.
  [[nodiscard]] bool solvable() const { return solvable_; }
  /// out := (L - sigma) g. An eighth of the cost of a solve.
  void apply_shifted(State& g, State& out);
  /// The field vector that S(sigma) shrinks most, by inverse iteration, and the state it drives.
  void field_driven_state(State& x);

  /// conj(x) . y, and y += c x, in one fixed order.
  [[nodiscard]] Complex dot(const State& x, const State& y) const;
  void add_scaled(State& y, Complex c, const State& x) const;

  [[nodiscard]] std::size_t size() const { return lines_.size() * line_size(); }
  [[nodiscard]] int field_size() const { return n_[0] + (magnetic_ ? n_[1] : 0); }
  [[nodiscard]] Parity parity() const { return parity_; }
  [[nodiscard]] Complex sigma() const { return sigma_; }
  [[nodiscard]] long factorisations() const { return factorisations_; }
  [[nodiscard]] std::size_t factor_bytes() const;
  [[nodiscard]] std::size_t lines() const { return lines_.size(); }
  [[nodiscard]] const kernels::gk_mu::Line& line(std::size_t k) const { return lines_[k].view; }
  [[nodiscard]] const Spec& spec() const { return spec_; }

  /// To the layout of MuOperator on the whole grid, and back (the part of the other parity is dropped).
  [[nodiscard]] MuOperator::State expand(const State& x) const;
  [[nodiscard]] State restrict(const MuOperator::State& g) const;

 private:
  struct LineData {
    std::size_t species;
    int mu;
    std::vector<double> grad_b[2], gyro[2], mirror, x;
    kernels::gk_mu::Line view;
  };
  struct SpeciesData {
    double vth, tz, charge_density, ladder_speed;
    std::vector<double> stream, kz_abs[2], curvature[2];
  };

  [[nodiscard]] std::size_t line_size() const;
  [[nodiscard]] kernels::gk_mu::Moments moments(State& x, std::size_t line) const;
  [[nodiscard]] kernels::gk_mu::Factor factor_of(std::size_t line) const;
  void build_bases(const MuOperator& op);
  void build_species(const MuOperator& op);
  void build_lines(const MuOperator& op);
  [[nodiscard]] std::vector<double> in_basis(const std::vector<double>& profile, int a) const;
  [[nodiscard]] std::vector<double> in_bases(const std::vector<double>& matrix, int a, int b) const;
  void add_response(std::size_t line, const kernels::gk_mu::Factor& f, std::vector<Complex>& s);
  /// Source of moment q per unit of phi (q = 0, 2) or A_parallel (q = 1, 3) at basis function j.
  [[nodiscard]] Complex source(const LineData& line, int q, int j) const;
  void add_sources(const LineData& line, const Complex* field, double scale,
                   const kernels::gk_mu::Moments& to) const;
  void add_field_moments(const LineData& line, const kernels::gk_mu::Moments& h, Complex* out) const;
  [[nodiscard]] std::vector<Complex> field_moments(State& x) const;
  /// What a field of 1 adds to the field equation beside g: the diagonal of S for |sigma| -> infinity.
  [[nodiscard]] std::vector<double> polarisation() const;
  void solve_once(State& x);
  /// What is left of b after x, relative to b; left := b - (L - sigma) x.
  double remainder(const State& b, State& x, State& left);
  void add_driven(const std::vector<Complex>& field, double keep, State& x);
  void subtract_response(const LineData& line, const std::vector<Complex>& field,
                         const kernels::gk_mu::Moments& g) const;

  Spec spec_;
  Parity parity_;
  bool magnetic_ = false;
  int nz_ = 0, n_[2] = {0, 0}, paired_ = 0, rows_ = 0, ld_ = 0;
  /// Basis function i of parity a: grid points first[i] and second[i] (equal: a point of its own), sign of the
  /// second.
  std::vector<int> first_[2], second_[2];
  double sign_[2] = {1.0, -1.0};
  std::vector<double> bmag_[2], sponge_[2], skin_, hyper_, root_weight_;
  std::vector<SpeciesData> species_;
  std::vector<LineData> lines_;
  std::optional<AlignedDoubles>
      factor_storage_;  ///< allocated by the first factorisation that keeps everything
  AlignedDoubles scratch_;
  int kept_ = 0;
  bool owns_factors_ = false;
  std::unique_ptr<LineSolver> elsewhere_;  ///< null: the host kernels; else scratch_ holds the low blocks
  DenseLu fields_;
  Complex sigma_{0.0, 0.0};
  bool checked_ = false, refined_ = false, solvable_ = true;
  long factorisations_ = 0;
};

}  // namespace assay::workload::gk
