// posix_spawn with files in memory as streams.
// SPDX-License-Identifier: MIT
#include "core/program_output.hpp"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/number.hpp"

namespace assay {
namespace {

FileHandle memory_file(const char* name) {
  FileHandle file(::memfd_create(name, MFD_CLOEXEC));
  if (!file.is_open())
    throw EnvironmentError(std::string("cannot make a file in memory: ") + std::strerror(errno));
  return file;
}

std::string contents(const FileHandle& file) {
  std::string text;
  char piece[1 << 16];
  for (off_t at = 0;;) {
    const ssize_t n = ::pread(file.get(), piece, sizeof piece, at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(piece, static_cast<std::size_t>(n));
    at += n;
  }
}

/// Whether it has ended by then. A kernel without pidfd_open has no limit.
bool ends_within(pid_t child, double seconds) {
  const FileHandle ended(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  if (!ended.is_open()) return true;
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (true) {
    const std::chrono::duration<double, std::milli> left = until - std::chrono::steady_clock::now();
    pollfd watched{ended.get(), POLLIN, 0};
    const int got = ::poll(&watched, 1, std::max(0, static_cast<int>(std::ceil(left.count()))));
    if (got > 0) return true;
    if (got == 0 || errno != EINTR) return got != 0;
  }
}

}  // namespace

ProgramOutput output_of(std::vector<std::string> words, std::string_view input, double limit_seconds) {
  const FileHandle in = memory_file("in"), out = memory_file("out"), err = memory_file("err");
  if (const int error = write_fully(in.get(), input); error != 0)
    throw EnvironmentError("cannot hand " + words.front() + " its input: " + std::strerror(error));
  ::lseek(in.get(), 0, SEEK_SET);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.get(), STDERR_FILENO);
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return {ProgramOutput::not_started, "", std::strerror(error)};
  const bool late = limit_seconds > 0.0 && !ends_within(child, limit_seconds);
  if (late) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (late) return {128 + SIGKILL, contents(out), "no answer within " + number_text(limit_seconds) + " s"};
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), contents(out), contents(err)};
}

}  // namespace assay
