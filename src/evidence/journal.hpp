// The life of a long run on disk: each finished task is one line, written at once, never changed.
// SPDX-License-Identifier: MIT
//
//   crc32 {"journal":"assay/journal/v2","tool":"0.1.0","plan_sha256":"...","tasks":64}
//   crc32 17 ok - tbb 0.0021 0.0 0 1 {"gamma":0.0323,"omega":0.0578}
//
// A line goes out in one write(2): what append() returned from survives kill -9. A second thread calls
// fdatasync every 100 ms while there is something new, so a power cut loses at most that. A line cut short at
// the end is what an interrupted write leaves: it is dropped, and said. A damaged line with whole ones after
// it is no interruption: refused. A task takes its index and outcome (outcome_text.hpp) and 11 bytes more:
// below 90 bytes for an external program, besides its results; 9 bytes of memory a task, 25 where tasks have an
// identity; about 1 us a record to write or to read back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "plan/task.hpp"

namespace assay::evidence {

struct JournalIdentity {
  std::string plan_sha256;  ///< of what is run: a journal of another plan is refused
  std::size_t tasks = 0;
  std::string tool;  ///< version that writes; another one's numbers may differ, so it is refused too
};

enum class Existing {
  refuse,    ///< a journal with finished tasks is an error that says how to go on
  resume,    ///< its tasks count as done; none there is a fresh start
  overwrite  ///< it is thrown away
};

/// Of the plan that a journal is of; nothing when there is no file, or no whole header of this form.
std::optional<JournalIdentity> journal_identity(const std::filesystem::path& path);

/// What was found when a journal was opened.
struct Recovery {
  std::size_t tasks = 0;            ///< different tasks that need not run again
  std::uint64_t dropped_bytes = 0;  ///< of a line cut short at the end
  std::string note;                 ///< for the person, empty when there is nothing to say
};

class Journal {
 public:
  /// UserError: folder missing, journal of another plan or version, damage, `refuse` with tasks in it.
  /// EnvironmentError: disk full or read-only. Hold a FolderLock on the folder.
  Journal(std::filesystem::path path, JournalIdentity identity, Existing existing);
  ~Journal();
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) = delete;

  [[nodiscard]] const Recovery& recovery() const;

  /// Adds a finished task; from any thread. The last record of a task counts. When the disk is full the
  /// record is taken back whole, everything before it stays valid, and this and every later call throws
  /// EnvironmentError.
  void append(std::size_t index, const plan::Outcome& outcome);

  [[nodiscard]] bool has(std::size_t index) const;
  /// Of a task that has a record; from memory.
  [[nodiscard]] plan::Status status(std::size_t index) const;
  /// Outcome::identity of a task that has a record; from memory, 16 bytes a task where tasks have one.
  [[nodiscard]] std::string identity(std::size_t index) const;
  /// Different tasks with a record.
  [[nodiscard]] std::size_t finished() const;
  /// Reads one record back from the file; from any thread. The task must have one.
  [[nodiscard]] plan::Outcome read(std::size_t index) const;

  /// fdatasync now; reports what the background one could not do.
  void sync();
  /// Closes and removes the file: its content lives on in the artifact.
  void remove();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::evidence
