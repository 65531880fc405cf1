// Block elimination in pairs of Hermite moments.
// SPDX-License-Identifier: MIT
#include "workload/gk/moment_system.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace assay::workload::gk {
namespace {

int mirrored(int z, int n) {
  return (n - z) % n;
}

bool symmetric(const std::vector<double>& profile, double sign) {
  const int n = static_cast<int>(profile.size());
  double scale = 1e-300;
  for (const double x : profile) scale = std::max(scale, std::abs(x));
  for (int z = 1; z < n; ++z) {
    if (2 * z != n && std::abs(profile[z] - sign * profile[mirrored(z, n)]) > 1e-10 * scale) return false;
  }
  return true;
}

}  // namespace

bool has_parity(const Operator& op) {
  return op.tables.nyquist == 0.0 && symmetric(op.profiles.kperp2, 1.0) &&
         symmetric(op.profiles.omega_cv, 1.0) && symmetric(op.profiles.omega_gb, 1.0) &&
         symmetric(op.geometry.bmag, 1.0) && symmetric(op.geometry.bgrad, -1.0);
}

MomentSystem::MomentSystem(const Operator& op, Complex sigma, PhiParity parity)
    : op_(op), sigma_(sigma), parity_(parity), pairs_((op.tables.nm + 1) / 2), systems_(op.tables.ns) {
  check();
  const auto& t = op.tables;
  derivative_.assign(t.derivative, t.derivative + static_cast<long>(t.nz) * t.nz);
  abs_kz_.assign(t.abs_kz, t.abs_kz + static_cast<long>(t.nz) * t.nz);
  for (int z = 0; z < t.nz; ++z) {
    for (int k = 0; k < t.nz; ++k) {
      derivative_[static_cast<std::size_t>(z) * t.nz + k] +=
          Complex(0.0, (z + k) % 2 == 0 ? t.nyquist : -t.nyquist);
    }
  }
  for (int s = 0; s < t.ns; ++s) factorise(s);
  build_response();
}

void MomentSystem::check() const {
  const auto& t = op_.tables;
  if (t.h_apar != nullptr || t.h_bpar != nullptr) {
    throw std::invalid_argument("the direct moment route is electrostatic: switch A_par and B_par off");
  }
  if (t.zonal_average != nullptr)
    throw std::invalid_argument("the direct moment route has no zonal average: use ky != 0");
  if (parity_ != PhiParity::full && !has_parity(op_)) {
    throw std::invalid_argument(
        "this operator is not symmetric in z (kx, geometry or Nyquist mode): use full parity");
  }
}

bool MomentSystem::stored(int m, int z) const {
  if (parity_ == PhiParity::full) return true;
  const int n = op_.nz();
  const bool even = (m % 2 == 0) == (parity_ == PhiParity::even);
  return even ? 2 * z <= n : z > 0 && 2 * z < n;
}

int MomentSystem::points(int m) const {
  int count = 0;
  for (int z = 0; z < op_.nz(); ++z) count += stored(m, z) ? 1 : 0;
  return count;
}

int MomentSystem::pair_size(int k) const {
  return op_.tables.nl * (points(2 * k) + (2 * k + 1 < op_.tables.nm ? points(2 * k + 1) : 0));
}

/// Index of (m, l, z) within its pair; the point must be stored.
int MomentSystem::row(int m, int l, int z) const {
  const int skipped = stored(m, 0) ? 0 : 1;
  const int before = m % 2 == 0 ? 0 : op_.tables.nl * points(m - 1);
  return before + l * points(m) + z - skipped;
}

/// Entry of a circulant matrix acting on a row of the parity of m_from, given at half the points.
Complex MomentSystem::folded(const std::vector<Complex>& matrix, int m_from, int z, int z_from) const {
  const int n = op_.nz(), image = mirrored(z_from, n);
  const Complex direct = matrix[static_cast<std::size_t>(z) * n + z_from];
  if (parity_ == PhiParity::full || image == z_from) return direct;
  const bool even = (m_from % 2 == 0) == (parity_ == PhiParity::even);
  const Complex reflected = matrix[static_cast<std::size_t>(z) * n + image];
  return even ? direct + reflected : direct - reflected;
}

