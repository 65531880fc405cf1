// A fixed number of time steps of dG/dt = L G with the potential sampled on the way: what initial-value codes
// call a growth rate before the mode has settled, and the fair way to time one.
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "workload/gk/initial_value.hpp"

namespace assay::workload::gk {

struct TimeTraceOptions {
  Stepper stepper = Stepper::rk2;
  Tier tier = Tier::host;
  OperatorOptions op;
  double dt = 0.02;  ///< in a/v_ref; 0: the largest that a proven bound of the spectral radius allows
  long steps = 240;
  long sample_every = 5;
  double window_from = 0.35, window_to = 0.9;  ///< of the time covered: where the straight lines are fitted
  ProgressCallback progress;                   ///< called at each sample; false stops
};

struct TimeTrace {
  double dt = 0.0;
  std::vector<double> time;
  std::vector<Complex> signal;  ///< phi one point after z = 0, at `time`
  double rate = 0.0;            ///< slope of ln |signal| over the window, in v_ref/a
  double frequency = 0.0;       ///< minus the slope of its phase
  RayleighResidual last;        ///< how close the last state is to an eigenvector
  std::vector<Complex> phi;     ///< of the last state, 1 at its maximum
  long operator_applications = 0;
  bool finished = false;  ///< all steps done, every number finite, at least two samples in the window
  std::string unfinished_because;
};

/// From gaussian_state, 2 applications of L a step of rk2, 4 of rk4. Memory: three states and the samples.
TimeTrace run_time_trace(const Spec& spec, const TimeTraceOptions& options);

}  // namespace assay::workload::gk
