// Completion scripts as text, one function a shell. Static: completing a word starts no program. Where an
// option's values are not known, the shell completes file names.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "commands/option_table.hpp"

namespace assay::commands {

/// `global` are the options that stand before a subcommand.
std::string bash_completion(const std::vector<VerbRow>& verbs, const std::vector<OptionRow>& global);
std::string zsh_completion(const std::vector<VerbRow>& verbs, const std::vector<OptionRow>& global);
std::string fish_completion(const std::vector<VerbRow>& verbs, const std::vector<OptionRow>& global);

}  // namespace assay::commands
