#include "bench/sampling.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <numeric>

#include "bench/random.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace assay::bench {

std::vector<std::vector<int>> block_orders(std::size_t arms, int blocks, std::uint64_t seed) {
  std::vector<int> forward(arms);
  std::iota(forward.begin(), forward.end(), 0);
  std::vector<std::vector<int>> orders;
  Random random(seed, 0);
  if (arms == 2) {
    for (int b = 0; b < blocks; ++b) orders.push_back(b % 2 == 0 ? std::vector{0, 1} : std::vector{1, 0});
    // Shuffled in groups of ten, so that any early end is nearly balanced, too.
    constexpr std::size_t group = 10;
    for (std::size_t first = 0; first < orders.size(); first += group) {
      const std::size_t last = std::min(first + group, orders.size());
      std::vector<std::vector<int>> part(orders.begin() + static_cast<std::ptrdiff_t>(first),
                                         orders.begin() + static_cast<std::ptrdiff_t>(last));
      random.shuffle(part);
      std::copy(part.begin(), part.end(), orders.begin() + static_cast<std::ptrdiff_t>(first));
    }
    return orders;
  }
  for (int b = 0; b < blocks; ++b) {
    std::vector<int> order = forward;
    random.shuffle(order);
    orders.push_back(std::move(order));
  }
  return orders;
}

std::vector<double> Samples::wall(int arm) const {
  std::vector<double> seconds;
  for (const Sample& s : all) {
    if (s.arm == arm && s.block >= 0 && s.block < complete_blocks) seconds.push_back(s.run.wall_seconds);
  }
  return seconds;
}

Samples take_samples(const Design& design, const Runner& runner, std::stop_token stop,
                     const AfterBlock& after_block) {
  using Clock = std::chrono::steady_clock;
  Samples samples;
  const Clock::time_point start = Clock::now();
  // False when the run was interrupted.
  const auto take = [&](int block, int position, int arm) {
    Sample s{.block = block, .position = position, .arm = arm};
    s.start_seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const Arm& a = design.arms[static_cast<std::size_t>(arm)];
    s.run = runner(a);
    if (s.run.interrupted || stop.stop_requested()) return false;
    if (!s.run.ok()) {
      throw WorkloadError("arm \"" + a.name + "\" failed: " + describe(s.run) + ": " + a.command,
                          "run it by itself to see why; failed runs are never timings");
    }
    samples.all.push_back(s);
    return true;
  };
  const int arms = static_cast<int>(design.arms.size());
  for (int w = 0; w < design.warmup; ++w) {
    for (int arm = 0; arm < arms; ++arm) {
      samples.interrupted = !take(-1, arm, arm);
      if (samples.interrupted) return samples;
    }
  }
  const auto orders = block_orders(design.arms.size(), design.blocks, design.seed);
  for (int block = 0; block < design.blocks; ++block) {
    int position = 0;
    for (const int arm : orders[static_cast<std::size_t>(block)]) {
      samples.interrupted = !take(block, position++, arm);
      if (samples.interrupted) return samples;
    }
    ++samples.complete_blocks;
    const bool may_end = std::find(design.looks.begin(), design.looks.end(), block + 1) != design.looks.end();
    if (after_block && after_block(block + 1, samples.all) && may_end) break;
  }
  return samples;
}

Runner command_runner(const Design& design, const CommandPlace& place, std::stop_token stop) {
  struct Launch {
    CommandLine command;
    std::filesystem::path out;  // empty: it names none
  };
  std::map<std::string, Launch> launches;
  for (const Arm& arm : design.arms) {
    if (!arm.config_sha256.empty()) continue;
    Launch launch;
    if (arm.command.find("{out}") != std::string::npos)
      launch.out = std::filesystem::path(place.scratch) / std::to_string(launches.size());
    launch.command = parse_command(replaced(arm.command, "{out}", launch.out.string()));
    find_program_of(launch.command, place.folder);
    launches.emplace(arm.command, std::move(launch));
  }
  RunOptions options;
  options.timeout_seconds = design.timeout_seconds;
  options.folder = place.folder;
  options.stop = std::move(stop);
  return [launches = std::move(launches), options](const Arm& arm) {
    const Launch& launch = launches.at(arm.command);
    if (!launch.out.empty()) {
      std::filesystem::remove_all(launch.out);
      std::filesystem::create_directories(launch.out);
    }
    return run_command(launch.command, options);
  };
}

}  // namespace assay::bench
