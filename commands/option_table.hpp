// The options of every subcommand as plain data, read from the tables that parse them: shell completion and
// manual pages are written from this, so there is no second list that could drift.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "commands/command.hpp"

namespace assay::commands {

struct OptionRow {
  std::vector<std::string> names;    ///< "-q", "--quiet" as typed, short first; one bare word for a positional
  std::string value;                 ///< what a value is called, "TEXT"; empty for a flag
  std::string meaning;               ///< one line, as --help says it
  std::string group;                 ///< heading
  std::vector<std::string> choices;  ///< values to choose from; empty: any, a file name perhaps
  bool positional = false;
  bool required = false;
  int values = 0;  ///< values that one use takes; 0 for a flag
};

struct VerbRow {
  std::string name;
  std::string summary;
  std::string footer;  ///< examples, as --help shows them
  std::vector<OptionRow> options;
};

/// CLI11 keeps no data of ours with an option, but it keeps named validators: the name carries the choices.
std::string name_of_choices(const std::vector<std::string>& choices);

/// assay itself, and what stands before a subcommand.
VerbRow program_of(const Cli& cli);
/// Every subcommand in the order of --help.
std::vector<VerbRow> verbs_of(const Cli& cli);

}  // namespace assay::commands
