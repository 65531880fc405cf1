// A command that is an MPI program: mpirun, or what the config names, in front of it.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "workload/command/spec.hpp"

namespace assay::workload::command {

/// "mpirun -n 4", in words; empty for a command that is no MPI program.
std::vector<std::string> launcher_of(const CommandSpec& spec);

/// What OpenMPI has to be told (openmpi::missing_settings); nothing for a launcher that the config names.
std::vector<std::pair<std::string, std::string>> launcher_environment(const CommandSpec& spec);

}  // namespace assay::workload::command
