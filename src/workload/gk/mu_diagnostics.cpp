// Quadratic forms of one state in the (v_par, mu) basis, with the definitions of diagnostics.hpp, and the way
// from it to the moment basis.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "workload/gk/mu_operator.hpp"

namespace assay::workload::gk {

Complex MuOperator::moment(const State& g, std::size_t s, int z, bool energy) const {
  Complex sum = 0.0;
  for (int j = 0; j < spec_.nmu; ++j) {
    const double x = grid_.mu[j] * geometry_.bmag[z];
    const double volume = grid_.weight[j] * geometry_.bmag[z] * gyro_average(s, j, z);
    const Complex g0 = g[at(s, j, 0, z)];
    sum += volume * (energy ? (0.5 + x) * g0 + g[at(s, j, 2, z)] / std::sqrt(2.0) : g0);
  }
  return sum;
}

QuasilinearWeights MuOperator::quasilinear_weights(const State& g) const {
  const MuFields f = fields(g);
  const int nz = geometry_.nz();
  double volume = 0.0, surface = 0.0, phi2 = 0.0, k2 = 0.0, largest = 0.0, norm = 0.0;
  for (int z = 0; z < nz; ++z) {
    const double jac = 1.0 / (geometry_.gradpar * geometry_.bmag[z]), square = std::norm(f.phi[z]);
    volume += jac, surface += jac * std::abs(geometry_.grho[z]);
    phi2 += jac * square, k2 += jac * profiles_.kperp2[z] * square;
    largest = std::max(largest, square), norm += square;
  }
  QuasilinearWeights w{.kperp2_eff = k2 / phi2, .eigenfunction_norm = std::sqrt(norm / largest)};
  for (std::size_t s = 0; s < spec_.species.size(); ++s) {
    const Species& sp = spec_.species[s];
    double heat = 0.0, particles = 0.0;
    for (int z = 0; z < nz; ++z) {
      const Complex velocity =
          std::conj(Complex{0.0, spec_.ky} * f.phi[z]) / (geometry_.gradpar * geometry_.bmag[z]);
      heat += (velocity * moment(g, s, z, true)).real();
      particles += (velocity * moment(g, s, z, false)).real();
    }
    w.heat_flux.push_back(sp.density * sp.temperature * heat / surface * volume / phi2);
    w.particle_flux.push_back(sp.density * particles / surface * volume / phi2);
  }
  return w;
}

FreeEnergyBalance MuOperator::free_energy_balance(const State& g) const {
  const MuFields f = fields(g);
  State h;
  for (std::size_t s = 0; s < spec_.species.size(); ++s) {
    for (int j = 0; j < spec_.nmu; ++j) {
      const auto line = non_adiabatic(g, f, s, j);
      h.insert(h.end(), line.begin(), line.end());
    }
  }
  const auto inner = [&](const State& x) {
    double sum = 0.0;
    for (std::size_t s = 0; s < spec_.species.size(); ++s) {
      const Species& sp = spec_.species[s];
      for (int j = 0; j < spec_.nmu; ++j) {
        const double weight = sp.density * sp.temperature * grid_.weight[j];
        for (std::size_t k = at(s, j, 0, 0); k < at(s, j + 1, 0, 0); ++k)
          sum += weight * (std::conj(h[k]) * x[k]).real();
      }
    }
    return sum;
  };
  FreeEnergyBalance balance{.energy = 0.5 * inner(g)};
  State image;
  const auto rate = [&](bool MuTerms::*term) {
    MuTerms only{false, false, false, false, false, false};
    only.*term = true;
    apply(g, image, only);
    return inner(image) / (2.0 * balance.energy);
  };
  balance.drive = rate(&MuTerms::drive);
  balance.streaming = rate(&MuTerms::streaming);
  balance.mirror = rate(&MuTerms::mirror);
  balance.drifts = rate(&MuTerms::drifts);
  balance.end_damping = rate(&MuTerms::end_damping);
  balance.hypercollisions = rate(&MuTerms::hypercollisions);
  return balance;
}

// G_{l,m} = int dx e^-x (-1)^l L_l(x) g_m, with x = mu B and the nodes of the mu rule.
MuOperator::State MuOperator::in_moments(const State& g, int nl) const {
  const int nz = geometry_.nz(), nm = spec_.nm;
  State moments(spec_.species.size() * static_cast<std::size_t>(nl) * nm * nz, 0.0);
  for (std::size_t s = 0; s < spec_.species.size(); ++s) {
    for (int j = 0; j < spec_.nmu; ++j) {
      for (int z = 0; z < nz; ++z) {
        const double x = grid_.mu[j] * geometry_.bmag[z];
        const double weight = grid_.weight[j] * geometry_.bmag[z] * root_weight(j, z);
        double laguerre = 1.0, before = 0.0;
        for (int l = 0; l < nl; ++l) {
          const double factor = weight * (l % 2 == 0 ? laguerre : -laguerre);
          for (int m = 0; m < nm; ++m) moments[((s * nl + l) * nm + m) * nz + z] += factor * g[at(s, j, m, z)];
          const double next = ((2.0 * l + 1.0 - x) * laguerre - l * before) / (l + 1.0);
          before = laguerre, laguerre = next;
        }
      }
    }
  }
  return moments;
}

}  // namespace assay::workload::gk
