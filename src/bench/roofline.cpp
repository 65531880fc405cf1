#include "bench/roofline.hpp"

#include <unistd.h>
#include <ctime>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

#include "core/error.hpp"

namespace assay::bench {
namespace {

double thread_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

struct Elapsed {
  double cpu = 0.0, wall = 0.0;
};

Elapsed time_of(const std::function<void()>& run, int repeats) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu = thread_seconds();
  for (int k = 0; k < repeats; ++k) run();
  const double used = thread_seconds() - cpu;
  return {used / repeats,
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / repeats};
}

/// Runs until a sample takes as long as asked; the first runs also fill caches and branch predictors.
int repeats_for(const RooflineSubject& subject, double seconds) {
  constexpr int most = 1 << 24;
  for (int repeats = 1;; repeats *= 2) {
    const double took = time_of(subject.run, repeats).cpu * repeats;
    if (took >= 0.5 * seconds || repeats >= most)
      return std::clamp(static_cast<int>(repeats * seconds / std::max(took, 1e-9)), 1, most);
  }
}

std::size_t cache_bytes(int name) {
  const long bytes = ::sysconf(name);
  return bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
}

const std::vector<double>& times_of_peak(const Roofline& r) {
  for (std::size_t i = 0; i < r.subjects.size(); ++i) {
    if (r.subjects[i].role == Role::peak) return r.cpu_seconds[i];
  }
  throw UserError("nothing measured the arithmetic peak");
}

double operations_of_peak(const Roofline& r) {
  const auto is_peak = [](const RooflineSubject& s) { return s.role == Role::peak; };
  return std::find_if(r.subjects.begin(), r.subjects.end(), is_peak)->operations;
}

/// Bytes a second of a level in one block: the faster of its streams.
double bandwidth(const Roofline& r, std::size_t level, std::size_t block) {
  double best = 0.0;
  for (std::size_t i = 0; i < r.subjects.size(); ++i) {
    const RooflineSubject& s = r.subjects[i];
    if (s.role != Role::stream || level_of(r.levels, s.working_set) != level) continue;
    best = std::max(best, s.bytes / r.cpu_seconds[i][block]);
  }
  if (best == 0.0) throw UserError("nothing measured the bandwidth of " + r.levels[level].name);
  return best;
}

/// One core: the one that runs now, for as long as the measurement takes.
class PinnedToOneCore {
 public:
  PinnedToOneCore() {
    if (::sched_getaffinity(0, sizeof before_, &before_) != 0) return;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(std::max(0, ::sched_getcpu())), &one);
    pinned_ = ::sched_setaffinity(0, sizeof one, &one) == 0;
  }
  ~PinnedToOneCore() {
    if (pinned_) ::sched_setaffinity(0, sizeof before_, &before_);
  }
  PinnedToOneCore(const PinnedToOneCore&) = delete;
  PinnedToOneCore& operator=(const PinnedToOneCore&) = delete;

 private:
  cpu_set_t before_{};
  bool pinned_ = false;
};

}  // namespace

std::string_view word(Role role) {
  switch (role) {
    case Role::peak: return "peak";
    case Role::stream: return "stream";
    case Role::kernel: break;
  }
  return "kernel";
}

std::vector<MemoryLevel> memory_levels(std::size_t most_bytes) {
  std::vector<MemoryLevel> levels;
  const std::pair<const char*, int> caches[] = {
      {"L1", _SC_LEVEL1_DCACHE_SIZE}, {"L2", _SC_LEVEL2_CACHE_SIZE}, {"L3", _SC_LEVEL3_CACHE_SIZE}};
  std::size_t last = std::size_t{1} << 20;
  for (const auto& [name, which] : caches) {
    const std::size_t bytes = cache_bytes(which);
    if (bytes == 0 || (!levels.empty() && bytes <= levels.back().bytes)) continue;
    // Two thirds of a level, but no more than eight times the one above it: a last cache is shared by many.
    const std::size_t above = levels.empty() ? bytes : levels.back().bytes;
    levels.push_back({name, bytes, std::min(bytes * 2 / 3, std::max(above * 8, bytes / 64))});
    last = bytes;
  }
  levels.push_back({"memory", 0, std::min(4 * last, most_bytes)});
  return levels;
}

std::size_t level_of(const std::vector<MemoryLevel>& levels, std::size_t working_set) {
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
    if (working_set <= levels[i].bytes) return i;
  }
  return levels.size() - 1;
}

Roofline measure_roofline(std::vector<RooflineSubject> subjects, std::vector<MemoryLevel> levels,
                          const RooflineDesign& design, std::stop_token stop,
                          const std::function<void()>& tick) {
  Roofline r{.design = design, .subjects = std::move(subjects), .levels = std::move(levels)};
  r.machine = look_at_machine();
  r.before = look_at_activity();
  const PinnedToOneCore pinned;
  for (const RooflineSubject& s : r.subjects) r.repeats.push_back(repeats_for(s, design.seconds_per_sample));
  r.cpu_seconds.resize(r.subjects.size());
  r.wall_seconds.resize(r.subjects.size());
  for (const auto& order : block_orders(r.subjects.size(), design.blocks, design.seed)) {
    std::vector<Elapsed> block(r.subjects.size());
    for (const int i : order) {
      if (stop.stop_requested()) break;
      const auto at = static_cast<std::size_t>(i);
      block[at] = time_of(r.subjects[at].run, r.repeats[at]);
    }
    r.interrupted = stop.stop_requested();
    if (r.interrupted) break;
    for (std::size_t i = 0; i < block.size(); ++i) {
      r.cpu_seconds[i].push_back(block[i].cpu);
      r.wall_seconds[i].push_back(block[i].wall);
    }
    ++r.blocks;
    if (tick) tick();
  }
  r.after = look_at_activity();
  return r;
}

Standing standing_of(const Roofline& r, std::size_t subject) {
  const RooflineSubject& s = r.subjects[subject];
  const std::size_t level = level_of(r.levels, s.working_set);
  const std::vector<double>& peak = times_of_peak(r);
  const double peak_operations = operations_of_peak(r);
  std::vector<double> limits, logs;
  int arithmetic = 0;
  for (std::size_t block = 0; block < static_cast<std::size_t>(r.blocks); ++block) {
    const double compute = s.operations * peak[block] / peak_operations;
    const double move = s.bytes / bandwidth(r, level, block);
    arithmetic += compute >= move ? 1 : 0;
    limits.push_back(std::max(compute, move));
    logs.push_back(std::log(limits.back() / r.cpu_seconds[subject][block]));
  }
  Standing standing{.bound = 2 * arithmetic >= r.blocks ? "arithmetic" : r.levels[level].name};
  if (logs.empty()) return standing;
  standing.limit_s = median(limits);
  const SignedRank ranks(logs);
  standing.fraction = std::exp(ranks.estimate());
  if (const auto i = ranks.interval(r.design.alpha))
    standing.interval = Interval{std::exp(i->low), std::exp(i->high)};
  return standing;
}

}  // namespace assay::bench
