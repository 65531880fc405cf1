// The option groups that run, scan, ensemble and plan share: config, parameters, engine, output.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "commands/command.hpp"
#include "run/execute.hpp"
#include "run/output.hpp"
#include "run/study.hpp"

namespace assay::commands {

struct StudyOptions {
  std::string config;
  std::string workload;  ///< instead of a config: all defaults
  run::Overrides overrides;
  std::string out;
  run::SelectionText select;
  std::string cache;  ///< folder of shared results; empty: none
  bool resume = false;
  bool overwrite = false;
  bool explain = false;
  bool dry_run = false;           ///< print what engine slurm would submit, and submit nothing
  std::vector<std::string> show;  ///< observables of the table; empty: all scalars
};

enum class Axes { none, allowed };
enum class Running { no, yes };
void add_study_options(Verb& app, StudyOptions& options, Axes axes, Running running);

/// From the config file, or from --workload alone.
run::Study make_study(const StudyOptions& options, run::Scope scope);

/// Columns aligned to the right, two spaces between them.
std::string join_table(const std::vector<std::vector<std::string>>& rows);

/// The columns of the table: `show`, or every scalar observable. Throws UserError for a name that is none.
std::vector<std::string> shown_observables(const run::Study& study, const std::vector<std::string>& show);

/// A table of points and these observables, at most `most_rows` rows (first and last).
std::string results_table(const run::Study& study, const run::ResultStore& store,
                          const std::vector<std::string>& names, std::size_t most_rows);

/// Where the results of a command go.
run::OutputRequest output_request(const std::string& kind, const StudyOptions& options, const Console& console);

/// Writes the artifact where one was asked for, and says on stderr what ran and what is left.
void finish_study(const run::Study& study, run::Output& output, const run::Report& report, const Json& summary,
                  const StudyOptions& options, const Console& console);

/// 0 all ok (with --only: those); 5 a task failed or did not converge, or the run ended early; 128+n
/// interrupted; 1 --recheck found a difference, 4 it found nothing to check.
Exit exit_of(const run::Report& report, const StudyOptions& options, int signal);

/// What execute() is to do.
run::ExecuteOptions execute_options(const StudyOptions& options, const run::Output& output,
                                    const Console& console, std::stop_token stop,
                                    run::SharedResults* shared = nullptr);

/// The cache that --cache names; nullptr without one.
std::unique_ptr<run::SharedResults> shared_results(const run::Study& study, const StudyOptions& options,
                                                   const Console& console);

}  // namespace assay::commands
