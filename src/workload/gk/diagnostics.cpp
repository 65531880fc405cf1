// Quadratic forms of one state. The energy terms come from the kernel itself with the other terms switched off.
// SPDX-License-Identifier: MIT
#include "workload/gk/diagnostics.hpp"

#include <cmath>
#include <functional>
#include <numbers>
#include <stdexcept>

namespace assay::workload::gk {
namespace {

namespace kernel = kernels::gk_linear;

void require_size(const Operator& op, std::span<const Complex> g) {
  if (g.size() != op.size()) throw std::invalid_argument("a diagnostic needs a state of the operator's size");
}

/// Re sum n T (1/B) conj(h) x.
double inner(const Operator& op, std::span<const Complex> h, std::span<const Complex> x) {
  double sum = 0.0;
  for (int s = 0; s < op.tables.ns; ++s) {
    const Species& p = op.spec.species[s];
    for (std::size_t i = op.at(s, 0, 0, 0); i < op.at(s + 1, 0, 0, 0); ++i) {
      const double weight = p.density * p.temperature / op.geometry.bmag[i % op.nz()];
      sum += weight * (h[i].real() * x[i].real() + h[i].imag() * x[i].imag());
    }
  }
  return sum;
}

/// Tables with every term off but what `keep` puts back.
kernel::Tables only(const Operator& op, const double* zeros, const std::function<void(kernel::Tables&)>& keep) {
  kernel::Tables t = op.tables;
  t.streaming = t.mirror = t.curvature = t.grad_b = t.damping = zeros;
  t.hyper = t.nu = nullptr;
  for (const double** drive :
       {&t.drive_phi_0, &t.drive_phi_2, &t.drive_apar_1, &t.drive_apar_3, &t.drive_bpar_0, &t.drive_bpar_2}) {
    if (*drive != nullptr) *drive = zeros;
  }
  keep(t);
  return t;
}

/// The sponge of every species, [s][z].
std::vector<double> end_damping(const Operator& op) {
  std::vector<double> rate(op.tables.damping,
                           op.tables.damping + static_cast<std::size_t>(op.tables.ns) * op.nz());
  for (int s = 0; op.tables.nu != nullptr && s < op.tables.ns; ++s) {
    for (int z = 0; z < op.nz(); ++z) rate[s * op.nz() + z] -= op.tables.nu[s] * op.gyro[s].b[z];
  }
  return rate;
}

}  // namespace

QuasilinearWeights quasilinear_weights(const Operator& op, std::span<const Complex> g) {
  require_size(op, g);
  Workspace work;
  const auto phi = solve_fields(op, g, work).phi;
  const Geometry& geo = op.geometry;
  const int nz = op.nz();
  double volume = 0.0, surface = 0.0, phi2 = 0.0, k2 = 0.0, largest = 0.0, norm = 0.0;
  for (int z = 0; z < nz; ++z) {
    const double jac = 1.0 / (geo.gradpar * geo.bmag[z]);
    volume += jac, surface += jac * geo.grho[z];
    phi2 += jac * std::norm(phi[z]), k2 += jac * op.profiles.kperp2[z] * std::norm(phi[z]);
    largest = std::max(largest, std::norm(phi[z])), norm += std::norm(phi[z]);
  }
  QuasilinearWeights w{.kperp2_eff = k2 / phi2, .eigenfunction_norm = std::sqrt(norm / largest)};
  for (int s = 0; s < op.tables.ns; ++s) {
    const Species& p = op.spec.species[s];
    double heat = 0.0, particles = 0.0;
    for (int z = 0; z < nz; ++z) {
      const Complex velocity = std::conj(Complex(0.0, op.spec.ky) * phi[z]) / (geo.gradpar * geo.bmag[z]);
      for (int l = 0; l < op.tables.nl; ++l) {
        const std::size_t i = static_cast<std::size_t>(l) * nz + z;
        const double j = op.gyro[s].j[i];
        const Complex density = g[op.at(s, l, 0, z)];
        const Complex parallel = op.tables.nm > 2 ? g[op.at(s, l, 2, z)] : Complex{};
        particles += (velocity * j * density).real();
        heat +=
            (velocity * ((1.5 * j + op.gyro[s].heat[i]) * density + j / std::numbers::sqrt2 * parallel)).real();
      }
    }
    w.heat_flux.push_back(p.density * p.temperature * heat / surface * volume / phi2);
    w.particle_flux.push_back(p.density * particles / surface * volume / phi2);
  }
  return w;
}

double FreeEnergyBalance::imbalance(double gamma) const {
  double largest = std::abs(gamma);
  for (const double term : {drive, streaming, mirror, drifts, end_damping, collisions, hypercollisions})
    largest = std::max(largest, std::abs(term));
  return std::abs(gamma - total()) / largest;
}

FreeEnergyBalance free_energy_balance(const Operator& op, std::span<const Complex> g) {
  require_size(op, g);
  Workspace work;
  const auto h = non_adiabatic(op, g, work);
  const std::vector<double> zeros(std::max(op.size(), static_cast<std::size_t>(op.tables.ns)), 0.0);
  const auto* in = reinterpret_cast<const double*>(g.data());
  std::vector<Complex> image(op.size());
  FreeEnergyBalance balance{.energy = 0.5 * inner(op, h, g)};
  const auto rate = [&](const std::function<void(kernel::Tables&)>& keep) {
    const auto t = only(op, zeros.data(), keep);
    kernel::solve_fields_floor(t, in, work.fields.data());
    kernel::apply_columns_floor(t, in, work.fields.data(), {0, kernel::columns(t)},
                                reinterpret_cast<double*>(image.data()), work.scratch.data());
    return inner(op, h, image) / (2.0 * balance.energy);
  };
  const kernel::Tables& full = op.tables;
  balance.drive = rate([&](kernel::Tables& t) {
    t.drive_phi_0 = full.drive_phi_0, t.drive_phi_2 = full.drive_phi_2;
    t.drive_apar_1 = full.drive_apar_1, t.drive_apar_3 = full.drive_apar_3;
    t.drive_bpar_0 = full.drive_bpar_0, t.drive_bpar_2 = full.drive_bpar_2;
  });
  balance.streaming = rate([&](kernel::Tables& t) { t.streaming = full.streaming; });
  balance.mirror = rate([&](kernel::Tables& t) { t.mirror = full.mirror; });
  balance.drifts = rate([&](kernel::Tables& t) { t.curvature = full.curvature, t.grad_b = full.grad_b; });
  // The table holds the sponge and, of the collisions, nu b; the difference is what collisions alone do.
  const double damping = rate([&](kernel::Tables& t) { t.damping = full.damping, t.nu = full.nu; });
  const auto sponge = end_damping(op);
  balance.end_damping = rate([&](kernel::Tables& t) { t.damping = sponge.data(); });
  balance.collisions = full.nu == nullptr ? 0.0 : damping - balance.end_damping;
  balance.hypercollisions = rate([&](kernel::Tables& t) { t.hyper = full.hyper; });
  return balance;
}

TailShares tail_shares(const Operator& op, std::span<const Complex> g) {
  require_size(op, g);
  double total = 0.0, last_l = 0.0, last_m = 0.0;
  const auto& t = op.tables;
  for (int s = 0; s < t.ns; ++s) {
    for (int l = 0; l < t.nl; ++l) {
      for (int m = 0; m < t.nm; ++m) {
        double sum = 0.0;
        for (int z = 0; z < t.nz; ++z) sum += std::norm(g[op.at(s, l, m, z)]);
        total += sum;
        if (l == t.nl - 1) last_l += sum;
        if (m == t.nm - 1) last_m += sum;
      }
    }
  }
  return {last_l / total, last_m / total};
}

}  // namespace assay::workload::gk