void MomentSystem::add_local(int s, int m, int m_from, int l, int z, Sparse& block) const {
  if (!stored(m_from, z)) return;
  const auto& t = op_.tables;
  const long i = static_cast<long>(s) * t.nz + z;
  const double up = std::sqrt(m + 1.0), down = std::sqrt(static_cast<double>(m));
  const auto add = [&](int l_from, Complex value) {
    if (l_from >= 0 && l_from < t.nl && value != 0.0) {
      block.entries.push_back({row(m, l, z), row(m_from, l_from, z), value});
    }
  };
  const Complex drift(0.0, -t.curvature[i]), grad_b(0.0, -t.grad_b[i]);
  switch (m_from - m) {
    case 0: {
      const double collisions = t.nu == nullptr ? 0.0 : t.nu[s] * (t.nu_l * l + t.nu_m * m);
      add(l, drift * (2.0 * m + 1.0) + grad_b * (2.0 * l + 1.0) - t.damping[i] - collisions);
      add(l + 1, grad_b * (l + 1.0));
      add(l - 1, grad_b * static_cast<double>(l));
      break;
    }
    case 1:
      add(l, t.mirror[i] * up * (l + 1));
      add(l - 1, t.mirror[i] * up * l);
      break;
    case -1:
      add(l, -t.mirror[i] * down * l);
      add(l + 1, -t.mirror[i] * down * (l + 1));
      break;
    case 2: add(l, drift * up * std::sqrt(m + 2.0)); break;
    case -2: add(l, drift * down * std::sqrt(m - 1.0)); break;
    default: break;
  }
}

/// The conserving terms: upar, uperp and the temperature, each a sum over l of the moments m = 0, 1, 2.
void MomentSystem::add_collisions(int s, int m, int m_from, int l, int z, Sparse& block) const {
  const auto& t = op_.tables;
  if (t.nu == nullptr || m > 2 || m_from > 2 || !stored(m_from, z)) return;
  const auto at = [&](const double* table, int k) {
    return table[(static_cast<long>(s) * t.nl + k) * t.nz + z];
  };
  const double root2 = std::numbers::sqrt2;
  const double to_heat = m == 0 ? 2.0 * at(t.gyro_heat, l) : (m == 2 ? root2 * at(t.gyro, l) : 0.0);
  for (int k = 0; k < t.nl; ++k) {
    double value = 0.0;
    if (m_from == 0) value = to_heat * (t.nl == 1 ? 0.0 : 2.0 / 3.0 * at(t.gyro_heat, k));
    if (m_from == 2) value = to_heat * (t.nl == 1 ? root2 : root2 / 3.0) * at(t.gyro, k);
    if (m == 0 && m_from == 0) value += at(t.gyro_perp, l) * at(t.gyro_perp, k);
    if (m == 1 && m_from == 1) value = at(t.gyro, l) * at(t.gyro, k);
    if (value != 0.0) block.entries.push_back({row(m, l, z), row(m_from, k, z), t.nu[s] * value});
  }
}

void MomentSystem::add_nonlocal(int s, int m, int m_from, int l, int z, Sparse& block) const {
  const auto& t = op_.tables;
  const bool streams = std::abs(m_from - m) == 1;
  const double rate = m_from == m && t.hyper != nullptr ? t.hyper[s * t.nm + m] : 0.0;
  if (!streams && rate == 0.0) return;
  const double factor = streams ? -t.streaming[s] * std::sqrt(static_cast<double>(std::max(m, m_from))) : -rate;
  const auto& matrix = streams ? derivative_ : abs_kz_;
  for (int k = 0; k < t.nz; ++k) {
    if (stored(m_from, k)) {
      block.entries.push_back({row(m, l, z), row(m_from, l, k), factor * folded(matrix, m_from, z, k)});
    }
  }
}

