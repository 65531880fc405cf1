// Every try at a task of external programs in one file: how it ended and what it printed, also those that a
// retry has made up for. One file for a hundred thousand tasks, not two a task.
// SPDX-License-Identifier: MIT
//
//   crc32 {"task":17,"attempt":1,"cause":"exit","exit":3,...,"out":[12,12],"err":[80,80]}
//   <bytes of stdout><bytes of stderr>
//
// The header line ends with a newline, the bytes follow as they are and end with another; [kept, written]
// counts. The checksum covers all. A record goes out in one write; a cut one at the end is passed over when
// read. It is a record for people and is not synced: results live in the journal. A try that went well, was the
// first and printed nothing leaves no record.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/file.hpp"
#include "plan/task.hpp"

namespace assay::evidence {

class AttemptLog {
 public:
  /// Appends to what is there, or begins anew. Each stream of a try is cut to 64 KiB, its middle left out.
  AttemptLog(std::filesystem::path path, bool overwrite);
  /// From any thread. EnvironmentError when the disk is full.
  void append(std::size_t task, const plan::Outcome& outcome);

 private:
  std::filesystem::path path_;
  std::mutex mutex_;
  FileHandle file_;  ///< opened by the first record
  bool overwrite_;
};

/// Rewrites the log with other numbers of tasks (new by old); records of tasks without one are left out.
void renumber_attempts(const std::filesystem::path& path,
                       const std::unordered_map<std::size_t, std::size_t>& numbers);

using UseAttempt = std::function<bool(std::size_t, int, const plan::Attempt&)>;

/// Calls `use` with (task, number of the try, the try) for each whole record; false from it ends the reading.
/// A file that is not there has none.
void read_attempts(const std::filesystem::path& path, const UseAttempt& use);

/// The records of a task's tries, as append() writes them; empty when there is nothing to keep.
std::string attempts_text(std::size_t task, const plan::Outcome& outcome);
/// The same as read_attempts, of a text.
void read_attempts_text(std::string_view text, const UseAttempt& use);

}  // namespace assay::evidence
