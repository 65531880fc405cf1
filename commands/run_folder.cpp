// SPDX-License-Identifier: MIT
#include "commands/run_folder.hpp"

namespace assay::commands {

void add_folder(CLI::App& app, RunFolder& o) {
  app.add_option("folder", o.folder, "the folder that --out named")->required();
}

void add_kind(CLI::App& app, RunFolder& o) {
  app.add_option("--kind", o.kind, "scan, ensemble or run, where the folder holds several");
}

}  // namespace assay::commands
