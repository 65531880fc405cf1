// Where kernels stand against the machine: its arithmetic peak and the bandwidth of each level of its memory,
// measured on the same run, in the same blocks, with the same instruction sets, on one core.
//
// The limit of a kernel in a block is max(operations / peak, bytes / bandwidth of the level that holds its
// working set), from that block's own samples: a slow moment of the machine slows both. The fraction is limit
// over time; its interval is that of the paired log ratio (bench/rank.hpp). Times are of the thread's processor
// clock, so that other programs on the core do not count; wall times are kept beside them.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "bench/machine.hpp"
#include "bench/rank.hpp"
#include "bench/sampling.hpp"
#include "core/json.hpp"

namespace assay::bench {

enum class Role { peak, stream, kernel };
std::string_view word(Role role);

/// What is timed. A stream measures the smallest level that holds its working set.
struct RooflineSubject {
  Role role = Role::kernel;
  std::string name, tier, instruction_set, size;
  double operations = 0.0, bytes = 0.0;  ///< of one run
  std::size_t working_set = 0;
  std::function<void()> run;
};

/// A level of the memory: what it holds. The last one is the memory itself, without a limit.
struct MemoryLevel {
  std::string name;
  std::size_t bytes = 0;          ///< 0: no limit
  std::size_t measured_with = 0;  ///< working set that shows it
};

/// Caches that one core sees, from the system, and main memory. The working set of the memory is four times the
/// last cache, but at most `most_bytes`; see Roofline::findings for what that means.
std::vector<MemoryLevel> memory_levels(std::size_t most_bytes);
/// Index of the smallest level that holds so much.
std::size_t level_of(const std::vector<MemoryLevel>& levels, std::size_t working_set);

struct RooflineDesign {
  int blocks = 20;
  std::uint64_t seed = 1;
  double seconds_per_sample = 0.02;  ///< a short run is repeated until a sample takes this long
  double alpha = 0.05;
};

/// What was measured: each subject's repeats in a sample and seconds of one run, block by block.
struct Roofline {
  RooflineDesign design;
  std::vector<RooflineSubject> subjects;
  std::vector<MemoryLevel> levels;
  std::vector<int> repeats;
  std::vector<std::vector<double>> cpu_seconds, wall_seconds;  ///< [subject][block]
  int blocks = 0;
  bool interrupted = false;
  Machine machine;
  Activity before, after;
};

/// Randomised blocks, each with one sample of every subject. `tick` is called after each block.
Roofline measure_roofline(std::vector<RooflineSubject> subjects, std::vector<MemoryLevel> levels,
                          const RooflineDesign& design, std::stop_token stop,
                          const std::function<void()>& tick);

/// A kernel against the limits of its blocks.
struct Standing {
  std::string bound;     ///< "arithmetic", or the name of the level whose bandwidth limits it
  double limit_s = 0.0;  ///< median over the blocks
  double fraction = 0.0;
  std::optional<Interval> interval;  ///< nothing below six blocks
};
/// Throws UserError without a peak, or without a stream for the kernel's level.
Standing standing_of(const Roofline& r, std::size_t subject);

/// What spoils or narrows the numbers, machine findings included.
std::vector<Finding> findings_of(const Roofline& r);

/// The members of the machine form (schema assay/roofline/v1) but schema and tool.
Json to_json(const Roofline& r);
/// For people; from the machine form, so that both say the same.
std::string roofline_text(const Json& document);

}  // namespace assay::bench
