// One try at a task: a child with its output captured in bounded memory, ended with its group when its time is
// up or a stop is asked for.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/child.hpp"
#include "core/memory_group.hpp"

namespace assay::workload::command {

/// The beginning and the end of a stream: all of it while it is no longer than the two parts together.
class Capture {
 public:
  explicit Capture(std::size_t part_bytes) : part_bytes_(part_bytes) {}
  void append(std::string_view bytes);
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// Nothing was left out. Depends on the stream alone, not on how it arrived.
  [[nodiscard]] bool whole() const { return bytes_ <= 2 * part_bytes_; }
  [[nodiscard]] std::string_view head() const { return head_; }
  [[nodiscard]] std::string_view tail() const;
  /// What was kept, with a line that says how much is missing where something is.
  [[nodiscard]] std::string text() const;

 private:
  std::size_t part_bytes_;
  std::uint64_t bytes_ = 0;
  std::string head_, tail_;  ///< tail_ holds up to two parts before it is cut back to one
};

struct AttemptRequest {
  ChildSpec child;                   ///< its streams are set by run_attempt
  std::string_view input;            ///< standard input
  std::size_t output_part = 0;       ///< bytes kept of each end of each stream
  double seconds = 0.0;              ///< limit of time; 0: none
  std::uint64_t resident_bytes = 0;  ///< limit of the resident memory of all its processes; 0: none
  std::uint64_t group_bytes = 0;     ///< the same in a control group; where there is none, as resident memory
  MemoryGroup::Places group_places;  ///< where the kernel shows control groups
  std::stop_token stop;
};

struct AttemptResult {
  std::optional<StartFailure> failure;  ///< it never ran
  ChildEnd end;
  double wall_seconds = 0.0;
  bool timed_out = false;
  std::uint64_t too_large = 0;  ///< resident bytes that were over the limit: it was killed for them
  std::uint64_t allowed = 0;    ///< that limit
  bool over_group = false;      ///< the kernel has killed in its control group
  bool stopped = false;         ///< ended because a stop was asked for
  Capture out, err;
  [[nodiscard]] double cpu_seconds() const { return end.user_seconds + end.system_seconds; }
};

/// Blocks until the child has ended. Polite first (SIGTERM to the group), SIGKILL two seconds later.
AttemptResult run_attempt(const AttemptRequest& request);

}  // namespace assay::workload::command
