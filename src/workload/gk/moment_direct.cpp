// Shift-invert Arnoldi on the eliminated system.
// SPDX-License-Identifier: MIT
#include "workload/gk/moment_direct.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "workload/gk/krylov.hpp"

namespace assay::workload::gk {
namespace {

double norm(std::span<const Complex> x) {
  double sum = 0.0;
  for (const Complex& value : x) sum += std::norm(value);
  return std::sqrt(sum);
}

Complex coarse_guess(Spec spec) {
  spec.nl = std::min(spec.nl, 4);
  spec.nm = std::min(spec.nm, 8);
  return solve_krylov(spec, {.residual = 1e-2, .max_applications = 20000}).lambda;
}

/// A start vector of the wanted parity: a density bump off the midplane and its reflection.
std::vector<Complex> start_vector(const Operator& op, PhiParity parity) {
  std::vector<Complex> g(op.size());
  const int n = op.nz();
  const double sign = parity == PhiParity::odd ? -1.0 : 1.0;
  for (int s = 0; s < op.tables.ns; ++s) {
    for (int z = 0; z < n; ++z) {
      const double x = op.geometry.z[z] - 0.3, y = op.geometry.z[(n - z) % n] - 0.3;
      g[op.at(s, 0, 0, z)] = std::exp(-x * x) + (parity == PhiParity::full ? 0.0 : sign * std::exp(-y * y));
      if (z == 0 && parity == PhiParity::odd) g[op.at(s, 0, 0, z)] = 0.0;
    }
  }
  return g;
}

/// Arnoldi on (L - sigma)^-1: leaves the best Ritz vector in x.
class ShiftInvert {
 public:
  ShiftInvert(const Operator& op, Complex sigma, const MomentDirectOptions& options)
      : op_(op), o_(options), sigma_(sigma), system_(op, sigma, options.parity) {}

  Eigenpair run(std::vector<Complex> x, long& solves) {
    const std::size_t n = op_.size();
    const int size = o_.dimension;
    std::vector<Complex> basis(n * (size + 1)), h(static_cast<std::size_t>(size) * size), column(size + 1);
    place(x, basis.data());
    Eigenpair best;
    for (int j = 0; j < size; ++j) {
      auto w = system_.solve(std::span<const Complex>(basis).subspan(j * n, n));
      ++solves;
      for (int pass = 0; pass < 2; ++pass) {
        project(basis.data(), n, j + 1, w.data(), column.data());
        subtract(basis.data(), n, j + 1, column.data(), w.data());
        for (int i = 0; i <= j; ++i) h[static_cast<std::size_t>(j) * size + i] += column[i];
      }
      if (j + 1 < size) h[static_cast<std::size_t>(j) * size + j + 1] = norm(w);
      place(w, basis.data() + (j + 1) * n);
      if (j < 3 && j + 1 < size) continue;
      best = ritz(basis, h, j + 1, size);
      const bool go_on = !o_.progress || o_.progress({solves, 0.0, best.lambda, best.residual});
      if (!go_on) best.unconverged_because = "stopped by the caller";
      if (!go_on || best.residual <= o_.residual) break;
    }
    return best;
  }

 private:
  static void place(const std::vector<Complex>& x, Complex* to) {
    const double scale = 1.0 / norm(x);
    std::transform(x.begin(), x.end(), to, [&](Complex value) { return scale * value; });
  }

  /// Among the Ritz values closest to the shift, the most unstable; lambda and residual from L.
  Eigenpair ritz(const std::vector<Complex>& basis, const std::vector<Complex>& h, int count, int size) {
    std::vector<Complex> small(static_cast<std::size_t>(count) * count);
    for (int j = 0; j < count; ++j) std::copy_n(h.begin() + j * size, count, small.begin() + j * count);
    const auto eigen = dense_eigen(small, count, EigenVectors::yes);
    double nearest = 0.0;
    for (const Complex mu : eigen.values) nearest = std::max(nearest, std::abs(mu));
    int pick = -1;
    for (int j = 0; j < count; ++j) {
      if (std::abs(eigen.values[j]) < 0.3 * nearest) continue;
      if (pick < 0 || (1.0 / eigen.values[j]).real() > (1.0 / eigen.values[pick]).real()) pick = j;
    }
    Eigenpair result;
    result.state.resize(op_.size());
    multiply(basis.data(), op_.size(), count, eigen.vectors.data() + static_cast<std::size_t>(pick) * count, 1,
             result.state.data());
    std::vector<Complex> image(op_.size());
    const auto check = rayleigh_residual(op_, Tier::host, result.state, image, work_);
    result.lambda = check.lambda, result.residual = check.residual;
    return result;
  }

  const Operator& op_;
  const MomentDirectOptions& o_;
  Complex sigma_;
  MomentSystem system_;
  Workspace work_;
};

}  // namespace

Eigenpair solve_moment_direct(const Spec& spec, const MomentDirectOptions& o) {
  OperatorOptions op_options = o.op;
  if (o.parity != PhiParity::full) op_options.nyquist = Nyquist::dropped;
  const Operator op = make_operator(spec, op_options);
  const Complex guess = o.guess ? *o.guess : coarse_guess(spec);
  // To the upper right: closer to what is more unstable than the guess than to what is less.
  Complex sigma = guess + 0.1 * std::abs(guess);
  std::vector<Complex> x = start_vector(op, o.parity);
  Eigenpair result;
  long solves = 0;
  for (int shift = 0; shift < o.max_shifts; ++shift) {
    result = ShiftInvert(op, sigma, o).run(x, solves);
    result.converged = result.residual <= o.residual;
    if (result.converged || !result.unconverged_because.empty()) break;
    x = result.state;
    sigma = result.lambda + 0.02 * std::abs(result.lambda);
  }
  result.operator_applications = solves;
  if (!result.converged && result.unconverged_because.empty()) {
    char text[120];
    std::snprintf(text, sizeof text, "residual %.2e after %d shifts, asked for %.2e", result.residual,
                  o.max_shifts, o.residual);
    result.unconverged_because = text;
  }
  Workspace work;
  result.phi = solve_fields(op, result.state, work).phi;
  normalise_at_maximum(result.phi);
  return result;
}

}  // namespace assay::workload::gk
