// What every route to a growth rate returns: one eigenpair with its residual. No residual, no number.
// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace assay::workload::gk {

/// An eigenpair of dG/dt = L G, G ~ exp(lambda t) = exp((gamma - i omega) t); rates in v_ref/a.
struct Eigenpair {
  std::complex<double> lambda{std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::quiet_NaN()};
  /// ||L x - lambda x|| / ||L x|| of the full linear problem, however lambda was found.
  double residual = std::numeric_limits<double>::quiet_NaN();
  bool converged = false;  ///< residual at or below what the caller asked for; false is a result, not an error
  std::string unconverged_because;          ///< why, in words; empty when converged
  std::vector<std::complex<double>> phi;    ///< z profile along the chain, normalised to 1 at max |phi|
  std::vector<std::complex<double>> state;  ///< eigenvector in the route's own layout; may be empty
  long operator_applications = 0;  ///< applications of L, or evaluations of S(lambda) of a direct route
  double dt = 0.0;                 ///< time step of a stepping route, 0 elsewhere
  double t_end = 0.0;              ///< physical time covered by a stepping route, 0 elsewhere

  [[nodiscard]] double gamma() const { return lambda.real(); }   ///< growth rate
  [[nodiscard]] double omega() const { return -lambda.imag(); }  ///< real frequency, > 0 in the ion direction
};

/// Where a long solve stands. The callback returns false to stop: the result is then unconverged and says so.
struct SolveProgress {
  long operator_applications = 0;
  double time = 0.0;  ///< physical time of a stepping route
  std::complex<double> lambda{0.0, 0.0};
  double residual = std::numeric_limits<double>::infinity();
};
using ProgressCallback = std::function<bool(const SolveProgress&)>;

/// Divides by the value at the first point of largest modulus, so that routes can be compared point by point.
inline void normalise_at_maximum(std::vector<std::complex<double>>& phi) {
  std::size_t at = 0;
  for (std::size_t j = 1; j < phi.size(); ++j) {
    if (std::norm(phi[j]) > std::norm(phi[at])) at = j;
  }
  if (phi.empty() || !(std::abs(phi[at]) > 0.0)) return;
  const std::complex<double> scale = 1.0 / phi[at];
  for (auto& value : phi) value *= scale;
}

}  // namespace assay::workload::gk
