// The floor: one loop an equation, every sum in index order. The oracle of the other tiers; never optimised.
// SPDX-License-Identifier: MIT
#include "kernels/gk_linear/body.hpp"
#include "kernels/gk_linear/gk_linear.hpp"

namespace assay::kernels::gk_linear {
namespace {

/// sum over species and l of a weight times the moment (l, m): a field before the zonal correction.
Complex weighted_moment(const Tables& t, const double* weight, const double* g, int m, int z) {
  Complex sum;
  if (weight == nullptr || m >= t.nm) return sum;
  for (int s = 0; s < t.ns; ++s) {
    for (int l = 0; l < t.nl; ++l) sum = sum + weight[at_gyro(t, s, l, z)] * load(g, at_state(t, s, l, m, z));
  }
  return sum;
}

void add_zonal_average(const Tables& t, double* fields) {
  if (t.zonal_average == nullptr) return;
  Complex average;
  for (int z = 0; z < t.nz; ++z) average = average + t.zonal_average[z] * load(fields, at_phi(t, z));
  for (int z = 0; z < t.nz; ++z) {
    store(fields, at_phi(t, z), load(fields, at_phi(t, z)) + t.zonal_gain[z] * average);
  }
}

/// Row m (0 or 1) of H.
Complex low_moment(const Tables& t, const double* g, const double* fields, int s, int l, int m, int z) {
  if (m >= t.nm) return {};
  const long i = at_gyro(t, s, l, z);
  Complex h = load(g, at_state(t, s, l, m, z));
  if (m == 0) h = h + t.h_phi[i] * load(fields, at_phi(t, z));
  if (m == 0 && t.h_bpar != nullptr) h = h + t.h_bpar[i] * load(fields, at_bpar(t, z));
  if (m == 1 && t.h_apar != nullptr) h = h - t.h_apar[i] * load(fields, at_apar(t, z));
  return h;
}

void collision_moments(const Tables& t, const double* g, double* fields, int s, int z) {
  Complex upar, uperp, heat;
  for (int l = 0; l < t.nl; ++l) {
    const long i = at_gyro(t, s, l, z);
    const Complex h0 = load(fields, at_low_row(t, s, l, 0, z));
    const Complex g2 = t.nm > 2 ? load(g, at_state(t, s, l, 2, z)) : Complex{};
    upar = upar + t.gyro[i] * load(fields, at_low_row(t, s, l, 1, z));
    uperp = uperp + t.gyro_perp[i] * h0;
    const Complex parallel = (sqrt(2.0) / 3.0 * t.gyro[i]) * g2;
    const Complex perpendicular = (2.0 / 3.0 * t.gyro_heat[i]) * h0;
    heat = heat + (t.nl == 1 ? (sqrt(2.0) * t.gyro[i]) * g2 : parallel + perpendicular);
  }
  store(fields, at_moment(t, s, 0, z), upar);
  store(fields, at_moment(t, s, 1, z), uperp);
  store(fields, at_moment(t, s, 2, z), heat);
}

/// d/dz of the streaming flux and the |kz| damping of G, both nonlocal in z.
Complex spectral_terms(const Tables& t, const double* g, const double* flux, Complex nyquist_sum, int s, int l,
                       int m, int z) {
  Complex derivative, damping;
  const double* d = t.derivative + static_cast<long>(z) * t.nz;
  for (int k = 0; k < t.nz; ++k) derivative = derivative + d[k] * load(flux, k);
  derivative = derivative + times_i((z % 2 == 0 ? t.nyquist : -t.nyquist) * nyquist_sum);
  const double rate = t.hyper == nullptr ? 0.0 : t.hyper[s * t.nm + m];
  if (rate == 0.0) return derivative;
  const double* a = t.abs_kz + static_cast<long>(z) * t.nz;
  for (int k = 0; k < t.nz; ++k) damping = damping + a[k] * load(g, at_state(t, s, l, m, k));
  return derivative - rate * damping;
}

}  // namespace

std::size_t floor_scratch_doubles(const Tables& t) {
  return 2 * std::size_t(t.nz);
}

void solve_fields_floor(const Tables& t, const double* g, double* fields) {
  for (int z = 0; z < t.nz; ++z) {
    store(fields, at_phi(t, z), weighted_moment(t, t.w_phi, g, 0, z));
    store(fields, at_apar(t, z), weighted_moment(t, t.w_apar, g, 1, z));
    store(fields, at_bpar(t, z), weighted_moment(t, t.w_bpar, g, 0, z));
  }
  add_zonal_average(t, fields);
  for (int s = 0; s < t.ns; ++s) {
    for (int l = 0; l < t.nl; ++l) {
      for (int m = 0; m < 2; ++m) {
        for (int z = 0; z < t.nz; ++z)
          store(fields, at_low_row(t, s, l, m, z), low_moment(t, g, fields, s, l, m, z));
      }
    }
    if (t.nu == nullptr) continue;
    for (int z = 0; z < t.nz; ++z) collision_moments(t, g, fields, s, z);
  }
}

void apply_columns_floor(const Tables& t, const double* g, const double* fields, Range range, double* out,
                         double* flux) {
  for (std::size_t column = range.begin; column != range.end; ++column) {
    const int s = static_cast<int>(column) / t.nl, l = static_cast<int>(column) % t.nl;
    for (int m = 0; m < t.nm; ++m) {
      Complex nyquist_sum;
      for (int z = 0; z < t.nz; ++z) {
        const Complex f = streaming_flux(t, g, fields, s, l, m, z);
        store(flux, z, f);
        nyquist_sum = z % 2 == 0 ? nyquist_sum + f : nyquist_sum - f;
      }
      const Ladder k = ladder(l, m);
      const double rate = collision_rate(t, s, l, m);
      for (int z = 0; z < t.nz; ++z) {
        const auto h = neighbours(t, g, fields, s, l, m, z);
        const auto c = point(t, s, z);
        Complex sum = spectral_terms(t, g, flux, nyquist_sum, s, l, m, z) + local_sum(k, c, rate, h);
        sum = sum - times_i(drift_sum(k, c, h));
        if (m <= 3) sum = sum + low_moment_sources(t, AtPoint{fields, z}, s, l, m);
        store(out, at_state(t, s, l, m, z), sum);
      }
    }
  }
}

Cost floor_cost(const Tables& t) {
  const double elements = static_cast<double>(state_size(t));
  return {elements * (8.0 * t.nz + 62.0), elements * 32.0};
}

}  // namespace assay::kernels::gk_linear
