// What a run gives to a workload whose tasks are external programs: how much failure is normal, where files may
// go, and how to end.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace assay::workload {

/// The causes of a failure that a retry can be asked for.
inline const std::vector<std::string> kCauses{"exit", "signal", "timeout", "memory", "output", "start"};

/// Which task folders stay when their task has ended.
enum class Keep { failed, all, none };

struct Limits {
  double task_seconds = 0.0;         ///< of one try; 0: none
  double run_seconds = 0.0;          ///< of the whole run; 0: none
  std::uint64_t memory_bytes = 0;    ///< address space of one try; 0: none
  std::uint64_t resident_bytes = 0;  ///< resident memory of all processes of one try; 0: no limit
  std::uint64_t group_bytes = 0;     ///< memory of one try, kept by the kernel where it lets us; 0: no limit
  int retries = 0;                   ///< more tries after a failure of one of these causes
  std::vector<std::string> retry_on = kCauses;
  double backoff_seconds = 1.0;          ///< before the first retry; twice as long before each next
  std::optional<std::size_t> max_fails;  ///< more failed tasks than this end the run
  Keep keep = Keep::failed;
};

struct Surroundings {
  Limits limits;
  std::filesystem::path folder;  ///< of the run, absolute; task folders are made in it
  std::stop_token stop;          ///< ends running programs; a run that only takes no new tasks does not use it
  /// The machine cannot run any task now: the run ends, with this reason.
  std::function<void(const std::string& why)> give_up;
};

}  // namespace assay::workload
