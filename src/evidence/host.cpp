#include "evidence/host.hpp"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "core/number.hpp"
#include "core/sha256.hpp"

namespace assay::evidence {

namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

std::string after_colon(const std::string& line) {
  const auto start = line.find_first_not_of(" \t", line.find(':') + 1);
  return start == std::string::npos ? std::string() : line.substr(start);
}

struct Processor {
  std::string model;
  std::set<std::pair<std::string, std::string>> cores;  // (package, core)
};

Processor read_processor() {
  Processor processor;
  std::ifstream file("/proc/cpuinfo");
  std::string package;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) == 0 && processor.model.empty()) processor.model = after_colon(line);
    if (line.rfind("physical id", 0) == 0) package = after_colon(line);
    if (line.rfind("core id", 0) == 0) processor.cores.emplace(package, after_colon(line));
  }
  return processor;
}

Json memory_bytes(std::string_view key) {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, key.size(), key) != 0) continue;
    std::istringstream words(after_colon(line));
    std::int64_t kibibytes = 0;
    if (words >> kibibytes) return kibibytes * 1024;
  }
  return {};
}

std::string operating_system() {
  std::ifstream file("/etc/os-release");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("PRETTY_NAME=", 0) != 0) continue;
    auto name = line.substr(12);
    name.erase(std::remove(name.begin(), name.end(), '"'), name.end());
    return name;
  }
  return {};
}

// Cores as "0-3,8", the form of taskset and of the kernel.
Json affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return {};
  std::string text;
  for (int first = 0; first < CPU_SETSIZE; ++first) {
    if (!CPU_ISSET(first, &set)) continue;
    int last = first;
    while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, &set)) ++last;
    text +=
        (text.empty() ? "" : ",") + std::to_string(first) + (last > first ? "-" + std::to_string(last) : "");
    first = last;
  }
  return text;
}

// The tightest of this group's limit and its parents', as the kernel applies them.
template <class Read>
Json tightest_limit(const char* file_name, Read read) {
  std::optional<double> least;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (line.rfind("0::", 0) != 0) continue;
    for (auto path = line.substr(3); !path.empty(); path = path.substr(0, path.rfind('/'))) {
      const auto limit = read(first_line("/sys/fs/cgroup" + (path == "/" ? "" : path) + "/" + file_name));
      if (limit) least = std::min(least.value_or(*limit), *limit);
      if (path == "/") break;
    }
  }
  return least ? Json(*least) : Json();
}

std::optional<double> quota_of(const std::string& text) {
  const auto space = text.find(' ');
  if (space == std::string::npos) return std::nullopt;
  const auto limit = parse_double(text.substr(0, space));
  const auto period = parse_double(text.substr(space + 1));
  if (!limit || !period || !(*period > 0)) return std::nullopt;
  return *limit / *period;
}

Json container() {
  if (::access("/run/.containerenv", F_OK) == 0) return "podman";
  if (::access("/.dockerenv", F_OK) == 0) return "docker";
  if (const char* name = std::getenv("container")) return name;
  if (std::getenv("APPTAINER_CONTAINER") != nullptr) return "apptainer";
  return {};
}

Json machine_digest() {
  auto id = first_line("/etc/machine-id");
  if (id.empty()) {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    id = name.data();
  }
  return sha256_hex("assay host " + id).substr(0, 16);
}

}  // namespace

Json host_json() {
  const auto processor = read_processor();
  utsname system{};
  ::uname(&system);
  const auto smt = first_line("/sys/devices/system/cpu/smt/active");
  Json host;
  host["machine"] = machine_digest();
  host["cpu"] = text_or_null(processor.model);
  host["architecture"] = system.machine;
  host["logical_cores"] = ::sysconf(_SC_NPROCESSORS_ONLN);
  host["physical_cores"] = processor.cores.empty() ? Json() : Json(processor.cores.size());
  host["smt"] = smt.empty() ? Json() : Json(smt == "1");
  host["governor"] = text_or_null(first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
  host["memory_bytes"] = memory_bytes("MemTotal:");
  host["os"] = text_or_null(operating_system());
  host["kernel"] = system.release;
  host["affinity"] = affinity();
  host["cgroup_cores"] = tightest_limit("cpu.max", quota_of);
  host["cgroup_memory_bytes"] =
      tightest_limit("memory.max", [](const std::string& text) { return parse_double(text); });
  host["container"] = container();
  return host;
}

Json host_now_json() {
  Json now;
  std::array<double, 3> load{};
  now["load"] = ::getloadavg(load.data(), 3) == 3 ? Json(load) : Json();
  now["memory_available_bytes"] = memory_bytes("MemAvailable:");
  return now;
}

}  // namespace assay::evidence
