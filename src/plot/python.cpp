#include "plot/python.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "core/error.hpp"
#include "core/file.hpp"
#include "plot/script.hpp"

extern char** environ;

namespace assay::plot {
namespace {

constexpr int kNoMatplotlib = 3;  // what draw.py exits with when the import fails
constexpr int kNotStarted = 127;  // as a shell says it; also posix_spawn's own child where exec fails

/// A nameless file in memory: both sides may take their time, and no pipe can fill up.
FileHandle memory_file(const char* name) {
  FileHandle file(memfd_create(name, MFD_CLOEXEC));
  if (!file.is_open())
    throw EnvironmentError(std::string("cannot make a file in memory: ") + std::strerror(errno));
  return file;
}

std::string contents(const FileHandle& file) {
  std::string text;
  char piece[1 << 16];
  for (off_t at = 0;;) {
    const ssize_t n = pread(file.get(), piece, sizeof piece, at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(piece, static_cast<std::size_t>(n));
    at += n;
  }
}

struct Ended {
  int status = 0;  ///< exit status, or 128 + signal
  std::string out, err;
};

Ended run_script(const std::string& python, const std::string& input) {
  const FileHandle in = memory_file("in"), out = memory_file("out"), err = memory_file("err");
  if (const int error = write_fully(in.get(), input); error != 0)
    throw EnvironmentError(std::string("cannot hand the figure to Python: ") + std::strerror(error));
  lseek(in.get(), 0, SEEK_SET);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.get(), STDERR_FILENO);
  // -I: neither the current folder nor PYTHON* variables decide what is imported.
  std::string isolated = "-I", command = "-c", script(draw_script()), program = python;
  char* arguments[] = {program.data(), isolated.data(), command.data(), script.data(), nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return {kNotStarted, "", std::strerror(error)};
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), contents(out), contents(err)};
}

std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of('\n');
  if (end == std::string::npos) return text;
  const auto before = text.rfind('\n', end);
  const auto start = before == std::string::npos ? 0 : before + 1;
  return text.substr(start, end + 1 - start);
}

}  // namespace

std::string draw(const Json& job) {
  const char* asked = std::getenv("ASSAY_PYTHON");
  // A python3 of another origin may come first in PATH; Debian's package belongs to Debian's own.
  std::vector<std::string> candidates{"python3", "/usr/bin/python3"};
  if (asked != nullptr && *asked != '\0') candidates = {asked};
  const std::string input = to_text(job, 0);
  std::string why;
  for (const auto& python : candidates) {
    Ended ended = run_script(python, input);
    if (ended.status == 0 && !ended.out.empty()) return std::move(ended.out);
    const bool lacking = ended.status == kNoMatplotlib || ended.status == kNotStarted;
    if (!lacking)
      throw std::runtime_error("the drawing script ended with " + std::to_string(ended.status) + ":\n" +
                               ended.err);
    why = python + ": " + last_line(ended.err);
  }
  throw EnvironmentError(Problem{.what = "drawing needs Python 3 with matplotlib",
                                 .found = why,
                                 .hint = "run: apt-get install python3-matplotlib"});
}

}  // namespace assay::plot
