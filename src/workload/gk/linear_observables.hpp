// What gk.linear reports of a mode, declared once and filled in from the result of any route.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plan/task.hpp"
#include "workload/gk/diagnostics.hpp"
#include "workload/gk/eigenpair.hpp"
#include "workload/gk/mu_direct.hpp"
#include "workload/gk/time_trace.hpp"
#include "workload/workload.hpp"

namespace assay::workload::gk {

/// The parts of a report that a config can switch.
struct ReportRequest {
  bool trace = false;   ///< route time-trace: no mode, see TimeTrace
  bool boxed = false;   ///< ky is that of a row of a box
  bool direct = false;  ///< route direct: parity and the count of unstable modes as well
  bool eigenfunction = false;
  bool free_energy = false;
};

/// A mode and what was computed from its eigenvector, whatever the basis.
struct ModeReport {
  Eigenpair pair;
  QuasilinearWeights weights;
  std::optional<FreeEnergyBalance> balance;
  std::string parity;      ///< route direct
  int unstable_modes = 0;  ///< route direct
  bool verified = false;   ///< route direct
};

using NamedValues = std::vector<std::pair<std::string, plan::ObservableValue>>;

/// Names, units and tolerance classes, in the order of values_of.
std::vector<Observable> declared(const Spec& spec, const ReportRequest& request);
NamedValues values_of(const ModeReport& report, const Spec& spec, const ReportRequest& request);
NamedValues values_of(const TimeTrace& trace, const Spec& spec, const ReportRequest& request);

/// Weights, and the balance when asked for, of an eigenvector in the moment basis.
ModeReport report_of(Eigenpair pair, const Spec& spec, const OperatorOptions& options, bool free_energy);
ModeReport report_of(MuDirectResult result);

}  // namespace assay::workload::gk
