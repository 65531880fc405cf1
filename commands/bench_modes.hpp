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

struct HistoryOptions {
  std::string file;
  std::string arm, since, until;
  double min_effect = 0.05;
  std::string out;
};
/// history FILE: series and steps of an SQLite file that --history wrote. Exit 4 when no run is left.
Exit bench_history(const HistoryOptions& options, Console& console);

}  // namespace assay::commands
