// The operator L of one mode, built from a Spec: the tables of kernels/gk_linear and the storage behind them.
// Everything here is reentrant: an Operator is read-only after make_operator and may be shared by threads, a
// Workspace belongs to one thread.
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "kernels/gk_linear/gk_linear.hpp"
#include "workload/gk/geometry.hpp"
#include "workload/gk/spec.hpp"

namespace assay::workload::gk {

using Complex = std::complex<double>;

/// Which implementation of the kernel runs. Both compute the same L; floor is the oracle, host the fast one.
enum class Tier { floor, host };

/// What happens to the Nyquist mode of d/dz on an even number of points: kept with kz = -pi/dz (as the public
/// code does), or dropped, which makes D real antisymmetric and L exactly symmetric under z -> -z, m -> (-1)^m.
/// The eigenvalue moves by about 2e-7; |kz| always keeps it.
enum class Nyquist { kept, dropped };

struct OperatorOptions {
  Nyquist nyquist = Nyquist::kept;
};

/// Gyro-averages of one species along z, (l, z) with z fastest: J_l, and the drive combinations made of it.
struct GyroTables {
  std::vector<double> b;               ///< [z] kperp^2 rho_s^2
  std::vector<double> j;               ///< J_l(b)
  std::vector<double> jb;              ///< J_l + J_{l-1}
  std::vector<double> heat;            ///< l J_{l-1} + 2 l J_l + (l+1) J_{l+1}, J_{Nl} by its formula (drive)
  std::vector<double> heat_b;          ///< the same of jb
  std::vector<double> heat_truncated;  ///< the same of j with J_{Nl} = 0 (collisions)
  std::vector<double> gamma0;          ///< [z] sum_l J_l^2: the truncated Gamma_0 of the field equation
};
GyroTables gyro_tables(const Species& species, const std::vector<double>& kperp2, int nl);

/// Move-only, since the views in `tables` point into `storage`.
struct Operator {
  Operator() = default;
  Operator(Operator&&) = default;
  Operator& operator=(Operator&&) = default;
  Operator(const Operator&) = delete;
  Operator& operator=(const Operator&) = delete;

  Spec spec;  ///< with hyper_p resolved
  OperatorOptions options;
  Geometry geometry;
  ModeProfiles profiles;
  std::vector<GyroTables> gyro;         ///< one a species
  std::vector<double> quasineutrality;  ///< [z] Q = tau + sum n Z^2/T (1 - Gamma_0)
  std::vector<std::vector<double>> storage;
  std::vector<double> folded_storage;
  kernels::gk_linear::Tables tables;
  kernels::gk_linear::Folded folded;

  [[nodiscard]] std::size_t size() const { return kernels::gk_linear::state_size(tables); }
  [[nodiscard]] int nz() const { return tables.nz; }
  [[nodiscard]] std::size_t at(int s, int l, int m, int z) const {
    return ((static_cast<std::size_t>(s) * tables.nl + l) * tables.nm + m) * tables.nz + z;
  }
};

/// Builds L. Throws std::invalid_argument for a Spec that has no meaning (no species, Nl < 1, both tau and
/// every charge 0).
Operator make_operator(const Spec& spec, const OperatorOptions& options = {});

/// Exponent of the hypercollisions: as given, or min(20, max(nm / 2, 1)).
int resolved_hyper_p(const Spec& spec);

/// Mode (0, 0) has no dynamics in phi; ky = 0 has no drive and no sponge, but a zonal average in the field
/// equation.
bool is_zonal(const Spec& spec);

/// Memory that one application needs, allocated once and reused.
struct Workspace {
  std::vector<double> fields, scratch;
  void fit(const Operator& op, Tier tier);
};

/// out = L g. Sizes must equal op.size(). 33 million operations at 16 x 48 x 96 (host).
void apply(const Operator& op, Tier tier, std::span<const Complex> g, std::span<Complex> out, Workspace& work);

/// phi (and, when kept, A_par, B_par) along z of a state.
struct Fields {
  std::vector<Complex> phi, apar, bpar;
};
Fields solve_fields(const Operator& op, std::span<const Complex> g, Workspace& work);

/// H of a state: what the free energy and the damping are made of.
std::vector<Complex> non_adiabatic(const Operator& op, std::span<const Complex> g, Workspace& work);

/// L as a dense column-major matrix, one application a column: for checks on small problems.
std::vector<Complex> assemble(const Operator& op, Tier tier);

/// ||L g - lambda g|| / ||L g|| with the Rayleigh quotient lambda = <g, L g>/<g, g>; one application.
struct RayleighResidual {
  Complex lambda;
  double residual = 0.0;
};
RayleighResidual rayleigh_residual(const Operator& op, Tier tier, std::span<const Complex> g,
                                   std::span<Complex> scratch, Workspace& work);

/// Initial state: density moment of every kinetic species, (1 + i) exp(-((z - theta0)/width)^2), theta0 =
/// kx/(s_hat ky).
std::vector<Complex> gaussian_state(const Operator& op, double amplitude = 1e-10, double width = 0.5);

}  // namespace assay::workload::gk
