// Results that need not be computed: those of the folder's earlier config, and those of a cache that several
// runs share. Both are found by the identity of the task (Study::result_identity), never by its number.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "plan/task.hpp"
#include "run/study.hpp"

namespace assay::evidence {
class ResultCache;
}

namespace assay::run {

class ResultStore;
class Selection;

/// True when an outcome can stand for one that the study would compute: it is ok and has every observable in
/// its shape, and no other.
bool is_complete(const Study& study, const plan::Outcome& outcome);

/// `--cache DIR`: results of whoever used the folder before, or uses it now.
class SharedResults {
 public:
  /// UserError or EnvironmentError when the folder cannot be used.
  SharedResults(const Study& study, const std::filesystem::path& folder);
  ~SharedResults();

  /// Gives the store what is there for tasks of the selection that have no valid outcome, and takes these out
  /// of the selection. A task that is to be run again on purpose stays. Returns how many.
  std::size_t take(Selection& selection, ResultStore& store) const;
  /// Keeps an outcome that was computed; from any thread. Only one that is complete.
  void add(std::size_t index, const plan::Outcome& outcome);
  /// For the person: what was passed over; empty when there is nothing to say.
  [[nodiscard]] std::string note() const;

 private:
  [[nodiscard]] std::string key(std::size_t index, const std::string& own) const;
  const Study& study_;
  std::unique_ptr<evidence::ResultCache> cache_;
  std::string program_;  ///< digest of assay itself, which a built-in workload's result depends on
};

/// What became of a folder's finished tasks when its config changed.
struct TakenOver {
  bool happened = false;
  std::size_t before = 0;  ///< tasks that were finished
  std::size_t taken = 0;   ///< that are tasks of the new plan, as they were
  std::size_t changed =
      0;  ///< tasks with inputs that were computed, but by another command, program or environment
  std::size_t retired = 0;        ///< results that no task of the new plan has; kept in FOLDER/<kind>.retired
  std::vector<std::string> keys;  ///< of the config that differ
};

/// Makes the journal of a folder one of the study's plan when it is one of another: finished tasks that the new
/// plan has, too, are taken over under their new numbers, and all others are kept beside it, where a later plan
/// finds them. Nothing happens when there is no journal, or when it is of this plan. UserError when the folder
/// and the study have nothing in common, and for another version's journal. `record` is what the folder said
/// about its run.
TakenOver take_over(const Study& study, const std::filesystem::path& folder, const std::string& kind,
                    const Json& record);

}  // namespace assay::run
