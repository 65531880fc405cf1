// A checker's report on stdout, in the form that another program reads.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "commands/command.hpp"
#include "report/finding.hpp"

namespace assay::commands {

/// `format`: sarif, junit or github, which is annotations on stdout, and the step summary where the runner asks
/// for it.
void print_report(const report::Report& report, const std::string& format, Console& console);

}  // namespace assay::commands
