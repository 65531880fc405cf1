// What scan, run and ensemble do before engine slurm runs: --dry-run, and staying when the shell ends.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "commands/study_options.hpp"

namespace assay::commands {

/// With --dry-run: prints the batch script of the run, and there is nothing more to do. Else nothing; when the
/// engine is slurm, the end of the shell (SIGHUP) does not end this process any more.
std::optional<Exit> prepare_submission(const run::Study& study, const StudyOptions& options, const Console& io);

}  // namespace assay::commands
