// Explicit steps with the residual read off the first stage.
// SPDX-License-Identifier: MIT
#include "workload/gk/initial_value.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "workload/gk/spectral_bound.hpp"

namespace assay::workload::gk {
namespace {

struct Look {
  Complex lambda;
  double residual = 0.0, norm = 0.0;
};

/// Rayleigh quotient and residual of g, given its image.
Look look_at(std::span<const Complex> g, std::span<const Complex> image) {
  Complex overlap = 0.0;
  double gg = 0.0, ll = 0.0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    overlap += std::conj(g[i]) * image[i];
    gg += std::norm(g[i]);
    ll += std::norm(image[i]);
  }
  const Complex lambda = overlap / gg;
  double distance = 0.0;
  for (std::size_t i = 0; i < g.size(); ++i) distance += std::norm(image[i] - lambda * g[i]);
  return {lambda, std::sqrt(distance / ll), std::sqrt(gg)};
}

void combine(std::span<const Complex> g, double factor, std::span<const Complex> image,
             std::span<Complex> out) {
  for (std::size_t i = 0; i < g.size(); ++i) out[i] = g[i] + factor * image[i];
}

std::string why_unconverged(bool stopped, bool finite, const InitialValueOptions& o, double residual) {
  if (stopped) return "stopped by the caller";
  if (!finite) return "the state is not finite: dt is beyond the stability limit";
  char text[120];
  std::snprintf(text, sizeof text, "residual %.2e at t = %g, asked for %.2e", residual, o.t_end, o.residual);
  return text;
}

}  // namespace

Eigenpair solve_initial_value(const Operator& op, std::span<Complex> g, const InitialValueOptions& o) {
  if (g.size() != op.size())
    throw std::invalid_argument("the initial state must have the size of the operator");
  if (!(o.t_end > 0.0) || o.dt < 0.0)
    throw std::invalid_argument("an initial-value run needs t_end > 0 and dt >= 0");
  const int stages = o.stepper == Stepper::rk4 ? 4 : 2;
  Eigenpair result;
  result.dt = o.dt;
  if (o.dt == 0.0) {
    const auto bound = bound_spectrum(op);
    result.dt = o.stepper == Stepper::rk4 ? stable_dt_rk4(bound) : stable_dt_rk2(bound);
  }
  const long steps = std::max(1L, static_cast<long>(std::ceil(o.t_end / result.dt)));
  const long look_every = std::max(1L, std::lround(o.check_every / result.dt));
  std::vector<Complex> image(g.size()), stage(g.size());
  Workspace work;
  bool stopped = false, finite = true;
  for (long step = 0;; ++step) {
    apply(op, o.tier, g, image, work);
    ++result.operator_applications;
    const bool last = step == steps;
    if (last || (step > 0 && step % look_every == 0)) {
      const Look now = look_at(g, image);
      result.lambda = now.lambda, result.residual = now.residual,
      result.t_end = static_cast<double>(step) * result.dt;
      finite = std::isfinite(now.norm) && std::isfinite(now.residual);
      result.converged = now.residual <= o.residual;
      if (o.progress) {
        stopped = !o.progress({result.operator_applications, result.t_end, now.lambda, now.residual});
      }
      if (last || result.converged || stopped || !finite) break;
      for (std::size_t i = 0; i < g.size(); ++i) g[i] /= now.norm, image[i] /= now.norm;
    }
    for (int k = stages; k > 1; --k) {
      combine(g, result.dt / k, image, stage);
      apply(op, o.tier, stage, image, work);
      ++result.operator_applications;
    }
    combine(g, result.dt, image, g);
  }
  if (!result.converged) result.unconverged_because = why_unconverged(stopped, finite, o, result.residual);
  result.phi = solve_fields(op, g, work).phi;
  normalise_at_maximum(result.phi);
  result.state.assign(g.begin(), g.end());
  return result;
}

Eigenpair solve_initial_value(const Spec& spec, const InitialValueOptions& options) {
  const Operator op = make_operator(spec, options.op);
  auto g = gaussian_state(op);
  return solve_initial_value(op, g, options);
}

}  // namespace assay::workload::gk
