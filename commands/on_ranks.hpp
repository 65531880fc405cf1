// A study for engine mpi: this process starts mpirun with the same command line, waits, and gives its exit
// code.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "commands/command.hpp"
#include "run/study.hpp"

namespace assay::commands {

/// Nothing where this process is to run the study itself: another engine, or it is rank 0. Under somebody
/// else's mpirun it becomes assay-mpi and does not return. EnvironmentError when the ranks ended before the run
/// did.
std::optional<Exit> run_on_ranks(const run::Study& study, const Console& io);

// What rank 0 tells the process that started mpirun, whose own exit code says how the ranks have ended and not
// how the run has. Without such a process nobody reads it.

/// That it is there: whom a signal is for.
void announce_rank_0();
/// How the run has ended.
void leave_verdict(int exit_code);

}  // namespace assay::commands
