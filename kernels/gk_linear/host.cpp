// The host tier: choice of the instruction set, packing of the folded matrices, and the field phase in rows of
// z.
// SPDX-License-Identifier: MIT
#include "kernels/gk_linear/body.hpp"
#include "kernels/gk_linear/host_parts.hpp"
#include "kernels/instruction_set.hpp"

namespace assay::kernels::gk_linear {
namespace {

enum class Parity { even, odd };

/// Entry of the folded form of a circulant matrix: output point j, input point k, both counted along the half
/// chain. The even part holds x_0 twice, so its entry is halved.
double folded_entry(const double* matrix, int n, int j, int k, Parity input) {
  const double direct = matrix[static_cast<long>(j) * n + k];
  if (k == 0) return input == Parity::even ? 0.5 * direct : 0.0;
  const double mirrored = matrix[static_cast<long>(j) * n + (n - k) % n];
  return 0.5 * (input == Parity::even ? direct + mirrored : direct - mirrored);
}

/// Entry of a packed matrix: output j, input k (the odd part first). D takes the flux, of the other parity than
/// the output, K the state, of the same. The odd part has no point 0: that output takes sum_z (-1)^z F_z.
double packed_entry(const Tables& t, Parity output, int j, int k) {
  const int odd = odd_count(t.nz);
  const Parity input = k < odd ? Parity::odd : Parity::even;
  const int at = k < odd ? k : k - odd;
  if (output == Parity::odd && j == 0) {
    if (input == Parity::odd) return 0.0;
    return at == 0 ? 0.5 : at % 2 == 0 ? 1.0 : -1.0;
  }
  return folded_entry(input == output ? t.abs_kz : t.derivative, t.nz, j, at, input);
}

/// One packed matrix: strips of columns, each strip [k][2 width].
void pack(const Tables& t, Parity output, double* to) {
  const int outputs = output == Parity::even ? even_count(t.nz) : odd_count(t.nz);
  for (int first = 0; first < padded(outputs);) {
    const int width = strip_width(padded(outputs) - first);
    for (int k = 0; k < inputs(t.nz); ++k) {
      for (int i = 0; i < width; ++i) {
        const double value = first + i < outputs ? packed_entry(t, output, first + i, k) : 0.0;
        *to++ = value;
        *to++ = value;
      }
    }
    first += width;
  }
}

/// sum over species and l of weight * row m, in rows of z.
void weighted_rows(const Tables& t, const double* weight, const double* g, int m, double* sum) {
  for (int i = 0; i < 2 * t.nz; ++i) sum[i] = 0.0;
  if (weight == nullptr || m >= t.nm) return;
  for (int s = 0; s < t.ns; ++s) {
    for (int l = 0; l < t.nl; ++l) {
      const double* w = weight + at_gyro(t, s, l, 0);
      const double* row = g + 2 * at_state(t, s, l, m, 0);
      for (int z = 0; z < t.nz; ++z) store(sum, z, load(sum, z) + w[z] * load(row, z));
    }
  }
}

void add_row(int n, double sign, const double* weight, const double* field, double* row) {
  for (int z = 0; z < n; ++z) store(row, z, load(row, z) + (sign * weight[z]) * load(field, z));
}

void low_rows(const Tables& t, const double* g, double* fields, int s, int l) {
  const double* phi = fields + 2 * at_phi(t, 0);
  const long i = at_gyro(t, s, l, 0);
  for (int m = 0; m < 2; ++m) {
    double* row = fields + 2 * at_low_row(t, s, l, m, 0);
    const double* from = g + 2 * at_state(t, s, l, m, 0);
    for (int z = 0; z < 2 * t.nz; ++z) row[z] = m < t.nm ? from[z] : 0.0;
    if (m == 0) add_row(t.nz, 1.0, t.h_phi + i, phi, row);
    if (m == 0 && t.h_bpar != nullptr) add_row(t.nz, 1.0, t.h_bpar + i, fields + 2 * at_bpar(t, 0), row);
    if (m == 1 && t.h_apar != nullptr) add_row(t.nz, -1.0, t.h_apar + i, fields + 2 * at_apar(t, 0), row);
  }
}

void collision_rows(const Tables& t, const double* g, double* fields, int s) {
  double* moments[3];
  for (int which = 0; which < 3; ++which) {
    moments[which] = fields + 2 * at_moment(t, s, which, 0);
    for (int i = 0; i < 2 * t.nz; ++i) moments[which][i] = 0.0;
  }
  const double parallel = t.nl == 1 ? std::sqrt(2.0) : std::sqrt(2.0) / 3.0;
  const double perpendicular = t.nl == 1 ? 0.0 : 2.0 / 3.0;
  for (int l = 0; l < t.nl; ++l) {
    const long i = at_gyro(t, s, l, 0);
    const double* h0 = fields + 2 * at_low_row(t, s, l, 0, 0);
    const double* h1 = fields + 2 * at_low_row(t, s, l, 1, 0);
    add_row(t.nz, 1.0, t.gyro + i, h1, moments[0]);
    add_row(t.nz, 1.0, t.gyro_perp + i, h0, moments[1]);
    add_row(t.nz, perpendicular, t.gyro_heat + i, h0, moments[2]);
    if (t.nm > 2) add_row(t.nz, parallel, t.gyro + i, g + 2 * at_state(t, s, l, 2, 0), moments[2]);
  }
}

}  // namespace

std::size_t folded_doubles(int nz) {
  return 2 * std::size_t(inputs(nz)) * (padded(even_count(nz)) + padded(odd_count(nz))) + 16;
}

Folded fold_derivative(const Tables& t, double* storage) {
  double* to_even = line_start(storage);
  double* to_odd = line_start(to_even + 2 * std::size_t(inputs(t.nz)) * padded(even_count(t.nz)));
  pack(t, Parity::even, to_even);
  pack(t, Parity::odd, to_odd);
  return {to_even, to_odd};
}

std::size_t host_scratch_doubles(const Tables& t) {
  const std::size_t n = padded(t.nz), rows = panel_rows(t);
  const std::size_t panels = 2 * padded(inputs(t.nz)) + padded(even_count(t.nz)) + padded(odd_count(t.nz));
  return 2 * rows * panels + (10 + 2 * rows_finished) * n + 8 * std::size_t(t.nm) + 8;
}

void solve_fields_host(const Tables& t, const double* g, double* fields) {
  weighted_rows(t, t.w_phi, g, 0, fields + 2 * at_phi(t, 0));
  weighted_rows(t, t.w_apar, g, 1, fields + 2 * at_apar(t, 0));
  weighted_rows(t, t.w_bpar, g, 0, fields + 2 * at_bpar(t, 0));
  if (t.zonal_average != nullptr) {
    Complex average;
    for (int z = 0; z < t.nz; ++z) average = average + t.zonal_average[z] * load(fields, z);
    for (int z = 0; z < t.nz; ++z) store(fields, z, load(fields, z) + t.zonal_gain[z] * average);
  }
  for (int s = 0; s < t.ns; ++s) {
    for (int l = 0; l < t.nl; ++l) low_rows(t, g, fields, s, l);
    if (t.nu != nullptr) collision_rows(t, g, fields, s);
  }
}

void apply_columns_host(const Tables& t, const Folded& folded, const double* g, const double* fields,
                        Range columns, double* out, double* scratch) {
  switch (instruction_set()) {
    case InstructionSet::avx512: return apply_columns_avx512(t, folded, g, fields, columns, out, scratch);
    case InstructionSet::avx2: return apply_columns_avx2(t, folded, g, fields, columns, out, scratch);
    case InstructionSet::base: return apply_columns_sse2(t, folded, g, fields, columns, out, scratch);
  }
}

Cost host_cost(const Tables& t) {
  const double elements = static_cast<double>(state_size(t));
  // Rows m <= 2 have no |kz| part.
  const double damped = t.hyper == nullptr || t.nm < 3 ? 0.0 : (t.nm - 3.0) / t.nm;
  return {elements * (2.0 * t.nz * (1.0 + damped) + 70.0), elements * 32.0};
}

}  // namespace assay::kernels::gk_linear
