// Randomised paired blocks: in each block every arm runs once, in an order drawn from a recorded seed, so that
// drift of the machine hits all arms alike. Raw samples are kept; every number of a report comes from them.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "bench/process.hpp"

namespace assay::bench {

/// What a run in this process takes of memory, counted in a run of its own that is no sample.
struct Memory {
  std::uint64_t tasks = 0;
  std::uint64_t allocated_bytes = 0;  ///< asked for in all (core/allocation.hpp)
  std::uint64_t peak_bytes = 0;       ///< the most that was held at a time
};

struct Arm {
  std::string name;
  std::string command;             ///< what a person types for it, also where it runs in this process
  std::string config_sha256 = {};  ///< of a study that runs in this process; empty: a program of its own
  std::optional<Memory> memory = {};
};

/// Another tool's file of samples.
struct Source {
  std::string format, file, sha256;
};

struct Design {
  std::vector<Arm> arms;   ///< the first is the reference
  int blocks = 20;         ///< the most; with several looks it may end earlier
  std::vector<int> looks;  ///< declared: after how many blocks a verdict may end the run; empty: at the end
  int warmup = 1;          ///< runs of each arm before the first block, kept apart
  std::uint64_t seed = 1;
  double timeout_seconds = 0.0;
  std::optional<Source>
      imported;  ///< then no blocks: arms were measured one after the other, if together at all
};

struct Sample {
  int block = 0;     ///< -1 for a warm-up
  int position = 0;  ///< in its block
  int arm = 0;
  double start_seconds = 0.0;  ///< since the first sample
  RunResult run;
};

/// Order of the arms in each block. Two arms: half the blocks AB, half BA, shuffled; more: a random order each.
std::vector<std::vector<int>> block_orders(std::size_t arms, int blocks, std::uint64_t seed);

/// Runs one sample; a test puts a mock in its place.
using Runner = std::function<RunResult(const Arm&)>;
/// Called after each complete block with its number (from 1); true ends the run: only at a declared look.
using AfterBlock = std::function<bool(int blocks_done, const std::vector<Sample>& samples)>;

struct Samples {
  std::vector<Sample> all;  ///< warm-ups first, then block by block
  int complete_blocks = 0;
  bool interrupted = false;

  /// Wall times of the complete blocks of an arm, in the order of the blocks.
  [[nodiscard]] std::vector<double> wall(int arm) const;
};

/// Throws WorkloadError at the first run that fails: failed runs are not timings. An interrupt keeps what is
/// complete.
Samples take_samples(const Design& design, const Runner& runner, std::stop_token stop,
                     const AfterBlock& after_block);

/// Starts in `folder` (empty: here). {out} in a command is a folder below `scratch`, empty at the start of each
/// run.
struct CommandPlace {
  std::string folder, scratch;
};
/// The runner for external commands.
Runner command_runner(const Design& design, const CommandPlace& place, std::stop_token stop);

}  // namespace assay::bench
