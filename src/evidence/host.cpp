#include "evidence/host.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "core/host.hpp"
#include "core/sha256.hpp"

namespace assay::evidence {

namespace {

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json memory_bytes(std::string_view key) {
  std::istringstream words(proc_entry("meminfo", key));
  std::int64_t kibibytes = 0;
  return words >> kibibytes ? Json(kibibytes * 1024) : Json();
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
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
  const auto cores = allowed_cores();
  if (cores.empty()) return {};
  std::string text;
  for (std::size_t first = 0, last = 0; first < cores.size(); first = last + 1) {
    last = first;
    while (last + 1 < cores.size() && cores[last + 1] == cores[last] + 1) ++last;
    text += (text.empty() ? "" : ",") + std::to_string(cores[first]);
    if (last > first) text += "-" + std::to_string(cores[last]);
  }
  return text;
}

Json container() {
  if (::access("/run/.containerenv", F_OK) == 0) return "podman";
  if (::access("/.dockerenv", F_OK) == 0) return "docker";
  if (const char* name = std::getenv("container")) return name;
  if (std::getenv("APPTAINER_CONTAINER") != nullptr) return "apptainer";
  return {};
}

Json machine_digest() {
  auto id = system_line("/etc/machine-id");
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
  Json host;
  host["machine"] = machine_digest();
  host["cpu"] = text_or_null(processor.model);
  host["architecture"] = system.machine;
  host["logical_cores"] = ::sysconf(_SC_NPROCESSORS_ONLN);
  host["physical_cores"] = or_null(processor.physical_cores);
  host["smt"] = or_null(smt_active());
  host["governor"] = text_or_null(frequency_governor());
  host["memory_bytes"] = memory_bytes("MemTotal:");
  host["os"] = text_or_null(operating_system());
  host["kernel"] = system.release;
  host["affinity"] = affinity();
  host["cgroup_cores"] = or_null(cgroup_cores());
  host["cgroup_memory_bytes"] = or_null(cgroup_memory_bytes());
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
