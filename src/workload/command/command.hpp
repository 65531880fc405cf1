// The user's own program as a workload: started for each point with its parameters filled in, its observables
// read from what it prints and writes. Fields, observables, identity and limits: docs/concepts/commands.md.
// SPDX-License-Identifier: MIT
#pragma once

#include "workload/workload.hpp"

namespace assay::workload::command {

Kind kind();

}  // namespace assay::workload::command
