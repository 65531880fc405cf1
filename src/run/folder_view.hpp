// A run's folder seen from outside: a run that is alive, one that was interrupted, one that is done.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "plan/task.hpp"
#include "run/execute.hpp"
#include "run/study.hpp"

namespace assay::run {

/// The study that a folder's record (run_record.hpp) describes; `source` names it in messages. UserError when
/// it is no such record, or a file that the config names is gone.
Study study_of_record(const Json& record, const std::string& kind, const std::string& source);

class FolderView {
 public:
  /// UserError when the folder holds no run, or several and `kind` is empty.
  explicit FolderView(std::filesystem::path folder, const std::string& kind = {});
  ~FolderView();
  FolderView(FolderView&&) noexcept;
  FolderView& operator=(FolderView&&) = delete;

  [[nodiscard]] const std::string& kind() const;
  [[nodiscard]] const std::filesystem::path& folder() const;
  [[nodiscard]] const Json& record() const;
  [[nodiscard]] const Study& study() const;
  /// Outcomes as they were when the view was made; takes none.
  [[nodiscard]] const ResultStore& store() const;
  /// "process 12 on host, since ..." while a run is at work in the folder; empty when none is.
  [[nodiscard]] const std::string& at_work() const;
  [[nodiscard]] std::filesystem::path attempts_file() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A summary of a folder's run.
struct FolderStatus {
  std::size_t tasks = 0, distinct = 0, done = 0;
  Tally tally;
  double median_seconds = 0.0, longest_seconds = 0.0;  ///< of finished tasks
  double cpu_seconds = 0.0;                            ///< in all
  long peak_kib = 0;                                   ///< the largest
  std::size_t retried = 0;                             ///< tasks that took more than one try
  std::vector<std::size_t> slowest, failed;            ///< the first few: by time, by index
  double rate = 0.0;                                   ///< tasks a second of the process at work; 0: unknown
  double seconds_left = 0.0;                           ///< at that rate
};
FolderStatus status_of(const FolderView& view, std::size_t most_listed);

}  // namespace assay::run
