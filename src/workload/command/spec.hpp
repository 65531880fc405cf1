// What a config says about a command: how it is started and what is read from it.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/config.hpp"
#include "core/json.hpp"
#include "workload/command/fields.hpp"
#include "workload/command/probe.hpp"
#include "workload/command/task_folder.hpp"
#include "workload/parameters.hpp"

namespace assay::workload::command {

struct CommandSpec {
  std::vector<FieldText> run;         ///< argument list; empty: by the shell
  int ranks = 0;                      ///< the command is an MPI program on so many; 0: it is none
  std::vector<std::string> launcher;  ///< instead of mpirun; -n and the ranks follow it
  std::string shell;      ///< script for /bin/sh -c; parameters reach it as variables, never as text
  FieldText input;        ///< standard input
  std::string directory;  ///< as typed, relative to the config's folder
  std::vector<std::pair<std::string, FieldText>> environment;  ///< set for the task, besides ours
  std::vector<Template> templates;                             ///< files of each task's folder
  bool task_folder = false;                                    ///< each task runs in a folder of its own
  std::vector<FieldText> inputs;                               ///< files that the result depends on
  std::vector<std::string> version;               ///< argument list of what prints the program's version
  std::vector<std::string> identity_environment;  ///< inherited variables that the result depends on
  std::vector<std::int64_t> accept{0};            ///< exit codes of a success
  std::int64_t output_limit = 0;                  ///< bytes kept of each stream
  std::vector<Probe> probes;

  std::filesystem::path folder;  ///< of the config, absolute
  FieldNames names{{}};
  FieldValues samples;  ///< a value of the right type for each name

  [[nodiscard]] bool by_shell() const { return run.empty(); }
  /// Two tasks with equal parameters are still two: the command is told its index or seed.
  [[nodiscard]] bool tells_tasks_apart() const;
  /// The tables [command] and [observables] of the resolved config.
  [[nodiscard]] Json config() const;
};

/// Reads [command] and [observables]; [parameters] is `parameters`. UserError for a parameter that is used
/// nowhere.
CommandSpec read_command(Config& config, const ParameterSet& parameters);

/// The keys of [parameters] as a table: each under its own name, typed by its value.
ParameterSet read_parameters(Config& config);

}  // namespace assay::workload::command
