// Block norms of the terms of L and the Collatz-Wielandt bound over them.
// SPDX-License-Identifier: MIT
#include "workload/gk/spectral_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace assay::workload::gk {
namespace {

double largest(const double* x, int n) {
  double m = 0.0;
  for (int z = 0; z < n; ++z) m = std::max(m, std::abs(x[z]));
  return m;
}

/// max_z of a table [s][l][z], as [s][l]; zeros for a term that is off.
std::vector<double> column_norms(const Operator& op, const double* table) {
  const auto& t = op.tables;
  std::vector<double> norms(static_cast<std::size_t>(t.ns) * t.nl, 0.0);
  if (table == nullptr) return norms;
  for (std::size_t c = 0; c < norms.size(); ++c) norms[c] = largest(table + c * t.nz, t.nz);
  return norms;
}

double dot(const std::vector<double>& w, const double* x, std::size_t stride) {
  double sum = 0.0;
  for (std::size_t c = 0; c < w.size(); ++c) sum += w[c] * x[c * stride];
  return sum;
}

/// The non-negative matrix of block norms, as a product with a vector.
class BlockNorms {
 public:
  explicit BlockNorms(const Operator& op) : op_(op), t_(op.tables) {
    const auto norms = [&](const double* table) { return column_norms(op, table); };
    w_phi_ = norms(t_.w_phi), w_apar_ = norms(t_.w_apar), w_bpar_ = norms(t_.w_bpar);
    h_phi_ = norms(t_.h_phi), h_apar_ = norms(t_.h_apar), h_bpar_ = norms(t_.h_bpar);
    phi0_ = norms(t_.drive_phi_0), phi2_ = norms(t_.drive_phi_2);
    apar1_ = norms(t_.drive_apar_1), apar3_ = norms(t_.drive_apar_3);
    bpar0_ = norms(t_.drive_bpar_0), bpar2_ = norms(t_.drive_bpar_2);
    gyro_ = norms(t_.gyro), perp_ = norms(t_.gyro_perp), heat_ = norms(t_.gyro_heat);
    kz_ = std::numbers::pi / op.geometry.dz;
    if (t_.zonal_average != nullptr) zonal_ = 1.0 + l2(t_.zonal_average) * l2(t_.zonal_gain);
  }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(t_.ns) * t_.nl * t_.nm; }

  void apply(const std::vector<double>& x, std::vector<double>& out) const {
    const std::size_t nm = t_.nm;
    const double phi = zonal_ * dot(w_phi_, x.data(), nm), apar = dot(w_apar_, x.data() + 1, nm),
                 bpar = dot(w_bpar_, x.data(), nm);
    std::vector<double> h = x;
    for (std::size_t c = 0; c < w_phi_.size(); ++c) {
      h[c * nm] += h_phi_[c] * phi + h_bpar_[c] * bpar;
      h[c * nm + 1] += h_apar_[c] * apar;
    }
    for (int s = 0; s < t_.ns; ++s) apply_species(s, x, h, out);
    for (std::size_t c = 0; c < w_phi_.size(); ++c) {
      const std::size_t i = c * nm;
      out[i] += phi0_[c] * phi + bpar0_[c] * bpar;
      out[i + 1] += apar1_[c] * apar;
      if (nm > 2) out[i + 2] += phi2_[c] * phi + bpar2_[c] * bpar;
      if (nm > 3) out[i + 3] += apar3_[c] * apar;
    }
  }

 private:
  [[nodiscard]] double l2(const double* x) const {
    double sum = 0.0;
    for (int z = 0; z < t_.nz; ++z) sum += x[z] * x[z];
    return std::sqrt(sum);
  }

