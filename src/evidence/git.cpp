#include "evidence/git.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <vector>

#include "core/program_output.hpp"

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
  const auto answer = output_of({"git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C",
                                 folder.string(), "status", "--porcelain", "-uno", "--ignore-submodules"});
  if (answer.status != 0) return std::nullopt;
  return !answer.out.empty();
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
