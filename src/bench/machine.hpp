// What the machine is and how busy it was: facts beside the numbers, and findings where they spoil them.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/quality.hpp"
#include "core/json.hpp"

namespace assay::bench {

struct Machine {
  std::string cpu, kernel, governor, turbo, smt;  ///< "unknown" where the system does not say
  int online_cores = 0;
  int usable_cores = 0;         ///< by the affinity of this process
  double quota_cores = 0.0;     ///< of the control group; 0: none
  std::vector<int> node_cores;  ///< usable cores of each memory node (NUMA) that has some; empty: not known
};
/// "0-3,8" as 0, 1, 2, 3, 8: how the kernel writes sets of cores; empty for anything else.
std::vector<int> cores_in_list(const std::string& list);

/// Reads /proc and /sys; takes about a millisecond.
Machine look_at_machine();

/// What changes while one measures. Two of them give what happened in between.
struct Activity {
  double load = 0.0;                    ///< of the last minute
  std::uint64_t stolen = 0, total = 0;  ///< clock ticks since the start: taken by other guests; all
  double megahertz = 0.0;
  std::uint64_t throttled = 0;  ///< times the cores were slowed down for their heat
};
Activity look_at_activity();

std::vector<Finding> check_machine(const Machine& machine, const Activity& before, const Activity& after);

Json to_json(const Machine& machine);
Json to_json(const Activity& activity);
/// What to_json wrote; throws what nlohmann throws for anything else.
Machine machine_from(const Json& json);
Activity activity_from(const Json& json);

}  // namespace assay::bench
