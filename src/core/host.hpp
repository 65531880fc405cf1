// What this machine is and what it allows this process: read from /proc, /sys and the control groups, nothing
// is started. An empty string or optional is what the system does not say.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// First line of a file of the system; empty when there is none.
std::string system_line(const std::string& path);

/// What follows the colon in the first line of /proc/FILE that begins with the key; empty when none does.
std::string proc_entry(const std::string& file, std::string_view key);

struct Processor {
  std::string model;
  std::optional<std::size_t> physical_cores;  ///< hyperthreads of one core count once
};
Processor read_processor();

/// Numbers of the cores that affinity leaves to this process, ascending, however many the machine has.
std::vector<int> allowed_cores();

/// The tightest limit of this process's control group and its parents, as the kernel applies them (v2, or v1's
/// root as a container sees it): cores' worth of time, and bytes.
std::optional<double> cgroup_cores();
std::optional<double> cgroup_memory_bytes();

/// Cores that this process may use: affinity, cut by the quota; at least 1.
int usable_cores();

/// "Linux 6.1.0": system and release.
std::string kernel_release();

/// Of the first core: "performance", "powersave", ...
std::string frequency_governor();
/// Threads that share a core are on.
std::optional<bool> smt_active();
std::optional<bool> turbo_active();

}  // namespace assay
