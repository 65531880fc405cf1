// How time falls with the number of workers: speedup, efficiency, what the split of the work allows, and the
// laws of Amdahl and Gunther (USL) with intervals. A fit is refused where the points cannot carry it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/rank.hpp"

namespace assay::bench {

/// Times of one number of workers, in the order of the blocks; block i of every point belongs together.
struct ScalingPoint {
  int workers = 1;
  std::vector<double> seconds;
};

struct ScalingRow {
  int workers = 1;
  double median_seconds = 0.0;
  std::optional<double>
      speedup_over_serial;        ///< against the best serial program: the only one called a speedup
  double speedup_over_one = 0.0;  ///< against one worker of the same parallel path
  std::optional<Interval>
      speedup_interval;              ///< of speedup_over_serial where there is one, else of speedup_over_one
  double efficiency = 0.0;           ///< speedup over workers, of the same of the two
  std::optional<double> karp_flatt;  ///< experimental serial fraction; rising means overhead
  std::optional<double> bound;       ///< speedup that perfect workers would reach with this split of tasks
  bool oversubscribed = false;       ///< more workers than cores or quota: no claim, no fit
};

/// Largest speedup that `workers` can reach on indivisible tasks of these times (equal tasks: n / ceil(n /
/// workers)).
double balance_bound(std::span<const double> task_seconds, int workers);
double balance_bound(std::uint64_t equal_tasks, int workers);

struct Fit {
  std::string law;  ///< "amdahl" or "usl"
  double one_worker_seconds = 0.0;
  double sigma = 0.0;                       ///< serial share, in [0,1]
  double kappa = 0.0;                       ///< cost of workers waiting for each other; 0 in Amdahl's law
  Interval sigma_interval, kappa_interval;  ///< percentile bootstrap over blocks, 95 %
  std::optional<double> peak_workers;       ///< of USL with kappa > 0
  double rms_error = 0.0;                   ///< of ln T
  std::uint64_t seed = 0;

  /// T(workers); refused (nothing) beyond twice the largest number measured.
  [[nodiscard]] std::optional<double> seconds_at(double workers) const;
  int largest_measured = 1;
};

struct ScalingReport {
  std::vector<ScalingRow> rows;
  std::optional<Fit> amdahl, usl;
  std::string preferred;              ///< "amdahl" unless kappa is above zero with certainty
  std::vector<std::string> refusals;  ///< why there is no fit, in words
};

struct ScalingInput {
  std::vector<ScalingPoint> points;
  std::vector<double> serial_seconds;  ///< of the best serial program; empty: not measured
  std::vector<double> task_seconds;    ///< of the indivisible tasks; empty: no bound
  int usable_cores = 1;                ///< cores, affinity and quota together
  double alpha = 0.05;
  std::uint64_t seed = 1;
};

/// Points in any order. Fits use points within the cores only. Bootstrap of 2,000 resamples, deterministic in
/// the seed.
ScalingReport analyse_scaling(const ScalingInput& input);

}  // namespace assay::bench
