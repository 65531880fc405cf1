// The folder of a task: fresh for each try, filled with rendered templates, kept or removed when the task has
// ended.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/temporary_folder.hpp"
#include "workload/command/fields.hpp"
#include "workload/surroundings.hpp"

namespace assay::workload::command {

/// A file that each task gets: where it stands in the task's folder, and its text with fields.
struct Template {
  std::string target;
  std::string source;  ///< as typed, relative to the config's folder
  FieldText text;
};

/// True for a path that stays in the folder it is relative to: no "..", no root, not empty.
bool stays_inside(const std::filesystem::path& path);

/// Where the folders of tasks are: RUN/tasks, or a temporary folder that is removed at the end.
class TaskFolders {
 public:
  TaskFolders(const std::filesystem::path& run_folder, Keep keep);
  ~TaskFolders();
  TaskFolders(const TaskFolders&) = delete;
  TaskFolders& operator=(const TaskFolders&) = delete;

  [[nodiscard]] std::filesystem::path of(std::size_t index) const { return base_ / std::to_string(index); }
  /// Empty but for the templates; what an earlier try left is removed. WorkloadError when it cannot be made.
  void prepare(std::size_t index, const std::vector<Template>& templates, const FieldValues& values) const;
  /// Removes it unless it is to be kept.
  void finish(std::size_t index, bool ok) const;

 private:
  std::optional<TemporaryFolder> temporary_;
  std::filesystem::path base_;
  Keep keep_;
};

}  // namespace assay::workload::command