MomentSystem::Sparse MomentSystem::block(int s, int k, int k_from) const {
  Sparse result;
  const auto& t = op_.tables;
  for (int m = 2 * k; m < 2 * k + 2 && m < t.nm; ++m) {
    for (int from = 2 * k_from; from < 2 * k_from + 2 && from < t.nm; ++from) {
      for (int l = 0; l < t.nl; ++l) {
        for (int z = 0; z < t.nz; ++z) {
          if (!stored(m, z)) continue;
          add_local(s, m, from, l, z, result);
          add_collisions(s, m, from, l, z, result);
          add_nonlocal(s, m, from, l, z, result);
        }
      }
    }
  }
  return result;
}

void MomentSystem::Sparse::add_product(const Complex* x, Complex* y) const {
  for (const Entry& e : entries) y[e.row] += e.value * x[e.column];
}

/// X_k = sigma - A_kk - A_{k,k+1} X_{k+1}^-1 A_{k+1,k}, from the top pair down.
void MomentSystem::factorise(int s) {
  auto& system = systems_[s];
  system.resize(pairs_);
  for (int k = pairs_ - 1; k >= 0; --k) {
    const int n = pair_size(k);
    std::vector<Complex> x(static_cast<std::size_t>(n) * n);
    for (const auto& e : block(s, k, k).entries) x[static_cast<std::size_t>(e.column) * n + e.row] -= e.value;
    for (int i = 0; i < n; ++i) x[static_cast<std::size_t>(i) * n + i] += sigma_;
    if (k + 1 < pairs_) {
      system[k].up = block(s, k, k + 1);
      system[k].down = block(s, k + 1, k);
      const int above = system[k + 1].factors.size();
      std::vector<Complex> right(static_cast<std::size_t>(above) * n);
      for (const auto& e : system[k].down.entries)
        right[static_cast<std::size_t>(e.column) * above + e.row] += e.value;
      system[k + 1].factors.solve(right.data(), n);
      for (auto& value : right) value = -value;
      for (int c = 0; c < n; ++c) {
        system[k].up.add_product(right.data() + static_cast<std::size_t>(c) * above,
                                 x.data() + static_cast<std::size_t>(c) * n);
      }
    }
    system[k].factors = BlockLu(std::move(x), n);
  }
}

/// c(sigma) phi at one z: into pair 0 (m = 0) and pair 1 (m = 2).
void MomentSystem::add_source(int s, int z, Complex phi, Complex* pair0, Complex* pair1) const {
  const auto& t = op_.tables;
  for (int l = 0; l < t.nl; ++l) {
    const long i = (static_cast<long>(s) * t.nl + l) * t.nz + z;
    pair0[row(0, l, z)] += (sigma_ * t.h_phi[i] + Complex(0.0, t.drive_phi_0[i])) * phi;
    if (t.nm > 2) pair1[row(2, l, z)] += Complex(0.0, t.drive_phi_2[i]) * phi;
  }
}

/// sum += n Z J_l H_{l,0}, at the stored points of phi.
void MomentSystem::add_charge(int s, const Complex* pair0, Complex* sum) const {
  const Species& p = op_.spec.species[s];
  int at = 0;
  for (int z = 0; z < op_.nz(); ++z) {
    if (!stored(0, z)) continue;
    for (int l = 0; l < op_.tables.nl; ++l) {
      sum[at] += p.density * p.charge * op_.gyro[s].j[static_cast<std::size_t>(l) * op_.nz() + z] *
                 pair0[row(0, l, z)];
    }
    ++at;
  }
}

