// Tables of L from a Spec. The comments name the equation; docs/concepts/gyrokinetics.md has them in full.
// SPDX-License-Identifier: MIT
#include "workload/gk/operator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace assay::workload::gk {
namespace {

namespace kernel = kernels::gk_linear;

void require(bool holds, const char* sentence) {
  if (!holds) throw std::invalid_argument(sentence);
}

void check(const Spec& s) {
  require(!s.species.empty(), "a gyrokinetic operator needs at least one kinetic species");
  require(s.nl >= 1 && s.nm >= 2, "a gyrokinetic operator needs nl >= 1 and nm >= 2");
  require(s.grid.nz() >= 3, "a gyrokinetic operator needs at least 3 points in z");
  require(s.beta >= 0.0, "beta must not be negative");
  for (const auto& p : s.species) {
    require(p.mass > 0.0 && p.temperature > 0.0, "a species needs a positive mass and temperature");
    require(p.charge != 0.0, "a kinetic species needs a charge");
  }
  require(!(is_zonal(s) && s.b_parallel && s.beta > 0.0),
          "B_parallel is not defined together with the zonal field equation (ky = 0)");
}

/// One table [s][z] or [s][l][z]; the view stays valid when the operator is moved.
const double* keep(Operator& op, std::vector<double> values) {
  op.storage.push_back(std::move(values));
  return op.storage.back().data();
}

struct Derived {
  double vth, tz, zt;
};
Derived derived(const Species& p) {
  return {std::sqrt(p.temperature / p.mass), p.temperature / p.charge, p.charge / p.temperature};
}

/// D and K on N equidistant points. Angles are reduced as integers, so that D is antisymmetric to the last bit.
void add_derivatives(Operator& op) {
  const int n = op.geometry.nz();
  const double unit = 2.0 * std::numbers::pi / (n * op.geometry.dz);
  std::vector<double> odd(n, 0.0), even(n, 0.0), d(static_cast<std::size_t>(n) * n), a(d.size());
  for (int r = 0; r < n; ++r) {
    for (int k = 1; 2 * k < n; ++k) {
      const double angle = 2.0 * std::numbers::pi * static_cast<double>((static_cast<long>(k) * r) % n) / n;
      odd[r] -= 2.0 / n * (k * unit) * std::sin(angle);
      even[r] += 2.0 / n * (k * unit) * std::cos(angle);
    }
    if (n % 2 == 0) even[r] += (r % 2 == 0 ? 1.0 : -1.0) * (0.5 * n * unit) / n;
  }
  for (int r = 1; r < n; ++r) {
    if (2 * r < n) odd[n - r] = -odd[r], even[n - r] = even[r];
  }
  odd[0] = 0.0;
  if (n % 2 == 0) odd[n / 2] = 0.0;
  for (int j = 0; j < n; ++j) {
    for (int k = 0; k < n; ++k) {
      const int r = (j - k + n) % n;
      d[static_cast<std::size_t>(j) * n + k] = odd[r];
      a[static_cast<std::size_t>(j) * n + k] = even[r];
    }
  }
  op.tables.derivative = keep(op, std::move(d));
  op.tables.abs_kz = keep(op, std::move(a));
  const bool nyquist = n % 2 == 0 && op.options.nyquist == Nyquist::kept;
  op.tables.nyquist = nyquist ? -std::numbers::pi / (op.geometry.dz * n) : 0.0;
}

void add_species_tables(Operator& op) {
  const Spec& spec = op.spec;
  const Geometry& g = op.geometry;
  const int nz = g.nz(), nm = spec.nm;
  std::vector<double> streaming, hyper, nu, mirror, curvature, grad_b, damping;
  const bool sponge_on = spec.grid.boundary != Boundary::periodic && spec.ky != 0.0;
  const auto sponge = end_damping_profile(nz, sponge_on ? spec.end_damping_width : 0.0);
  for (std::size_t s = 0; s < spec.species.size(); ++s) {
    const Species& p = spec.species[s];
    const Derived d = derived(p);
    const double collisions = spec.collisions == CollisionModel::none ? 0.0 : p.nu;
    streaming.push_back(d.vth * g.gradpar);
    nu.push_back(collisions);
    const double strength = spec.hyper_nu * 2.3 * d.vth * std::abs(g.gradpar) * (spec.hyper_p + 0.5);
    for (int m = 0; m < nm; ++m) {
      const double x = static_cast<double>(m) / (nm - 1);
      hyper.push_back(m > 2 ? strength / std::sqrt(nm - 1.0) * std::pow(x, spec.hyper_p) : 0.0);
    }
    for (int z = 0; z < nz; ++z) {
      mirror.push_back(d.vth * g.bgrad[z]);
      curvature.push_back(d.tz * op.profiles.omega_cv[z]);
      grad_b.push_back(d.tz * op.profiles.omega_gb[z]);
      damping.push_back(spec.end_damping_rate * sponge[z] + collisions * op.gyro[s].b[z]);
    }
  }
  auto& t = op.tables;
  const bool any_nu = std::any_of(nu.begin(), nu.end(), [](double x) { return x != 0.0; });
  t.streaming = keep(op, std::move(streaming));
  t.hyper = spec.hyper_nu == 0.0 ? nullptr : keep(op, std::move(hyper));
  t.nu = any_nu ? keep(op, std::move(nu)) : nullptr;
  t.mirror = keep(op, std::move(mirror));
  t.curvature = keep(op, std::move(curvature));
  t.grad_b = keep(op, std::move(grad_b));
  t.damping = keep(op, std::move(damping));
}

/// The 2 x 2 system of quasineutrality and perpendicular Ampere at one z (B_par off: only Q remains).
struct FieldSolve {
  double q = 0.0, g01 = 0.0, g11 = 0.0, ampere = 0.0;
};

FieldSolve field_solve(const Operator& op, int z) {
  FieldSolve f;
  f.q = op.spec.tau;
  for (std::size_t s = 0; s < op.spec.species.size(); ++s) {
    const Species& p = op.spec.species[s];
    const GyroTables& g = op.gyro[s];
    f.q += p.density * p.charge * p.charge / p.temperature * (1.0 - g.gamma0[z]);
    f.ampere += 0.5 * op.spec.beta * p.density * p.charge * p.charge / p.mass * g.gamma0[z];
    for (int l = 0; l < op.spec.nl; ++l) {
      const std::size_t i = static_cast<std::size_t>(l) * op.nz() + z;
      f.g01 += p.density * p.charge * g.j[i] * g.jb[i];
      f.g11 += p.density * p.temperature * g.jb[i] * g.jb[i];
    }
  }
  const double b2 = op.geometry.bmag[z] * op.geometry.bmag[z];
  f.ampere += op.profiles.kperp2[z] * (op.geometry.kperp2_over_b2 ? b2 : 1.0);
  return f;
}

void add_field_tables(Operator& op) {
  const Spec& spec = op.spec;
  const int nz = op.nz(), nl = spec.nl;
  const std::size_t n = spec.species.size() * static_cast<std::size_t>(nl) * nz;
  const bool apar = spec.a_parallel && spec.beta > 0.0, bpar = spec.b_parallel && spec.beta > 0.0;
  const bool silent = spec.ky == 0.0 && spec.kx == 0.0;  // the (0, 0) mode has no phi
  std::vector<double> w_phi(n), w_apar(n), w_bpar(n), h_phi(n), h_apar(n), h_bpar(n);
  op.quasineutrality.resize(nz);
  for (int z = 0; z < nz; ++z) {
    const FieldSolve f = field_solve(op, z);
    op.quasineutrality[z] = f.q;
    const double beta_b2 = 0.5 * spec.beta / (op.geometry.bmag[z] * op.geometry.bmag[z]);
    const double qb = -f.g01, aphi = beta_b2 * f.g01, ab = 1.0 + beta_b2 * f.g11;
    const double den = bpar ? f.q * ab - qb * aphi : f.q;
    const double over_den = silent || den == 0.0 ? 0.0 : 1.0 / den;
    for (std::size_t s = 0; s < spec.species.size(); ++s) {
      const Species& p = spec.species[s];
      const Derived d = derived(p);
      for (int l = 0; l < nl; ++l) {
        const std::size_t i = (s * nl + l) * nz + z, local = static_cast<std::size_t>(l) * nz + z;
        const double j = op.gyro[s].j[local], jb = op.gyro[s].jb[local];
        const double charge = p.density * p.charge * j, pressure = beta_b2 * p.density * p.temperature * jb;
        w_phi[i] = (bpar ? ab * charge + qb * pressure : charge) * over_den;
        w_bpar[i] = -(f.q * pressure + aphi * charge) * over_den;
        w_apar[i] = f.ampere > 0.0 ? 0.5 * spec.beta * p.density * p.charge * d.vth * j / f.ampere : 0.0;
        h_phi[i] = d.zt * j;
        h_apar[i] = d.zt * d.vth * j;
        h_bpar[i] = jb;
      }
    }
  }
  auto& t = op.tables;
  t.w_phi = keep(op, std::move(w_phi));
  t.h_phi = keep(op, std::move(h_phi));
  if (apar) t.w_apar = keep(op, std::move(w_apar)), t.h_apar = keep(op, std::move(h_apar));
  if (bpar) t.w_bpar = keep(op, std::move(w_bpar)), t.h_bpar = keep(op, std::move(h_bpar));
}

/// ky = 0 and a Boltzmann species: its response excludes the flux-surface average, in closed form.
void add_zonal_tables(Operator& op) {
  if (!is_zonal(op.spec) || op.spec.tau <= 0.0 || op.spec.kx == 0.0) return;
  const int nz = op.nz();
  double norm = 0.0;
  for (int z = 0; z < nz; ++z) {
    norm += op.geometry.jacobian[z] * (op.quasineutrality[z] - op.spec.tau) / op.quasineutrality[z];
  }
  std::vector<double> average(nz), gain(nz);
  for (int z = 0; z < nz; ++z) {
    average[z] = op.geometry.jacobian[z] / norm;
    gain[z] = op.spec.tau / op.quasineutrality[z];
  }
  op.tables.zonal_average = keep(op, std::move(average));
  op.tables.zonal_gain = keep(op, std::move(gain));
}

void add_drive_tables(Operator& op) {
  const Spec& spec = op.spec;
  const int nz = op.nz(), nl = spec.nl;
  std::vector<double> phi0, phi2, apar1, apar3, bpar0, bpar2, gyro, perp, heat;
  for (std::size_t s = 0; s < spec.species.size(); ++s) {
    const Species& p = spec.species[s];
    const Derived d = derived(p);
    const GyroTables& g = op.gyro[s];
    const double ln = spec.ky * p.a_Ln, lt = spec.ky * p.a_LT;
    for (int l = 0; l < nl; ++l) {
      for (int z = 0; z < nz; ++z) {
        const std::size_t i = static_cast<std::size_t>(l) * nz + z;
        phi0.push_back(ln * g.j[i] + lt * g.heat[i]);
        phi2.push_back(lt * g.j[i] / std::numbers::sqrt2);
        apar1.push_back(-d.vth * (ln * g.j[i] + lt * (g.heat[i] + g.j[i])));
        apar3.push_back(-d.vth * std::sqrt(1.5) * lt * g.j[i]);
        bpar0.push_back(d.tz * (ln * g.jb[i] + lt * g.heat_b[i]));
        bpar2.push_back(d.tz * lt * g.jb[i] / std::numbers::sqrt2);
        gyro.push_back(g.j[i]);
        perp.push_back(std::sqrt(g.b[z]) * g.jb[i]);
        heat.push_back(g.heat_truncated[i]);
      }
    }
  }
  auto& t = op.tables;
  t.drive_phi_0 = keep(op, std::move(phi0));
  t.drive_phi_2 = keep(op, std::move(phi2));
  if (t.h_apar != nullptr)
    t.drive_apar_1 = keep(op, std::move(apar1)), t.drive_apar_3 = keep(op, std::move(apar3));
  if (t.h_bpar != nullptr)
    t.drive_bpar_0 = keep(op, std::move(bpar0)), t.drive_bpar_2 = keep(op, std::move(bpar2));
  if (t.nu == nullptr) return;
  t.gyro = keep(op, std::move(gyro));
  t.gyro_perp = keep(op, std::move(perp));
  t.gyro_heat = keep(op, std::move(heat));
}

}  // namespace

