// The device code of gk_linear: who computes what. The formulas are in body.hpp, the order of every sum is the
// floor's. Correct for any number of threads a block, one included: the includer provides blockIdx, threadIdx,
// blockDim,
// __syncthreads and shared_memory(), which is CUDA in cuda.cu and a plain loop in tests/parity/gk_linear.
// SPDX-License-Identifier: MIT
#pragma once

#include "kernels/gk_linear/body.hpp"
#include "kernels/gk_linear/device.hpp"

#if defined(__CUDACC__)
#define ASSAY_GK_UNROLLED _Pragma("unroll")
#define ASSAY_GK_ROLLED _Pragma("unroll 1")
#else
#define ASSAY_GK_UNROLLED
#define ASSAY_GK_ROLLED
#endif

namespace assay::kernels::gk_linear {
namespace {

__device__ const double* state_of(const Tables& t, const double* g, unsigned mode) {
  return g + 2L * mode * t.ns * t.nl * t.nm * t.nz;
}
__device__ double* fields_of(const Tables& t, double* fields, unsigned mode) {
  return fields + 2L * mode * t.nz * (3 + 3 * t.ns + 2L * t.ns * t.nl);
}

__device__ Complex weighted_moment(const Tables& t, const double* weight, const double* g, int m, int z) {
  Complex sum;
  if (weight == nullptr || m >= t.nm) return sum;
  for (int s = 0; s < t.ns; ++s) {
    for (int l = 0; l < t.nl; ++l) sum = sum + weight[at_gyro(t, s, l, z)] * load(g, at_state(t, s, l, m, z));
  }
  return sum;
}

/// phi, A_par, B_par: one block a mode, so that the zonal average can follow behind one barrier.
__global__ void potentials(const Tables* tables, const double* all_g, double* all_fields) {
  const Tables t = tables[blockIdx.x];
  const double* g = state_of(t, all_g, blockIdx.x);
  double* fields = fields_of(t, all_fields, blockIdx.x);
  for (int z = threadIdx.x; z < t.nz; z += blockDim.x) {
    store(fields, at_phi(t, z), weighted_moment(t, t.w_phi, g, 0, z));
    store(fields, at_apar(t, z), weighted_moment(t, t.w_apar, g, 1, z));
    store(fields, at_bpar(t, z), weighted_moment(t, t.w_bpar, g, 0, z));
  }
  if (t.zonal_average == nullptr) return;
  __syncthreads();
  Complex average;
  for (int z = 0; z < t.nz; ++z) average = average + t.zonal_average[z] * load(fields, at_phi(t, z));
  __syncthreads();
  for (int z = threadIdx.x; z < t.nz; z += blockDim.x) {
    store(fields, at_phi(t, z), load(fields, at_phi(t, z)) + t.zonal_gain[z] * average);
  }
}

/// Rows m = 0, 1 of H: a block is one column of one mode.
__global__ void low_rows(const Tables* tables, const double* all_g, double* all_fields) {
  const Tables t = tables[blockIdx.y];
  const double* g = state_of(t, all_g, blockIdx.y);
  double* fields = fields_of(t, all_fields, blockIdx.y);
  const int s = static_cast<int>(blockIdx.x) / t.nl, l = static_cast<int>(blockIdx.x) % t.nl;
  for (int z = threadIdx.x; z < t.nz; z += blockDim.x) {
    const long i = at_gyro(t, s, l, z);
    Complex h0 = load(g, at_state(t, s, l, 0, z)) + t.h_phi[i] * load(fields, at_phi(t, z));
    if (t.h_bpar != nullptr) h0 = h0 + t.h_bpar[i] * load(fields, at_bpar(t, z));
    Complex h1 = t.nm > 1 ? load(g, at_state(t, s, l, 1, z)) : Complex{};
    if (t.h_apar != nullptr) h1 = h1 - t.h_apar[i] * load(fields, at_apar(t, z));
    store(fields, at_low_row(t, s, l, 0, z), h0);
    store(fields, at_low_row(t, s, l, 1, z), h1);
  }
}

/// upar, uperp, temperature: a block is one species of one mode.
__global__ void collision_moments(const Tables* tables, const double* all_g, double* all_fields) {
  const Tables t = tables[blockIdx.y];
  const double* g = state_of(t, all_g, blockIdx.y);
  double* fields = fields_of(t, all_fields, blockIdx.y);
  const int s = static_cast<int>(blockIdx.x);
  for (int z = threadIdx.x; z < t.nz; z += blockDim.x) {
    Complex upar, uperp, heat;
    for (int l = 0; l < t.nl; ++l) {
      const long i = at_gyro(t, s, l, z);
      const Complex h0 = load(fields, at_low_row(t, s, l, 0, z));
      const Complex g2 = t.nm > 2 ? load(g, at_state(t, s, l, 2, z)) : Complex{};
      upar = upar + t.gyro[i] * load(fields, at_low_row(t, s, l, 1, z));
      uperp = uperp + t.gyro_perp[i] * h0;
      const Complex both = (sqrt(2.0) / 3.0 * t.gyro[i]) * g2 + (2.0 / 3.0 * t.gyro_heat[i]) * h0;
      heat = heat + (t.nl == 1 ? (sqrt(2.0) * t.gyro[i]) * g2 : both);
    }
    store(fields, at_moment(t, s, 0, z), upar);
    store(fields, at_moment(t, s, 1, z), uperp);
    store(fields, at_moment(t, s, 2, z), heat);
  }
}

__device__ Complex alternating_sum(const double* flux, int row, int nz) {
  Complex sum;
  for (int k = 0; k < nz; ++k) {
    const Complex f = load(flux, static_cast<long>(row) * nz + k);
    sum = k % 2 == 0 ? sum + f : sum - f;
  }
  return sum;
}

__device__ void add_local_terms(const Tables& t, const double* g, const double* fields, int s, int l, int m,
                                int z, double* out) {
  const Ladder k = ladder(l, m);
  const auto h = neighbours(t, g, fields, s, l, m, z);
  const auto c = point(t, s, z);
  Complex sum = load(out, at_state(t, s, l, m, z)) + local_sum(k, c, collision_rate(t, s, l, m), h);
  sum = sum - times_i(drift_sum(k, c, h));
  if (m <= 3) sum = sum + low_moment_sources(t, AtPoint{fields, z}, s, l, m);
  store(out, at_state(t, s, l, m, z), sum);
}

__global__ void __launch_bounds__(256)
    apply_rows(const Tables* tables, const double* all_g, const double* all_fields, double* all_out, int rows) {
  const unsigned mode = blockIdx.z;
  const Tables& t = tables[mode];
  const double* g = state_of(t, all_g, mode);
  const double* fields = fields_of(t, const_cast<double*>(all_fields), mode);
  double* out = const_cast<double*>(state_of(t, all_out, mode));
  const int s = static_cast<int>(blockIdx.y) / t.nl, l = static_cast<int>(blockIdx.y) % t.nl;
  const int first = static_cast<int>(blockIdx.x) * rows;
  const int count = t.nm - first < rows ? t.nm - first : rows;
  double* flux = shared_memory();
  double* state = flux + 2L * rows * t.nz;
  double* nyquist = state + 2L * rows * t.nz;
  for (int i = threadIdx.x; i < count * t.nz; i += blockDim.x) {
    const int m = first + i / t.nz, z = i % t.nz;
    store(flux, i, streaming_flux(t, g, fields, s, l, m, z));
    store(state, i, load(g, at_state(t, s, l, m, z)));
  }
  __syncthreads();
  for (int r = threadIdx.x; r < count; r += blockDim.x) store(nyquist, r, alternating_sum(flux, r, t.nz));
  __syncthreads();
  for (int z = threadIdx.x; z < t.nz; z += blockDim.x) {
    Complex derivative[most_rows], damping[most_rows];
    for (int k = 0; k < t.nz; ++k) {
      const double d = -t.derivative[static_cast<long>(k) * t.nz + z];
      const double a = t.abs_kz[static_cast<long>(k) * t.nz + z];
      ASSAY_GK_UNROLLED
      for (int r = 0; r < most_rows; ++r) {
        if (r >= count) break;
        derivative[r] = derivative[r] + d * load(flux, static_cast<long>(r) * t.nz + k);
        damping[r] = damping[r] + a * load(state, static_cast<long>(r) * t.nz + k);
      }
    }
    // The nonlocal part goes through the result row, so that the local part needs no registers for the other
    // rows.
    ASSAY_GK_UNROLLED
    for (int r = 0; r < most_rows; ++r) {
      if (r >= count) break;
      const double rate = t.hyper == nullptr ? 0.0 : t.hyper[s * t.nm + first + r];
      Complex sum = derivative[r] + times_i((z % 2 == 0 ? t.nyquist : -t.nyquist) * load(nyquist, r));
      if (rate != 0.0) sum = sum - rate * damping[r];
      store(out, at_state(t, s, l, first + r, z), sum);
    }
    ASSAY_GK_ROLLED
    for (int m = first; m < first + count; ++m) add_local_terms(t, g, fields, s, l, m, z, out);
  }
}

}  // namespace
}  // namespace assay::kernels::gk_linear
