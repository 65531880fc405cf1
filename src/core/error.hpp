// One error form and one exit-code table. Every message says where, what, the line with a caret, what was
// expected and found, and what to do; commands/main.cpp holds the only catch that turns an error into an exit
// code.
// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace assay {

/// What the process tells its caller. "Nothing compared" is never 0. 128+n: ended by signal n, journal intact.
enum class Exit : int {
  ok = 0,               ///< done, and what was asked holds
  evidence_no = 1,      ///< a gate failed, a claim is unsupported, a regression is real
  usage = 2,            ///< usage or configuration error
  environment = 3,      ///< device, engine, dependency or worker that was asked for is missing
  inconclusive = 4,     ///< nothing was measured or compared, or the interval straddles the bound
  workload_failed = 5,  ///< a task crashed, timed out or gave no result
  gate_unfit = 6,       ///< the gate's self-test did not catch a planted fault
  bug = 70,             ///< a bug in assay
};

/// A place in a file or, with line 0, in something that has no lines (a flag).
struct SourcePos {
  std::string file;
  int line = 0;
  int column = 0;
};

/// `file:line:column`, `file` alone without a line, empty without a file.
std::string to_text(const SourcePos& pos);

/// The parts of a message; empty parts are left out when it is rendered.
struct Problem {
  std::string what;
  SourcePos where;
  std::string source_line;  ///< the text of the line that `where` points into
  int caret_length = 1;
  std::string expected;
  std::string found;
  std::string hint;  ///< what to do
};

/// The message as a person sees it, without the leading "error: ".
std::string render(const Problem& problem);

class Error : public std::exception {
 public:
  Error(Exit code, Problem problem);
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }
  [[nodiscard]] Exit code() const { return code_; }
  [[nodiscard]] const Problem& problem() const { return problem_; }

 private:
  Exit code_;
  Problem problem_;
  std::string text_;
};

/// Something the user typed or wrote is wrong (exit 2).
class UserError : public Error {
 public:
  explicit UserError(Problem problem) : Error(Exit::usage, std::move(problem)) {}
  explicit UserError(std::string what, std::string hint = {})
      : Error(Exit::usage, {.what = std::move(what), .hint = std::move(hint)}) {}
};

/// The machine lacks something that was asked for (exit 3).
class EnvironmentError : public Error {
 public:
  explicit EnvironmentError(Problem problem) : Error(Exit::environment, std::move(problem)) {}
  explicit EnvironmentError(std::string what, std::string hint = {})
      : Error(Exit::environment, {.what = std::move(what), .hint = std::move(hint)}) {}
};

/// The workload itself failed (exit 5).
class WorkloadError : public Error {
 public:
  explicit WorkloadError(std::string what, std::string hint = {})
      : Error(Exit::workload_failed, {.what = std::move(what), .hint = std::move(hint)}) {}
};

}  // namespace assay
