// What a study would run, without running it: tasks, duplicates, batches, shards, memory, predicted time. Made
// from the same Study that a scan executes.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/types.hpp"
#include "run/study.hpp"

namespace assay::run {

/// Seconds a unit of work, from tasks that were really solved on this host, one at a time.
struct Calibration {
  std::size_t tasks = 0;
  double seconds_per_work = 0.0;  ///< median
  double low = 0.0, high = 0.0;   ///< smallest and largest of the sample
};

struct PlanSummary {
  std::size_t tasks = 0, unique = 0, duplicates = 0;
  std::string engine, engine_reason;
  bool engine_usable = true;
  int workers = 1;
  std::size_t batch_size = 0;  ///< tasks that a worker takes at a time
  std::size_t batches = 0;
  std::vector<Range> shards;   ///< the contiguous share of each worker under fixed batching
  std::size_t host_bytes = 0;  ///< peak of the solves; the index of results is 8 bytes a task on top
  double work = 0.0;           ///< sum over unique tasks, in the workload's own unit
  double largest_work = 0.0;
  double balance_bound = 1.0;  ///< no number of workers beats this speedup: total over the largest task
  std::optional<double> predicted_seconds, predicted_low, predicted_high;
};

/// Solves `count` unique tasks spread over the plan. Throws WorkloadError when none gives a result.
Calibration calibrate(const Study& study, std::size_t count);

PlanSummary summarise(const Study& study, const std::optional<Calibration>& calibration);

}  // namespace assay::run
