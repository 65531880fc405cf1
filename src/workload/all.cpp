// The list of workloads, one line each.
#include "workload/command/command.hpp"
#include "workload/formula/formula.hpp"
#include "workload/gk/linear.hpp"
#include "workload/workload.hpp"

namespace assay::workload {

const std::vector<Kind>& all() {
  static const std::vector<Kind> kinds{
      gk::linear_kind(),
      formula::kind(),
      command::kind(),
  };
  return kinds;
}

}  // namespace assay::workload