  void apply_species(int s, const std::vector<double>& x, const std::vector<double>& h,
                     std::vector<double>& out) const {
    const std::size_t base = static_cast<std::size_t>(s) * t_.nl * t_.nm;
    const auto at = [&](int l, int m) {
      return l < 0 || l >= t_.nl || m < 0 || m >= t_.nm ? 0.0
                                                        : h[base + static_cast<std::size_t>(l) * t_.nm + m];
    };
    const long row = static_cast<long>(s) * t_.nz;
    const double stream = std::abs(t_.streaming[s]) * kz_, mirror = largest(t_.mirror + row, t_.nz),
                 cv = largest(t_.curvature + row, t_.nz), gb = largest(t_.grad_b + row, t_.nz),
                 damping = largest(t_.damping + row, t_.nz);
    for (int l = 0; l < t_.nl; ++l) {
      for (int m = 0; m < t_.nm; ++m) {
        const double up = std::sqrt(m + 1.0), down = std::sqrt(static_cast<double>(m));
        double sum = stream * (up * at(l, m + 1) + down * at(l, m - 1));
        sum += mirror * (up * ((l + 1) * at(l, m + 1) + l * at(l - 1, m + 1)) +
                         down * (l * at(l, m - 1) + (l + 1) * at(l + 1, m - 1)));
        sum += cv * (up * std::sqrt(m + 2.0) * at(l, m + 2) + (2 * m + 1) * at(l, m) +
                     down * std::sqrt(std::max(m - 1.0, 0.0)) * at(l, m - 2));
        sum += gb * ((l + 1) * at(l + 1, m) + (2 * l + 1) * at(l, m) + l * at(l - 1, m));
        const double collisions = t_.nu == nullptr ? 0.0 : t_.nu[s] * (t_.nu_l * l + t_.nu_m * m);
        const double hyper = t_.hyper == nullptr ? 0.0 : t_.hyper[s * t_.nm + m] * kz_;
        const std::size_t i = base + static_cast<std::size_t>(l) * t_.nm + m;
        out[i] = sum + (damping + collisions) * at(l, m) + hyper * x[i];
      }
    }
    if (t_.nu != nullptr) add_conserving(s, base, x, h, out);
  }

  void add_conserving(int s, std::size_t base, const std::vector<double>& x, const std::vector<double>& h,
                      std::vector<double>& out) const {
    double upar = 0.0, uperp = 0.0, heat = 0.0;
    for (int l = 0; l < t_.nl; ++l) {
      const std::size_t i = base + static_cast<std::size_t>(l) * t_.nm,
                        c = static_cast<std::size_t>(s) * t_.nl + l;
      upar += gyro_[c] * h[i + 1];
      uperp += perp_[c] * h[i];
      heat += std::numbers::sqrt2 * gyro_[c] * (t_.nm > 2 ? x[i + 2] : 0.0) + 2.0 / 3.0 * heat_[c] * h[i];
    }
    for (int l = 0; l < t_.nl; ++l) {
      const std::size_t i = base + static_cast<std::size_t>(l) * t_.nm,
                        c = static_cast<std::size_t>(s) * t_.nl + l;
      out[i] += t_.nu[s] * (perp_[c] * uperp + 2.0 * heat_[c] * heat);
      out[i + 1] += t_.nu[s] * gyro_[c] * upar;
      if (t_.nm > 2) out[i + 2] += t_.nu[s] * std::numbers::sqrt2 * gyro_[c] * heat;
    }
  }

  const Operator& op_;
  const kernels::gk_linear::Tables& t_;
  std::vector<double> w_phi_, w_apar_, w_bpar_, h_phi_, h_apar_, h_bpar_, phi0_, phi2_, apar1_, apar3_, bpar0_,
      bpar2_, gyro_, perp_, heat_;
  double kz_ = 0.0, zonal_ = 1.0;
};

double collatz_wielandt(const BlockNorms& norms) {
  std::vector<double> x(norms.size(), 1.0), y(norms.size());
  double best = std::numeric_limits<double>::infinity();
  for (int iteration = 0; iteration < 400; ++iteration) {
    norms.apply(x, y);
    double ratio = 0.0, scale = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) ratio = std::max(ratio, y[i] / x[i]);
    const bool settled = ratio > 0.999 * best && iteration > 20;
    best = std::min(best, ratio);
    if (settled || best == 0.0) break;
    // N + ratio I has the same eigenvectors and no sign flips of its power iterates.
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = y[i] + 0.5 * ratio * x[i], scale = std::max(scale, x[i]);
    for (auto& value : x) value = std::max(value / scale, 1e-200);
  }
  return best;
}

}  // namespace

SpectralBound bound_spectrum(const Operator& op) {
  const auto& t = op.tables;
  SpectralBound bound{.radius = collatz_wielandt(BlockNorms(op))};
  for (int s = 0; s < t.ns; ++s) {
    double decay = largest(t.damping + static_cast<long>(s) * t.nz, t.nz);
    if (t.hyper != nullptr) decay += largest(t.hyper + s * t.nm, t.nm) * std::numbers::pi / op.geometry.dz;
    if (t.nu != nullptr) decay += t.nu[s] * (t.nu_l * (t.nl - 1) + t.nu_m * (t.nm - 1));
    bound.decay = std::max(bound.decay, decay);
  }
  return bound;
}

double stable_dt_rk4(const SpectralBound& bound) {
  return 2.6 / bound.radius;
}

double stable_dt_rk2(const SpectralBound& bound, double growth_error) {
  return std::cbrt(8.0 * growth_error / bound.radius) / bound.radius;
}

}  // namespace assay::workload::gk
