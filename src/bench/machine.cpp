#include "bench/machine.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/host.hpp"

namespace assay::bench {
namespace {

std::string or_unknown(std::string text) {
  return text.empty() ? "unknown" : text;
}

/// Usable cores of each memory node, nodes without any left out.
std::vector<int> usable_cores_of_nodes() {
  const auto allowed = allowed_cores();
  std::vector<int> counts;
  for (const int node : cores_in_list(system_line("/sys/devices/system/node/online"))) {
    const auto cores =
        cores_in_list(system_line("/sys/devices/system/node/node" + std::to_string(node) + "/cpulist"));
    const auto usable = std::count_if(cores.begin(), cores.end(), [&](int core) {
      return std::find(allowed.begin(), allowed.end(), core) != allowed.end();
    });
    if (usable > 0) counts.push_back(static_cast<int>(usable));
  }
  return counts;
}

}  // namespace

std::vector<int> cores_in_list(const std::string& list) {
  std::vector<int> cores;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');) {
    std::istringstream range(part);
    int first = 0;
    if (!(range >> first) || first < 0) return {};
    int last = first;
    if (range.peek() == '-' && !(range.ignore() >> last)) return {};
    if (last < first || last - first > 65536 || range.peek() != std::istringstream::traits_type::eof())
      return {};
    for (int core = first; core <= last; ++core) cores.push_back(core);
  }
  return cores;
}

Machine look_at_machine() {
  Machine m;
  m.cpu = or_unknown(read_processor().model);
  m.kernel = kernel_release();
  m.governor = or_unknown(frequency_governor());
  const auto turbo = turbo_active();
  m.turbo = turbo ? *turbo ? "on" : "off" : "unknown";
  m.smt = or_unknown(system_line("/sys/devices/system/cpu/smt/control"));
  m.online_cores = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
  m.usable_cores = static_cast<int>(allowed_cores().size());
  m.quota_cores = cgroup_cores().value_or(0.0);
  m.node_cores = usable_cores_of_nodes();
  return m;
}

Activity look_at_activity() {
  Activity a;
  std::ifstream("/proc/loadavg") >> a.load;
  std::ifstream stat("/proc/stat");
  std::string label;
  stat >> label;
  for (int field = 0; field < 8; ++field) {  // user nice system idle iowait irq softirq steal
    std::uint64_t ticks = 0;
    if (!(stat >> ticks)) break;
    a.total += ticks;
    if (field == 7) a.stolen = ticks;
  }
  std::istringstream(proc_entry("cpuinfo", "cpu MHz")) >> a.megahertz;
  std::ifstream("/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count") >> a.throttled;
  return a;
}

std::vector<Finding> check_machine(const Machine& m, const Activity& before, const Activity& after) {
  using Effect = Finding::Effect;
  std::vector<Finding> found;
  if (before.load > 0.5 * m.usable_cores) {
    found.push_back(
        {"load", Effect::warning, before.load,
         fmt::format("load of {:.2f} on {} cores when the run began", before.load, m.usable_cores)});
  }
  const double ticks = static_cast<double>(after.total - before.total);
  const double stolen = ticks > 0 ? static_cast<double>(after.stolen - before.stolen) / ticks : 0.0;
  if (stolen > 0.01) {
    found.push_back({"steal", Effect::warning, stolen,
                     fmt::format("{:.1f} % of the time went to other guests of this machine", 100 * stolen)});
  }
  if (after.throttled > before.throttled) {
    found.push_back({"throttled", Effect::warning, static_cast<double>(after.throttled - before.throttled),
                     "the processor was slowed down for its heat during the run"});
  }
  if (m.governor != "performance" && m.governor != "unknown") {
    found.push_back({"governor", Effect::note, 0.0, "the frequency governor is \"" + m.governor + "\""});
  }
  if (m.turbo == "on") found.push_back({"turbo", Effect::note, 0.0, "turbo frequencies are on"});
  if (m.quota_cores > 0.0 && m.quota_cores < m.usable_cores) {
    found.push_back({"quota", Effect::warning, m.quota_cores,
                     fmt::format("the control group allows {:.2f} cores' worth of time", m.quota_cores)});
  }
  if (m.node_cores.size() > 1) {
    found.push_back(
        {"numa", Effect::note, static_cast<double>(m.node_cores.size()),
         fmt::format("the usable cores belong to {} memory nodes: where memory lies moves the times "
                     "(numactl keeps a run on one)",
                     m.node_cores.size())});
  }
  return found;
}

Json to_json(const Machine& m) {
  Json json = {{"cpu", m.cpu},
               {"kernel", m.kernel},
               {"governor", m.governor},
               {"turbo", m.turbo},
               {"smt", m.smt},
               {"online_cores", m.online_cores},
               {"usable_cores", m.usable_cores},
               {"quota_cores", m.quota_cores}};
  if (!m.node_cores.empty()) json["node_cores"] = m.node_cores;
  return json;
}

Json to_json(const Activity& a) {
  return {{"load", a.load},
          {"stolen_ticks", a.stolen},
          {"total_ticks", a.total},
          {"megahertz", a.megahertz},
          {"throttled", a.throttled}};
}

Machine machine_from(const Json& j) {
  Machine m;
  j.at("cpu").get_to(m.cpu);
  j.at("kernel").get_to(m.kernel);
  j.at("governor").get_to(m.governor);
  j.at("turbo").get_to(m.turbo);
  j.at("smt").get_to(m.smt);
  j.at("online_cores").get_to(m.online_cores);
  j.at("usable_cores").get_to(m.usable_cores);
  j.at("quota_cores").get_to(m.quota_cores);
  if (j.contains("node_cores")) j.at("node_cores").get_to(m.node_cores);
  return m;
}

Activity activity_from(const Json& j) {
  Activity a;
  j.at("load").get_to(a.load);
  j.at("stolen_ticks").get_to(a.stolen);
  j.at("total_ticks").get_to(a.total);
  j.at("megahertz").get_to(a.megahertz);
  j.at("throttled").get_to(a.throttled);
  return a;
}

}  // namespace assay::bench
