// What a linear gyrokinetic point is: plain numbers, resolved and validated before any solver sees them.
// Units and symbols: docs/concepts/gyrokinetics.md. Lengths in a, frequencies in v_ref/a, k in 1/rho_ref.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace assay::workload::gk {

/// One kinetic species; values relative to the reference species (main ion).
struct Species {
  std::string name = "ion";
  double charge = 1.0;       ///< Z in e, signed
  double mass = 1.0;         ///< m / m_ref
  double temperature = 1.0;  ///< T / T_ref
  double density = 1.0;      ///< n / n_ref
  double a_LT = 2.49;        ///< a / L_T
  double a_Ln = 0.8;         ///< a / L_n
  double nu = 0.0;           ///< collision rate in v_ref/a (Lenard-Bernstein/Dougherty)
};

enum class GeometryModel { s_alpha, miller, slab };

struct GeometrySpec {
  GeometryModel model = GeometryModel::s_alpha;
  double q = 1.4;
  double s_hat = 0.8;
  double epsilon = 0.18;  ///< inverse aspect ratio r/R (s-alpha)
  double R0 = 2.77778;    ///< major radius R/a
  double alpha = 0.0;     ///< s-alpha pressure-gradient parameter
  double z0 = 0.0;        ///< slab: gradpar = 1/z0 when positive, else 1
  // Miller
  double rhoc = 0.5;
  double R_geo = 2.77778;
  double shift = 0.0;
  double kappa = 1.0;
  double kappa_prime = 0.0;
  double delta = 0.0;
  double delta_prime = 0.0;
  double beta_prime = 0.0;
};

enum class Boundary { linked, periodic };

struct GridSpec {
  int ntheta = 32;  ///< points in z a period of 2 pi
  int nperiod = 2;  ///< 2 nperiod - 1 periods are kept
  Boundary boundary = Boundary::linked;
  int links = 1;  ///< radial wavenumbers that the field line passes through, joined by twist and shift
  [[nodiscard]] int periods() const { return 2 * nperiod - 1; }  ///< of one link
  [[nodiscard]] int nz() const { return ntheta * periods() * links; }
};

enum class CollisionModel { lenard_bernstein, none };

struct Spec {
  GeometrySpec geometry;
  GridSpec grid;
  std::vector<Species> species{Species{}};
  double tau = 1.0;         ///< Boltzmann response of the adiabatic species; 0 when all species are kinetic
  double beta = 0.0;        ///< beta_ref; 0: electrostatic
  bool a_parallel = false;  ///< keep A_parallel when beta > 0
  bool b_parallel = false;  ///< keep B_parallel when beta > 0
  double ky = 0.3;
  double kx = 0.0;
  // Velocity space
  int nl = 16;   ///< Laguerre moments (operator's own basis)
  int nm = 48;   ///< Hermite moments (both bases)
  int nmu = 16;  ///< mu nodes of the (v_par, mu) basis
  // Damping
  double hyper_nu = 1.0;             ///< kz-proportional hypercollision strength nu_hm (0: off)
  int hyper_p = 0;                   ///< exponent; 0: min(20, max(nm/2, 1)), recorded resolved
  double end_damping_rate = 0.1;     ///< sponge amplitude A, a rate in v_ref/a (0: off)
  double end_damping_width = 0.125;  ///< share of the chain at each end
  CollisionModel collisions = CollisionModel::lenard_bernstein;
};

}  // namespace assay::workload::gk
