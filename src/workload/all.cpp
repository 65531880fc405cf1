// The list of workloads, one line each.
#include "workload/formula/formula.hpp"
#include "workload/workload.hpp"

namespace assay::workload {

const std::vector<Kind>& all() {
  static const std::vector<Kind> kinds{
      formula::kind(),
  };
  return kinds;
}

}  // namespace assay::workload
