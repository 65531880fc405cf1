// Explicit steps in Horner form (exact for a linear L), and a straight-line fit.
// SPDX-License-Identifier: MIT
#include "workload/gk/time_trace.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "workload/gk/spectral_bound.hpp"

namespace assay::workload::gk {
namespace {

/// Slope of the least-squares line through (x, y).
double slope(const std::vector<double>& x, const std::vector<double>& y) {
  double mean_x = 0.0, mean_y = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) mean_x += x[i], mean_y += y[i];
  mean_x /= static_cast<double>(x.size()), mean_y /= static_cast<double>(x.size());
  double up = 0.0, down = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    up += (x[i] - mean_x) * (y[i] - mean_y);
    down += (x[i] - mean_x) * (x[i] - mean_x);
  }
  return up / down;
}

void fit(const TimeTraceOptions& o, TimeTrace& trace) {
  const double t_end = static_cast<double>(o.steps) * trace.dt;
  std::vector<double> time, log_modulus, phase;
  for (std::size_t i = 0; i < trace.time.size(); ++i) {
    if (trace.time[i] < o.window_from * t_end || trace.time[i] > o.window_to * t_end) continue;
    time.push_back(trace.time[i]);
    log_modulus.push_back(std::log(std::abs(trace.signal[i])));
    const double angle = std::arg(trace.signal[i]);
    phase.push_back(
        phase.empty() ? angle : phase.back() + std::remainder(angle - phase.back(), 2.0 * std::numbers::pi));
  }
  if (time.size() < 2) {
    trace.unfinished_because = "fewer than two samples in the window of the fit";
    return;
  }
  trace.rate = slope(time, log_modulus);
  trace.frequency = -slope(time, phase);
  trace.finished = std::isfinite(trace.rate) && std::isfinite(trace.frequency);
  if (!trace.finished) trace.unfinished_because = "the state is not finite: dt is beyond the stability limit";
}

}  // namespace

TimeTrace run_time_trace(const Spec& spec, const TimeTraceOptions& o) {
  if (o.dt < 0.0 || o.steps < 1 || o.sample_every < 1)
    throw std::invalid_argument("a time trace needs dt >= 0, steps >= 1 and sample_every >= 1");
  const Operator op = make_operator(spec, o.op);
  std::vector<Complex> g = gaussian_state(op), image(g.size()), stage(g.size());
  const int stages = o.stepper == Stepper::rk4 ? 4 : 2;
  const std::size_t at = static_cast<std::size_t>(op.nz()) / 2 + 1;
  Workspace work;
  TimeTrace trace;
  trace.dt = o.dt;
  if (o.dt == 0.0) {
    const auto bound = bound_spectrum(op);
    trace.dt = o.stepper == Stepper::rk4 ? stable_dt_rk4(bound) : stable_dt_rk2(bound);
  }
  for (long step = 1; step <= o.steps; ++step) {
    for (int k = stages; k > 0; --k) {
      apply(op, o.tier, k == stages ? g : stage, image, work);
      ++trace.operator_applications;
      auto& to = k == 1 ? g : stage;
      for (std::size_t i = 0; i < g.size(); ++i) to[i] = g[i] + trace.dt / k * image[i];
    }
    if (step % o.sample_every != 0) continue;
    trace.time.push_back(static_cast<double>(step) * trace.dt);
    trace.signal.push_back(solve_fields(op, g, work).phi[at]);
    if (o.progress && !o.progress({trace.operator_applications, trace.time.back()})) {
      trace.unfinished_because = "stopped by the caller";
      return trace;
    }
  }
  trace.last = rayleigh_residual(op, o.tier, g, image, work);
  trace.phi = solve_fields(op, g, work).phi;
  normalise_at_maximum(trace.phi);
  fit(o, trace);
  return trace;
}

}  // namespace assay::workload::gk
