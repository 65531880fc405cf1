// The linear operator in (v_par, mu), matrix-free and in the most obvious loops: the oracle of the direct route
// and the judge of its residual. It knows neither parity nor elimination.
//
// State g[species][mu][m][z] = sqrt(W) times the Hermite moments (in v_par, at fixed mu) of the gyrocentre
// distribution over F_M, W = exp(-mu (B - 1)). At fixed mu the mirror force does not couple different mu, and
// in this variable streaming and mirror force are together antisymmetric:
//     -vth gradpar [ d/dz (v h)_m ] - vth bgrad (mu B / 2) (sqrt(m) h_{m-1} - sqrt(m+1) h_{m+1}).
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <optional>
#include <string>
#include <vector>

#include "workload/gk/diagnostics.hpp"
#include "workload/gk/geometry.hpp"
#include "workload/gk/mu_grid.hpp"
#include "workload/gk/spec.hpp"

namespace assay::workload::gk {

/// Why the (v_par, mu) route cannot represent this point, in words; empty when it can.
std::optional<std::string> mu_unsupported(const Spec& spec);

/// Factor of vth |gradpar| |kz| in the hypercollisions of moment m, with the exponent resolved for spec.nm.
double hypercollision_factor(const Spec& spec, int m);

/// phi and A_parallel along z; apar is empty when beta or a_parallel is off.
struct MuFields {
  std::vector<std::complex<double>> phi, apar;
};

/// Terms of L that apply() adds up.
struct MuTerms {
  bool streaming = true, mirror = true, drifts = true, drive = true, end_damping = true, hypercollisions = true;
};

class MuOperator {
 public:
  using State = std::vector<std::complex<double>>;

  MuOperator(const Spec& spec, MuNodes nodes);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t at(std::size_t species, int mu, int m, int z) const;
  /// out := L g. Cost: nmu nm nz^2 real-by-complex products a species, twice.
  void apply(const State& g, State& out, const MuTerms& terms = {}) const;
  [[nodiscard]] MuFields fields(const State& g) const;
  /// Norm in phase space: sqrt of the sum of mu weights times |g|^2, the same for every resolution in m and z.
  [[nodiscard]] double norm(const State& g) const;
  /// ||L g - lambda g|| / ||L g||.
  [[nodiscard]] double residual(std::complex<double> lambda, const State& g) const;

  /// The same quantities as quasilinear_weights of the moment basis, with p the energy moment (v^2/2 + x) J0 g.
  [[nodiscard]] QuasilinearWeights quasilinear_weights(const State& g) const;
  /// W = 1/2 sum n T w_mu Re(conj(h) g): here streaming, mirror and drifts conserve it each. Six applications.
  [[nodiscard]] FreeEnergyBalance free_energy_balance(const State& g) const;

  /// The same distribution in the moment basis, with nl Laguerre functions: [species][l][m][z].
  [[nodiscard]] State in_moments(const State& g, int nl) const;

  /// J0 sqrt(W) of a species at a mu node and grid point.
  [[nodiscard]] double gyro_average(std::size_t species, int mu, int z) const {
    return gyro_[species][static_cast<std::size_t>(mu) * geometry_.nz() + z];
  }
  [[nodiscard]] const Spec& spec() const { return spec_; }
  [[nodiscard]] const Geometry& geometry() const { return geometry_; }
  [[nodiscard]] const MuGrid& grid() const { return grid_; }

 private:
  [[nodiscard]] double bessel(const Species& s, int mu, int z) const;
  [[nodiscard]] double root_weight(int mu, int z) const;
  [[nodiscard]] State non_adiabatic(const State& g, const MuFields& f, std::size_t species, int mu) const;
  void add_row_combination(const std::vector<double>& matrix, const std::complex<double>* x, double* re,
                           double* im) const;
  /// Density (energy: false) or energy moment of J0 g along z.
  [[nodiscard]] Complex moment(const State& g, std::size_t species, int z, bool energy) const;

  Spec spec_;
  Geometry geometry_;
  ModeProfiles profiles_;
  MuGrid grid_;
  std::vector<double> derivative_, kz_abs_, sponge_;
  std::vector<std::vector<double>> gyro_;  ///< per species, [mu][z]: J0 sqrt(W)
};

}  // namespace assay::workload::gk
