#include "engine/cuda/memory_plan.hpp"

#include <algorithm>
#include <string>

#include "core/error.hpp"

namespace assay::engine::cuda {

MemoryPlan plan_memory(std::size_t tasks, std::size_t bytes_per_task, std::size_t fixed_bytes,
                       std::size_t free_bytes, std::size_t most_resident) {
  const std::size_t usable = free_bytes - free_bytes / 10;
  if (fixed_bytes + bytes_per_task > usable) {
    throw EnvironmentError("engine cuda: one task needs " +
                               std::to_string((fixed_bytes + bytes_per_task) >> 20) +
                               " MiB of device memory, " + std::to_string(usable >> 20) + " MiB are free",
                           "lower the resolution, free the device, or choose --engine tbb");
  }
  std::size_t fit = bytes_per_task == 0 ? tasks : (usable - fixed_bytes) / bytes_per_task;
  if (most_resident > 0) fit = std::min(fit, most_resident);
  fit = std::max<std::size_t>(1, std::min(fit, tasks));
  MemoryPlan plan;
  plan.launches = tasks == 0 ? 0 : (tasks + fit - 1) / fit;
  plan.resident_tasks = plan.launches == 0 ? 1 : (tasks + plan.launches - 1) / plan.launches;
  plan.bytes = fixed_bytes + plan.resident_tasks * bytes_per_task;
  return plan;
}

}  // namespace assay::engine::cuda
