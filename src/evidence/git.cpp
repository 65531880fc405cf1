#include "evidence/git.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <vector>

#include "core/file.hpp"

namespace assay::evidence {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargeIndex = std::uintmax_t{8} << 20;

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// .git is a folder or, in a worktree or submodule, a file "gitdir: PATH".
std::optional<fs::path> git_folder(const fs::path& start) {
  std::error_code ignored;
  for (auto folder = fs::absolute(start, ignored); !folder.empty(); folder = folder.parent_path()) {
    const auto candidate = folder / ".git";
    if (fs::is_directory(candidate, ignored)) return candidate;
    const auto line = first_line(candidate);
    if (line.rfind("gitdir: ", 0) == 0) return (folder / line.substr(8)).lexically_normal();
    if (folder == folder.parent_path()) break;
  }
  return std::nullopt;
}

std::string packed_reference(const fs::path& common, const std::string& name) {
  std::ifstream file(common / "packed-refs");
  for (std::string line; std::getline(file, line);)
    if (line.size() > 41 && line.substr(41) == name) return line.substr(0, 40);
  return {};
}

std::string commit_of(const fs::path& git) {
  const auto head = first_line(git / "HEAD");
  if (head.rfind("ref: ", 0) != 0) return head;
  const auto name = head.substr(5);
  const auto shared = first_line(git / "commondir");
  const auto common = shared.empty() ? git : (git / shared).lexically_normal();
  for (const auto& place : {git, common})
    if (const auto commit = first_line(place / name); !commit.empty()) return commit;
  return packed_reference(common, name);
}

// Whether `git status` prints anything; nothing when it cannot be run.
std::optional<bool> has_changes(const fs::path& folder) {
  std::array<int, 2> channel{};
  if (::pipe2(channel.data(), O_CLOEXEC) != 0) return std::nullopt;
  FileHandle read_end(channel[0]);
  FileHandle write_end(channel[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, write_end.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  std::vector<std::string> words = {"git",  "--no-optional-locks", "-c",     "core.fsmonitor=false",
                                    "-C",   folder.string(),       "status", "--porcelain",
                                    "-uno", "--ignore-submodules"};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, "git", &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  write_end.close();
  if (error != 0) return std::nullopt;
  bool any = false;
  std::array<char, 4096> buffer{};
  ssize_t got = 0;
  while ((got = ::read(read_end.get(), buffer.data(), buffer.size())) > 0 || (got < 0 && errno == EINTR))
    any = any || got > 0;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return any;
}

}  // namespace

Json git_json(const fs::path& folder) {
  const auto git = git_folder(folder);
  if (!git) return {};
  const auto commit = commit_of(*git);
  if (commit.empty()) return {};
  std::error_code error;
  const auto index_size = fs::file_size(*git / "index", error);
  std::optional<bool> dirty;
  if (!error && index_size <= kLargeIndex) dirty = has_changes(folder);
  return {{"commit", commit}, {"dirty", dirty ? Json(*dirty) : Json()}};
}

}  // namespace assay::evidence