GyroTables gyro_tables(const Species& species, const std::vector<double>& kperp2, int nl) {
  const std::size_t nz = kperp2.size(), n = nz * static_cast<std::size_t>(nl);
  GyroTables g{.b = kperp2,
               .j = std::vector<double>(n),
               .jb = std::vector<double>(n),
               .heat = std::vector<double>(n),
               .heat_b = std::vector<double>(n),
               .heat_truncated = std::vector<double>(n),
               .gamma0 = std::vector<double>(nz, 0.0)};
  const double rho2 = species.temperature * species.mass / (species.charge * species.charge);
  std::vector<double> j(nl + 1);
  for (std::size_t z = 0; z < nz; ++z) {
    const double b = g.b[z] = rho2 * kperp2[z];
    j[0] = std::exp(-0.5 * b);
    for (int l = 1; l <= nl; ++l) j[l] = -j[l - 1] * (0.5 * b) / l;
    const auto jb = [&](int l) { return l < 0 ? 0.0 : j[l] + (l > 0 ? j[l - 1] : 0.0); };
    for (int l = 0; l < nl; ++l) {
      const std::size_t i = static_cast<std::size_t>(l) * nz + z;
      const double below = l > 0 ? l * j[l - 1] + 2.0 * l * j[l] : 0.0;
      g.j[i] = j[l];
      g.jb[i] = jb(l);
      g.heat[i] = below + (l + 1) * j[l + 1];
      g.heat_truncated[i] = below + (l + 1 < nl ? (l + 1) * j[l + 1] : 0.0);
      g.heat_b[i] = l * jb(l - 1) + 2.0 * l * jb(l) + (l + 1) * jb(l + 1);
      g.gamma0[z] += j[l] * j[l];
    }
  }
  return g;
}

