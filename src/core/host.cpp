#include "core/host.hpp"

#include <sched.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <set>
#include <utility>

#include "core/number.hpp"

namespace assay {

namespace {

std::string after_colon(const std::string& line) {
  const auto start = line.find_first_not_of(" \t", line.find(':') + 1);
  return start == std::string::npos ? std::string() : line.substr(start);
}

// "QUOTA PERIOD", or "max PERIOD" for none.
std::optional<double> quota_of(const std::string& text) {
  const auto space = text.find(' ');
  if (space == std::string::npos) return std::nullopt;
  const auto limit = parse_double(text.substr(0, space));
  const auto period = parse_double(text.substr(space + 1));
  if (!limit || !period || !(*limit > 0) || !(*period > 0)) return std::nullopt;
  return *limit / *period;
}

std::optional<double> bytes_of(const std::string& text) {
  return parse_double(text);  // "max" is no number
}

std::optional<double> tightest_limit(const std::string& file_name,
                                     std::optional<double> (*read)(const std::string&)) {
  std::optional<double> least;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (line.rfind("0::", 0) != 0) continue;
    for (auto path = line.substr(3); !path.empty(); path = path.substr(0, path.rfind('/'))) {
      const auto limit = read(system_line("/sys/fs/cgroup" + (path == "/" ? "" : path) + "/" + file_name));
      if (limit) least = std::min(least.value_or(*limit), *limit);
      if (path == "/") break;
    }
  }
  return least;
}

}  // namespace

std::string system_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string proc_entry(const std::string& file, std::string_view key) {
  std::ifstream lines("/proc/" + file);
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, key.size(), key) == 0) return after_colon(line);
  }
  return {};
}

Processor read_processor() {
  Processor processor;
  std::set<std::pair<std::string, std::string>> cores;
  std::ifstream file("/proc/cpuinfo");
  std::string package;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) == 0 && processor.model.empty()) processor.model = after_colon(line);
    if (line.rfind("physical id", 0) == 0) package = after_colon(line);
    if (line.rfind("core id", 0) == 0) cores.emplace(package, after_colon(line));
  }
  if (!cores.empty()) processor.physical_cores = cores.size();
  return processor;
}

// The kernel answers EINVAL while the set is smaller than its own.
std::vector<int> allowed_cores() {
  for (std::size_t cores = CPU_SETSIZE; cores <= std::size_t{1} << 20; cores *= 2) {
    const auto bytes = CPU_ALLOC_SIZE(cores);
    std::vector<unsigned long> words(bytes / sizeof(unsigned long));
    auto* set = reinterpret_cast<cpu_set_t*>(words.data());
    if (::sched_getaffinity(0, bytes, set) != 0) {
      if (errno == EINVAL) continue;
      return {};
    }
    std::vector<int> allowed;
    for (std::size_t core = 0; core < cores; ++core)
      if (CPU_ISSET_S(core, bytes, set)) allowed.push_back(static_cast<int>(core));
    return allowed;
  }
  return {};
}

std::optional<double> cgroup_cores() {
  if (const auto limit = tightest_limit("cpu.max", quota_of)) return limit;
  return quota_of(system_line("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") + " " +
                  system_line("/sys/fs/cgroup/cpu/cpu.cfs_period_us"));
}

std::optional<double> cgroup_memory_bytes() {
  return tightest_limit("memory.max", bytes_of);
}

int usable_cores() {
  const auto cores = static_cast<double>(std::max<std::size_t>(1, allowed_cores().size()));
  return static_cast<int>(std::min(cores, std::ceil(cgroup_cores().value_or(cores))));
}

std::string kernel_release() {
  utsname system{};
  return ::uname(&system) == 0 ? std::string(system.sysname) + " " + system.release : std::string();
}

std::string frequency_governor() {
  return system_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
}

std::optional<bool> smt_active() {
  const auto state = system_line("/sys/devices/system/cpu/smt/active");
  return state.empty() ? std::nullopt : std::optional(state == "1");
}

std::optional<bool> turbo_active() {
  const auto boost = system_line("/sys/devices/system/cpu/cpufreq/boost");
  if (!boost.empty()) return boost == "1";
  const auto no_turbo = system_line("/sys/devices/system/cpu/intel_pstate/no_turbo");
  return no_turbo.empty() ? std::nullopt : std::optional(no_turbo == "0");
}

}  // namespace assay