void MomentSystem::build_response() {
  const int n = points(0);
  double diagonal = op_.spec.tau;
  for (const auto& p : op_.spec.species) diagonal += p.density * p.charge * p.charge / p.temperature;
  std::vector<Complex> matrix(static_cast<std::size_t>(n) * n);
  for (int s = 0; s < op_.tables.ns; ++s) {
    int column = 0;
    for (int z = 0; z < op_.nz(); ++z) {
      if (!stored(0, z)) continue;
      std::vector<Complex> low(pair_size(0)), high(pairs_ > 1 ? pair_size(1) : 0);
      add_source(s, z, 1.0, low.data(), high.data());
      if (pairs_ > 1) {
        systems_[s][1].factors.solve(high.data(), 1);
        systems_[s][0].up.add_product(high.data(), low.data());
      }
      systems_[s][0].factors.solve(low.data(), 1);
      std::vector<Complex> charge(n);
      add_charge(s, low.data(), charge.data());
      for (int i = 0; i < n; ++i) matrix[static_cast<std::size_t>(column) * n + i] -= charge[i];
      ++column;
    }
  }
  for (int i = 0; i < n; ++i) matrix[static_cast<std::size_t>(i) * n + i] += diagonal;
  response_ = BlockLu(std::move(matrix), n);
}

/// y := (sigma - A)^-1 y for one species.
void MomentSystem::eliminate(int s, Rows& y) const {
  const auto& system = systems_[s];
  for (int k = pairs_ - 1; k > 0; --k) {
    auto reduced = y[k];
    system[k].factors.solve(reduced.data(), 1);
    system[k - 1].up.add_product(reduced.data(), y[k - 1].data());
  }
  for (int k = 0; k < pairs_; ++k) {
    if (k > 0) system[k - 1].down.add_product(y[k - 1].data(), y[k].data());
    system[k].factors.solve(y[k].data(), 1);
  }
}

MomentSystem::Rows MomentSystem::gather(int s, std::span<const Complex> r, double sign) const {
  Rows rows(pairs_);
  for (int k = 0; k < pairs_; ++k) rows[k].resize(pair_size(k));
  for (int m = 0; m < op_.tables.nm; ++m) {
    for (int l = 0; l < op_.tables.nl; ++l) {
      for (int z = 0; z < op_.nz(); ++z) {
        if (stored(m, z)) rows[m / 2][row(m, l, z)] = sign * r[op_.at(s, l, m, z)];
      }
    }
  }
  return rows;
}

/// G = H - Z/T J_l phi at m = 0, unfolded to all points.
void MomentSystem::scatter(int s, const Rows& h, const std::vector<Complex>& phi, std::span<Complex> g) const {
  const auto& t = op_.tables;
  for (int m = 0; m < t.nm; ++m) {
    const double sign = (m % 2 == 0) == (parity_ == PhiParity::even) ? 1.0 : -1.0;
    for (int l = 0; l < t.nl; ++l) {
      for (int z = 0; z < t.nz; ++z) {
        if (!stored(m, z)) continue;
        Complex value = h[m / 2][row(m, l, z)];
        if (m == 0) value -= t.h_phi[(static_cast<long>(s) * t.nl + l) * t.nz + z] * phi[z];
        g[op_.at(s, l, m, z)] = value;
        const int image = mirrored(z, t.nz);
        if (parity_ != PhiParity::full && image != z) g[op_.at(s, l, m, image)] = sign * value;
      }
    }
  }
}

std::vector<Complex> MomentSystem::solve(std::span<const Complex> r) const {
  const auto& t = op_.tables;
  std::vector<Complex> charge(points(0));
  for (int s = 0; s < t.ns; ++s) {
    Rows h = gather(s, r, -1.0);
    eliminate(s, h);
    add_charge(s, h[0].data(), charge.data());
  }
  response_.solve(charge.data(), 1);
  std::vector<Complex> phi(t.nz), g(op_.size());
  int at = 0;
  for (int z = 0; z < t.nz; ++z) {
    if (stored(0, z)) phi[z] = charge[at++];
  }
  for (int s = 0; s < t.ns; ++s) {
    Rows h = gather(s, r, -1.0);
    for (int z = 0; z < t.nz; ++z) {
      if (stored(0, z)) add_source(s, z, phi[z], h[0].data(), pairs_ > 1 ? h[1].data() : nullptr);
    }
    eliminate(s, h);
    scatter(s, h, phi, g);
  }
  return g;
}

}  // namespace assay::workload::gk
