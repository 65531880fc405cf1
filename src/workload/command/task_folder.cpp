// SPDX-License-Identifier: MIT
#include "workload/command/task_folder.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.hpp"
#include "core/file.hpp"

namespace assay::workload::command {
namespace fs = std::filesystem;

namespace {

void write_new_file(const fs::path& path, const std::string& text) {
  // O_EXCL: a link that somebody has put there is not followed.
  const FileHandle file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  const int error = file.is_open() ? write_fully(file.get(), text) : errno;
  if (error != 0) throw WorkloadError("cannot write " + path.string() + ": " + std::strerror(error));
}

}  // namespace

bool stays_inside(const fs::path& path) {
  if (path.empty() || path.is_absolute()) return false;
  const fs::path normal = path.lexically_normal();
  return normal != "." && normal.begin()->string() != ".." && normal.has_filename() &&
         std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

TaskFolders::TaskFolders(const fs::path& run_folder, Keep keep) : keep_(keep) {
  if (run_folder.empty()) temporary_.emplace("assay-tasks", ", or give --out");
  base_ = temporary_ ? temporary_->path() : run_folder / "tasks";
}

TaskFolders::~TaskFolders() {
  std::error_code ignored;                      // nothing depends on an empty folder that stays
  if (!temporary_) fs::remove(base_, ignored);  // when it is empty
}

void TaskFolders::prepare(std::size_t index, const std::vector<Template>& templates,
                          const FieldValues& values) const {
  const fs::path folder = of(index);
  std::error_code error;
  fs::remove_all(folder, error);
  fs::create_directories(folder, error);
  if (error) throw WorkloadError("cannot make the task's folder " + folder.string() + ": " + error.message());
  for (const auto& file : templates) {
    const fs::path target = folder / file.target;
    fs::create_directories(target.parent_path(), error);
    if (error) throw WorkloadError("cannot make " + target.parent_path().string() + ": " + error.message());
    write_new_file(target, file.text.render(values));
  }
}

void TaskFolders::finish(std::size_t index, bool ok) const {
  if (keep_ == Keep::all || (keep_ == Keep::failed && !ok)) return;
  std::error_code ignored;  // a folder that stays does no harm; the next try empties it
  fs::remove_all(of(index), ignored);
}

}  // namespace assay::workload::command
