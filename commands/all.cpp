// The list of subcommands, one line each, in the order that --help shows.
#include "commands/all.hpp"

namespace assay::commands {

void add_all(Cli& cli) {
  add_engines(cli);
  add_list(cli);
}

}  // namespace assay::commands
