// One run of an external command, timed: wall clock around it, the kernel's own account of what it used.
// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace assay::bench {

/// How a command line is started: split at blanks and started directly, or by /bin/sh where it uses quotes,
/// pipes, variables or other things that only a shell understands. The shell's own time is then part of the
/// sample.
struct CommandLine {
  std::string text;
  std::vector<std::string> arguments;
  bool by_shell = false;
  std::string program = {};  ///< the file that is executed; empty: looked for at each run
};
/// UserError for an empty command.
CommandLine parse_command(std::string_view text);
/// Looks along the PATH once, so that no sample does. EnvironmentError where nothing can be executed.
void find_program_of(CommandLine& command, const std::string& folder = {});

struct RunResult {
  double wall_seconds = 0.0;  ///< CLOCK_MONOTONIC, from before the start to the report of its end
  double user_seconds = 0.0;  ///< the process and those of its children that it waited for
  double system_seconds = 0.0;
  long max_rss_kib = 0;  ///< peak resident memory; the kernel counts from the fork on, so never below our own
  int exit_code = 0;
  int signal = 0;  ///< that ended it, 0 for none
  bool timed_out = false;
  bool interrupted = false;
  [[nodiscard]] bool ok() const { return exit_code == 0 && signal == 0 && !timed_out && !interrupted; }
};

/// "exit status 3", "ended by signal 11 (Segmentation fault)", ...
std::string describe(const RunResult& result);

struct RunOptions {
  double timeout_seconds = 0.0;      ///< 0: none
  std::string output = "/dev/null";  ///< stdout; stderr goes there, too, unless it is kept
  bool keep_stderr = false;
  std::string folder;    ///< where it starts; empty: here
  std::stop_token stop;  ///< ends the whole process group: SIGTERM, after two seconds SIGKILL
};

/// Runs in a process group of its own, standard input is empty. EnvironmentError where it cannot be started.
RunResult run_command(const CommandLine& command, const RunOptions& options);

}  // namespace assay::bench
