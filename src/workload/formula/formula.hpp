// Formulas as a workload: [variables] are the parameters, each line of [formula] is an observable. For
// surrogate models, for trying plans and samplings, and for tests whose answer is known.
// SPDX-License-Identifier: MIT
#pragma once

#include "workload/workload.hpp"

namespace assay::workload::formula {

Kind kind();

}  // namespace assay::workload::formula
