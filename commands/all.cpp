// The list of subcommands, one line each, in the order that --help shows.
#include "commands/all.hpp"

namespace assay::commands {

void add_all(Cli& cli) {
  add_scan(cli);
  add_run(cli);
  add_plan(cli);
  add_ensemble(cli);
  add_worker(cli);
  add_status(cli);
  add_show(cli);
  add_init(cli);
  add_list(cli);
  add_gate(cli);
  add_bench(cli);
  add_engines(cli);
  add_check_claims(cli);
  add_check_artifacts(cli);
  add_build_status(cli);
  add_plot(cli);
  add_report(cli);
  add_completion(cli);
  add_man(cli);
}

}  // namespace assay::commands