int resolved_hyper_p(const Spec& spec) {
  return spec.hyper_p > 0 ? spec.hyper_p : std::min(20, std::max(spec.nm / 2, 1));
}

bool is_zonal(const Spec& spec) {
  return spec.ky == 0.0;
}

Operator make_operator(const Spec& spec, const OperatorOptions& options) {
  check(spec);
  Operator op;
  op.spec = spec;
  op.spec.hyper_p = resolved_hyper_p(spec);
  op.options = options;
  op.geometry = make_geometry(spec.geometry, spec.grid);
  op.profiles = mode_profiles(op.geometry, spec.ky, spec.kx);
  for (const auto& species : spec.species) op.gyro.push_back(gyro_tables(species, op.profiles.kperp2, spec.nl));
  auto& t = op.tables;
  t.ns = static_cast<int>(spec.species.size());
  t.nl = spec.nl, t.nm = spec.nm, t.nz = op.geometry.nz();
  add_derivatives(op);
  add_species_tables(op);
  add_field_tables(op);
  add_zonal_tables(op);
  add_drive_tables(op);
  op.folded_storage.resize(kernel::folded_doubles(t.nz));
  op.folded = kernel::fold_derivative(t, op.folded_storage.data());
  return op;
}

}  // namespace assay::workload::gk
