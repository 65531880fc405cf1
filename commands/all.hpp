// One declaration a subcommand; each is defined in the file of its name.
// SPDX-License-Identifier: MIT
#pragma once

#include "commands/command.hpp"

namespace assay::commands {

void add_scan(Cli& cli);
void add_run(Cli& cli);
void add_plan(Cli& cli);
void add_ensemble(Cli& cli);
void add_worker(Cli& cli);
void add_attach(Cli& cli);
void add_status(Cli& cli);
void add_show(Cli& cli);
void add_init(Cli& cli);
void add_list(Cli& cli);
void add_gate(Cli& cli);
void add_bench(Cli& cli);
void add_engines(Cli& cli);
void add_check_claims(Cli& cli);
void add_check_artifacts(Cli& cli);
void add_build_status(Cli& cli);
void add_plot(Cli& cli);
void add_report(Cli& cli);
void add_completion(Cli& cli);
void add_man(Cli& cli);

}  // namespace assay::commands
