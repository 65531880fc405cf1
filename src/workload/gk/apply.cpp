// Applying L to a state: the thin host-side layer over the kernel tiers.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "workload/gk/operator.hpp"

namespace assay::workload::gk {
namespace {

namespace kernel = kernels::gk_linear;

const double* reals(std::span<const Complex> x) {
  return reinterpret_cast<const double*>(x.data());
}
double* reals(std::span<Complex> x) {
  return reinterpret_cast<double*>(x.data());
}

std::vector<Complex> complexes(const double* x, int n) {
  std::vector<Complex> result(n);
  for (int i = 0; i < n; ++i) result[i] = {x[2 * i], x[2 * i + 1]};
  return result;
}

}  // namespace

void Workspace::fit(const Operator& op, Tier tier) {
  const auto& t = op.tables;
  const std::size_t need =
      tier == Tier::floor ? kernel::floor_scratch_doubles(t) : kernel::host_scratch_doubles(t);
  if (fields.size() < kernel::field_doubles(t)) fields.resize(kernel::field_doubles(t));
  if (scratch.size() < need) scratch.resize(need);
}

void apply(const Operator& op, Tier tier, std::span<const Complex> g, std::span<Complex> out, Workspace& work) {
  if (g.size() != op.size() || out.size() != op.size()) {
    throw std::invalid_argument("apply: state and result must have the size of the operator");
  }
  work.fit(op, tier);
  const auto& t = op.tables;
  const Range all{0, kernel::columns(t)};
  if (tier == Tier::floor) {
    kernel::solve_fields_floor(t, reals(g), work.fields.data());
    kernel::apply_columns_floor(t, reals(g), work.fields.data(), all, reals(out), work.scratch.data());
  } else {
    kernel::solve_fields_host(t, reals(g), work.fields.data());
    kernel::apply_columns_host(t, op.folded, reals(g), work.fields.data(), all, reals(out),
                               work.scratch.data());
  }
}

Fields solve_fields(const Operator& op, std::span<const Complex> g, Workspace& work) {
  work.fit(op, Tier::floor);
  kernel::solve_fields_floor(op.tables, reals(g), work.fields.data());
  const int n = op.nz();
  Fields f{.phi = complexes(work.fields.data(), n)};
  if (op.tables.h_apar != nullptr) f.apar = complexes(work.fields.data() + 2 * n, n);
  if (op.tables.h_bpar != nullptr) f.bpar = complexes(work.fields.data() + 4 * n, n);
  return f;
}

std::vector<Complex> non_adiabatic(const Operator& op, std::span<const Complex> g, Workspace& work) {
  work.fit(op, Tier::floor);
  kernel::solve_fields_floor(op.tables, reals(g), work.fields.data());
  std::vector<Complex> h(g.begin(), g.end());
  const int nz = op.nz();
  const std::size_t low = static_cast<std::size_t>(3 + 3 * op.tables.ns) * nz;
  for (std::size_t column = 0; column < kernel::columns(op.tables); ++column) {
    const double* from = work.fields.data() + 2 * (low + 2 * column * nz);
    for (int i = 0; i < 2 * nz; ++i) h[column * op.tables.nm * nz + i] = {from[2 * i], from[2 * i + 1]};
  }
  return h;
}

std::vector<Complex> assemble(const Operator& op, Tier tier) {
  const std::size_t n = op.size();
  std::vector<Complex> matrix(n * n), unit(n);
  Workspace work;
  for (std::size_t column = 0; column < n; ++column) {
    unit[column] = 1.0;
    apply(op, tier, unit, std::span(matrix).subspan(column * n, n), work);
    unit[column] = 0.0;
  }
  return matrix;
}

RayleighResidual rayleigh_residual(const Operator& op, Tier tier, std::span<const Complex> g,
                                   std::span<Complex> scratch, Workspace& work) {
  apply(op, tier, g, scratch, work);
  Complex overlap = 0.0;
  double norm_g = 0.0, norm_l = 0.0, distance = 0.0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    overlap += std::conj(g[i]) * scratch[i];
    norm_g += std::norm(g[i]);
    norm_l += std::norm(scratch[i]);
  }
  const Complex lambda = overlap / norm_g;
  for (std::size_t i = 0; i < g.size(); ++i) distance += std::norm(scratch[i] - lambda * g[i]);
  return {lambda, std::sqrt(distance / norm_l)};
}

std::vector<Complex> gaussian_state(const Operator& op, double amplitude, double width) {
  std::vector<Complex> g(op.size());
  const Spec& spec = op.spec;
  const double shear = op.geometry.s_hat * spec.ky;
  const double centre = shear == 0.0 ? 0.0 : spec.kx / shear;
  for (int s = 0; s < op.tables.ns; ++s) {
    for (int z = 0; z < op.nz(); ++z) {
      const double x = (op.geometry.z[z] - centre) / width;
      g[op.at(s, 0, 0, z)] = amplitude * std::exp(-x * x) * Complex(1.0, 1.0);
    }
  }
  return g;
}

}  // namespace assay::workload::gk
