// The modes of `assay bench` besides measuring commands.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "commands/command.hpp"

namespace assay::commands {

struct RooflineOptions {
  int blocks = 20;
  std::uint64_t seed = 1;
  std::string out;
};
/// --roofline: kernels against what one core can do. Exit 4 below six blocks: no interval.
Exit bench_roofline(const RooflineOptions& options, Console& console);

struct ScalingOptions {
  std::vector<int> workers;  ///< of the engine; the serial engine is always measured
  std::string engine;        ///< tbb or workers; empty: tbb
  std::string config;
  std::vector<std::string> set, axes;
  std::string gate;  ///< artifact of assay gate: what may support a speedup
  int blocks = 12;
  std::uint64_t seed = 1;
  bool warm_only = false;
  std::string out;
};
/// --scaling: a study by the serial engine and by so many workers, cold and warm. Exit 1 when results differ
/// between runs, 4 below six blocks, 5 when a task fails.
Exit bench_scaling(const ScalingOptions& options, Console& console);

struct HistoryOptions {
  std::string file;
  std::string arm, since, until;
  double min_effect = 0.05;
  std::string out;
};
/// history FILE: series and steps of an SQLite file that --history wrote. Exit 4 when no run is left.
Exit bench_history(const HistoryOptions& options, Console& console);

}  // namespace assay::commands
