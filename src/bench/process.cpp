#include "bench/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "core/error.hpp"

namespace assay::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double grace_seconds = 2.0;  // between the polite signal and the last one
constexpr int poll_milliseconds = 100;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}
double seconds_of(const timeval& t) {
  return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
}

/// Spawn attributes and file actions, freed together.
struct SpawnSetup {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;

  explicit SpawnSetup(const RunOptions& options) {
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);  // ours may be blocked for a watching thread
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, options.output.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (!options.keep_stderr) posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  }
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;
};

[[noreturn]] void cannot_start(const CommandLine& command, int error) {
  const std::string hint =
      error == ENOENT ? "is \"" + command.arguments.front() + "\" installed and on the PATH?" : "";
  throw EnvironmentError("cannot start \"" + command.text + "\": " + std::strerror(error), hint);
}

/// Waits on the process' descriptor; kills its group when time is up or a stop is asked for.
void wait_until_over(pid_t pid, int pidfd, const RunOptions& options, Clock::time_point start,
                     RunResult& result) {
  const std::stop_callback on_stop(options.stop, [pid] { ::kill(-pid, SIGTERM); });
  Clock::time_point asked{};
  bool killed = false;
  for (;;) {
    int wait = -1;
    if (options.timeout_seconds > 0.0 || options.stop.stop_possible()) wait = poll_milliseconds;
    const double left = options.timeout_seconds - seconds_since(start);
    if (options.timeout_seconds > 0.0 && left < 0.1) wait = left > 0.0 ? static_cast<int>(left * 1e3) + 1 : 0;
    if (result.timed_out) wait = poll_milliseconds;
    pollfd watched{pidfd, POLLIN, 0};
    const int ready = ::poll(&watched, 1, wait);
    if (ready > 0) return;
    const bool stopped = options.stop.stop_requested();
    const bool late = options.timeout_seconds > 0.0 && seconds_since(start) >= options.timeout_seconds;
    if (!stopped && !late) continue;
    if (asked == Clock::time_point{}) {
      asked = Clock::now();
      result.timed_out = late && !stopped;
      ::kill(-pid, SIGTERM);
    } else if (!killed && seconds_since(asked) > grace_seconds) {
      killed = true;
      ::kill(-pid, SIGKILL);
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
  if (r.signal != 0) return "ended by signal " + std::to_string(r.signal) + " (" + ::strsignal(r.signal) + ")";
  return "exit status " + std::to_string(r.exit_code);
}

RunResult run_command(const CommandLine& command, const RunOptions& options) {
  std::vector<char*> arguments;
  for (const std::string& word : command.arguments) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const SpawnSetup setup(options);
  RunResult result;
  pid_t pid = -1;
  const Clock::time_point start = Clock::now();
  const int error =
      ::posix_spawnp(&pid, arguments[0], &setup.actions, &setup.attributes, arguments.data(), environ);
  if (error != 0) cannot_start(command, error);
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (pidfd >= 0) {
    wait_until_over(pid, pidfd, options, start, result);
    ::close(pidfd);
  }
  result.wall_seconds = seconds_since(start);
  int status = 0;
  rusage usage{};
  while (::wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  if (pidfd < 0) result.wall_seconds = seconds_since(start);
  ::kill(-pid, SIGKILL);  // what it left running in its group would disturb the next sample
  result.user_seconds = seconds_of(usage.ru_utime);
  result.system_seconds = seconds_of(usage.ru_stime);
  result.max_rss_kib = usage.ru_maxrss;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  result.interrupted = options.stop.stop_requested() && !result.timed_out;
  if (result.interrupted && WIFEXITED(status) && result.exit_code == 0) result.interrupted = false;
  return result;
}

}  // namespace assay::bench
