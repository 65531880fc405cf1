#include "bench/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "core/child.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace assay::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double grace_seconds = 2.0;  // between the polite signal and the last one
constexpr int poll_milliseconds = 100;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}
/// The streams of a run: nothing comes in, what comes out is appended to a file.
struct Streams {
  FileHandle in{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  FileHandle out;
  explicit Streams(const std::string& output)
      : out(::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
    if (!in.is_open()) throw_file_error(errno, "cannot read", "/dev/null");
    if (!out.is_open()) throw_file_error(errno, "cannot write", output);
  }
};

[[noreturn]] void cannot_start(const CommandLine& command, int error) {
  const std::string hint =
      error == ENOENT ? "is \"" + command.arguments.front() + "\" installed and on the PATH?" : "";
  throw EnvironmentError("cannot start \"" + command.text + "\": " + std::strerror(error), hint);
}

/// Waits for the end of the process; kills its group when time is up or a stop is asked for.
void wait_until_over(const Child& child, const RunOptions& options, Clock::time_point start,
                     RunResult& result) {
  const std::stop_callback on_stop(options.stop, [&child] { child.signal(SIGTERM); });
  Clock::time_point asked{};
  bool killed = false;
  for (;;) {
    int wait = -1;
    if (options.timeout_seconds > 0.0 || options.stop.stop_possible()) wait = poll_milliseconds;
    const double left = options.timeout_seconds - seconds_since(start);
    if (options.timeout_seconds > 0.0 && left < 0.1) wait = left > 0.0 ? static_cast<int>(left * 1e3) + 1 : 0;
    if (result.timed_out) wait = poll_milliseconds;
    pollfd watched{child.descriptor(), POLLIN, 0};
    const int ready = ::poll(&watched, 1, wait);
    if (ready > 0) return;
    const bool stopped = options.stop.stop_requested();
    const bool late = options.timeout_seconds > 0.0 && seconds_since(start) >= options.timeout_seconds;
    if (!stopped && !late) continue;
    if (asked == Clock::time_point{}) {
      asked = Clock::now();
      result.timed_out = late && !stopped;
      child.signal(SIGTERM);
    } else if (!killed && seconds_since(asked) > grace_seconds) {
      killed = true;
      child.signal(SIGKILL);
    }
  }
}

}  // namespace

CommandLine parse_command(std::string_view text) {
  CommandLine command{.text = std::string(text)};
  command.by_shell = text.find_first_of("|&;<>()$`\\\"'*?[]#~{}!\n") != std::string_view::npos;
  std::string word;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\n') {
      word += c;
    } else if (!word.empty()) {
      command.arguments.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) command.arguments.push_back(std::move(word));
  if (command.arguments.empty()) {
    throw UserError("an empty command cannot be measured", "for instance --a \"./solver input.toml\"");
  }
  // NAME=value in front is the shell's business.
  command.by_shell = command.by_shell || command.arguments.front().find('=') != std::string::npos;
  if (command.by_shell) command.arguments = {"/bin/sh", "-c", command.text};
  return command;
}

std::string describe(const RunResult& r) {
  if (r.interrupted) return "interrupted";
  if (r.timed_out) return "timed out";
  return describe(ChildEnd{.exit_code = r.exit_code, .signal = r.signal});
}

void find_program_of(CommandLine& command, const std::string& folder) {
  auto program = find_program(command.arguments.front(), folder);
  if (!program) cannot_start(command, ENOENT);
  command.program = std::move(*program);
}

RunResult run_command(const CommandLine& command, const RunOptions& options) {
  if (command.program.empty()) {
    CommandLine found = command;
    find_program_of(found, options.folder);
    return run_command(found, options);
  }
  const Streams streams(options.output);
  const ChildSpec spec{.program = command.program,
                       .arguments = command.arguments,
                       .directory = options.folder,
                       .in = streams.in.get(),
                       .out = streams.out.get(),
                       .err = options.keep_stderr ? -1 : streams.out.get()};
  RunResult result;
  StartFailure failure;
  const Clock::time_point start = Clock::now();
  std::optional<Child> child = Child::start(spec, failure);
  if (!child) cannot_start(command, failure.error);
  wait_until_over(*child, options, start, result);
  result.wall_seconds = seconds_since(start);
  const ChildEnd end = child->wait();  // what it left running in its group would disturb the next sample
  result.user_seconds = end.user_seconds;
  result.system_seconds = end.system_seconds;
  result.max_rss_kib = end.max_rss_kib;
  result.exit_code = end.exit_code;
  result.signal = end.signal;
  result.interrupted = options.stop.stop_requested() && !result.timed_out;
  if (result.interrupted && end.signal == 0 && result.exit_code == 0) result.interrupted = false;
  return result;
}

}  // namespace assay::bench
