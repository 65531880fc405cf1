// OpenMPI as a program to start: the name of its launcher, and what it has to be told on a machine that it
// shares. The library is not linked here.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace assay::openmpi {

/// "mpirun.openmpi" where the PATH has it, so that MPICH beside it is no matter; else "mpirun".
std::string launcher();

/// Variables that OpenMPI needs where several mpirun share a machine, but for those that our environment has:
/// it may start more ranks than it counts cores, and binds none, or the ranks of two runs would sit on the same
/// cores. Root has to say that it means to be root.
std::vector<std::pair<std::string, std::string>> missing_settings();

}  // namespace assay::openmpi
