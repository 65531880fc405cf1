// The failing task's own error at the end of a run, and how to run exactly that task again.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "run/execute.hpp"
#include "run/study.hpp"

namespace assay::commands {

/// Point, message and the end of what the last try printed. `command_line` is ours, `folder` what --out names.
std::string failure_text(const run::Study& study, const run::Failure& failure, std::size_t failed,
                         const std::vector<std::string>& command_line);

/// A command line of ours without what chose the tasks, with the one task instead.
std::string only_task(const std::vector<std::string>& command_line, std::size_t index);

/// A word as a POSIX shell reads it back.
std::string shell_quoted(const std::string& word);

}  // namespace assay::commands
