// The folder of a run, as attach, status and show have it on their command lines.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "commands/command.hpp"

namespace assay::commands {

struct RunFolder {
  std::string folder;
  std::string kind;  ///< empty: the only one that is there
};

/// FOLDER; then what else the command names, and --kind.
void add_folder(Verb& app, RunFolder& options);
void add_kind(Verb& app, RunFolder& options);

}  // namespace assay::commands
