// How many tasks are resident on a device at once; host arithmetic, tested without one.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace assay::engine::cuda {

struct MemoryPlan {
  std::size_t resident_tasks = 0;
  std::size_t bytes = 0;     ///< device bytes in use at the peak
  std::size_t launches = 0;  ///< rounds of resident tasks
};

/// Leaves a tenth of the free memory alone (contexts, fragmentation) and spreads tasks evenly over the rounds.
/// Throws EnvironmentError when not even one task fits.
MemoryPlan plan_memory(std::size_t tasks, std::size_t bytes_per_task, std::size_t fixed_bytes,
                       std::size_t free_bytes, std::size_t most_resident);

}  // namespace assay::engine::cuda
