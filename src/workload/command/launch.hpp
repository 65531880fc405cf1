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

/// Variables that OpenMPI needs where several mpirun share a machine, unless ours say otherwise: it may start
/// more ranks than it counts cores, and binds none, or the ranks of two tasks would sit on the same cores.
/// Nothing for a launcher that the config names.
std::vector<std::pair<std::string, std::string>> launcher_environment(const CommandSpec& spec);

}  // namespace assay::workload::command
