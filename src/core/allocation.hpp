// Counts what this process's C++ code allocates while somebody asks: operator new and delete are replaced in
// the programs that use this, and do nothing more than before unless a count is going on.
// SPDX-License-Identifier: MIT
//
// A count costs two atomic additions an allocation, so it belongs in a run that is not timed. Libraries that
// call malloc themselves are not seen, and under a sanitizer, which has its own operators, nothing is.
#pragma once

#include <cstdint>

namespace assay {

/// From its beginning to its end; one at a time in a process.
class AllocationCount {
 public:
  AllocationCount();
  ~AllocationCount();
  AllocationCount(const AllocationCount&) = delete;
  AllocationCount& operator=(const AllocationCount&) = delete;

  /// False where this build cannot count.
  static bool possible();
  [[nodiscard]] std::uint64_t allocated_bytes() const;  ///< in all, given back or not
  [[nodiscard]] std::uint64_t peak_bytes() const;  ///< the most that was held at a time, from the beginning on
};

}  // namespace assay
