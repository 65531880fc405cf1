// Executes a study: picks the engine, runs what is not done, keeps every outcome, and reads them back in task
// order.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "run/reuse.hpp"
#include "run/selection.hpp"
#include "run/study.hpp"

namespace assay::run {

/// How many tasks ended how.
struct Tally {
  std::size_t ok = 0, failed = 0, unconverged = 0, skipped = 0, duplicate = 0;
  void add(plan::Status status);
  [[nodiscard]] std::size_t not_ok() const { return failed + unconverged; }
};

/// Outcomes of a study, kept as they come in and read back by index. accept() may be called from any thread.
class ResultStore : public engine::Sink {
 public:
  [[nodiscard]] virtual bool has(std::size_t index) const = 0;
  [[nodiscard]] virtual plan::Outcome at(std::size_t index) const = 0;
  /// Status and identity alone, where that is cheaper than the whole.
  [[nodiscard]] virtual std::string identity(std::size_t index) const { return at(index).identity; }
  [[nodiscard]] virtual plan::Status status(std::size_t index) const { return at(index).status; }
};

/// What was asked of an engine and what ran.
struct EngineRecord {
  std::string requested, used, reason;
  int threads = 1;
  bool fell_back = false;
};

/// A task that failed in this run, with what its last try printed.
struct Failure {
  std::size_t index = 0;
  plan::Outcome outcome;
};

struct Report {
  EngineRecord engine;
  Tally tally;
  bool complete = false;  ///< every task has an outcome
  double wall_seconds = 0.0;
  std::size_t executed = 0;    ///< solved now, not taken from a journal
  std::size_t selected = 0;    ///< were to be solved now
  std::size_t reused = 0;      ///< taken from a cache
  std::size_t failed_now = 0;  ///< of those solved now: failed or unconverged
  std::string ended_by;        ///< why it ended before they were; empty: it did not, or by a signal
  std::size_t rechecked = 0;
  std::vector<std::string> differences;  ///< between rechecked tasks and what is stored
  std::optional<Failure> failure;        ///< the first failed one in the order of tasks
};

struct ExecuteOptions {
  std::stop_token stop;
  SelectionText select;
  std::function<void(const std::string&)> explain;  ///< told why tasks are run
  std::function<void(const std::string&)> tell;     ///< told what an engine does elsewhere; from any thread
  const Json* record = nullptr;                     ///< of the folder's earlier runs, to explain changes
  SharedResults* shared = nullptr;                  ///< a cache to take results from, and to add to
  std::filesystem::path folder;                     ///< where task folders may go; empty: a temporary one
  Progress::Style style = Progress::Style::none;
  std::ostream* err = nullptr;
};

/// The engine that would run so many tasks. `usable` is false when the one asked for is not and no fallback is
/// allowed.
struct EngineChoice {
  const engine::Engine* engine = nullptr;
  EngineRecord record;
  bool usable = true;
};
EngineChoice choose_engine(const Study& study, std::size_t tasks);

/// Throws EnvironmentError when the engine asked for is not usable and no fallback is allowed, and when the
/// machine cannot run a single task more.
Report execute(const Study& study, ResultStore& store, const ExecuteOptions& options);

/// The outcome of any index: a duplicate carries the observables of its original.
plan::Outcome outcome_of(const Study& study, const ResultStore& store, std::size_t index);

/// In memory: for one point and for tests.
std::unique_ptr<ResultStore> memory_store(std::size_t size);

}  // namespace assay::run
