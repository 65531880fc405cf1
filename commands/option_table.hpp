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

/// For option->check(): values to choose from that parsing does not check, where a wrong one is better answered
/// later; one_of_check does check.
CLI::Validator offer_of(const std::vector<std::string>& choices);

std::vector<OptionRow> options_of(CLI::App& app);
/// Every subcommand in the order of --help.
std::vector<VerbRow> verbs_of(CLI::App& root);

}  // namespace assay::commands
