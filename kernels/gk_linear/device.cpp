// Packing and launch geometry of the CUDA tier: host code, built with or without nvcc.
// SPDX-License-Identifier: MIT
#include "kernels/gk_linear/device.hpp"

#include <initializer_list>

namespace assay::kernels::gk_linear {
namespace {

/// Every table of t with its length; f may replace the pointer.
template <class F>
void for_each_table(Tables& t, F f) {
  const std::size_t nz = t.nz, ns = t.ns, profile = ns * nz, gyro = ns * t.nl * nz;
  for (auto* table : {&t.derivative, &t.abs_kz}) f(*table, nz * nz);
  f(t.streaming, ns);
  f(t.hyper, ns * t.nm);
  f(t.nu, ns);
  for (auto* table : {&t.mirror, &t.curvature, &t.grad_b, &t.damping}) f(*table, profile);
  for (auto* table : {&t.zonal_average, &t.zonal_gain}) f(*table, nz);
  for (auto* table : {&t.w_phi, &t.w_apar, &t.w_bpar, &t.h_phi, &t.h_apar, &t.h_bpar, &t.drive_phi_0,
                      &t.drive_phi_2, &t.drive_apar_1, &t.drive_apar_3, &t.drive_bpar_0, &t.drive_bpar_2,
                      &t.gyro, &t.gyro_perp, &t.gyro_heat}) {
    f(*table, gyro);
  }
}

}  // namespace

std::size_t packed_doubles(const Tables& t) {
  std::size_t total = 0;
  Tables copy = t;
  for_each_table(copy, [&](const double* table, std::size_t n) { total += table == nullptr ? 0 : n; });
  return total;
}

Tables pack_tables(const Tables& t, double* to, const double* base) {
  Tables packed = t;
  std::size_t at = 0;
  for_each_table(packed, [&](const double*& table, std::size_t n) {
    if (table == nullptr) return;
    for (std::size_t i = 0; i < n; ++i) to[at + i] = table[i];
    table = base + at;
    at += n;
  });
  return packed;
}

std::size_t device_bytes(const Tables& t, int states) {
  return sizeof(Tables) +
         8 * (packed_doubles(t) + field_doubles(t) + 2 * state_size(t) * static_cast<std::size_t>(states));
}

std::size_t largest_batch(const Tables& t, int states, std::size_t bytes) {
  return bytes / device_bytes(t, states);
}

LaunchShape launch_shape(const Tables& t, std::size_t batch, std::size_t shared_limit) {
  LaunchShape shape;
  const std::size_t row_bytes = 2 * 16 * static_cast<std::size_t>(t.nz) + 16;  // flux, G, Nyquist sum
  const std::size_t fit = shared_limit / row_bytes;
  shape.rows = fit < 1 ? 1 : (fit < most_rows ? static_cast<int>(fit) : most_rows);
  if (shape.rows > t.nm) shape.rows = t.nm;
  shape.threads = t.nz >= 256 ? 256 : (t.nz + 31) / 32 * 32;
  shape.tiles = static_cast<unsigned>((t.nm + shape.rows - 1) / shape.rows);
  shape.columns = static_cast<unsigned>(columns(t));
  shape.batch = static_cast<unsigned>(batch);
  shape.shared_bytes = row_bytes * static_cast<std::size_t>(shape.rows);
  return shape;
}

}  // namespace assay::kernels::gk_linear
