// SPDX-License-Identifier: MIT
#include "commands/run_folder.hpp"

namespace assay::commands {

void add_folder(Verb& app, RunFolder& o) {
  app.option("folder", o.folder, "the folder that --out named").required();
}

void add_kind(Verb& app, RunFolder& o) {
  app.option("--kind", o.kind, "scan, ensemble or run, where the folder holds several");
}

}  // namespace assay::commands
