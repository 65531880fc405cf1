// The list of subcommands, one line each, in the order that --help shows.
#include "commands/all.hpp"

#include <algorithm>
#include <array>

namespace assay::commands {
namespace {

struct Entry {
  std::string_view verb;
  void (*add)(Cli&);
};

constexpr std::array kCommands{
    Entry{"scan", add_scan},
    Entry{"run", add_run},
    Entry{"plan", add_plan},
    Entry{"ensemble", add_ensemble},
    Entry{"worker", add_worker},
    Entry{"attach", add_attach},
    Entry{"status", add_status},
    Entry{"show", add_show},
    Entry{"init", add_init},
    Entry{"list", add_list},
    Entry{"gate", add_gate},
    Entry{"bench", add_bench},
    Entry{"engines", add_engines},
    Entry{"check-claims", add_check_claims},
    Entry{"check-artifacts", add_check_artifacts},
    Entry{"build-status", add_build_status},
    Entry{"plot", add_plot},
    Entry{"report", add_report},
    Entry{"completion", add_completion},
    Entry{"man", add_man},
};

}  // namespace

void add_commands(Cli& cli, std::string_view typed) {
  // These two walk the options of all the others.
  const bool needs_all = typed == "completion" || typed == "man";
  const auto known =
      std::find_if(kCommands.begin(), kCommands.end(), [&](const Entry& e) { return e.verb == typed; });
  if (known != kCommands.end() && !needs_all) return known->add(cli);
  for (const Entry& entry : kCommands) entry.add(cli);
}

}  // namespace assay::commands
