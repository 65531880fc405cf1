// SPDX-License-Identifier: MIT
#include "workload/command/launch.hpp"

#include <unistd.h>

#include <cstdlib>

#include "core/child.hpp"

namespace assay::workload::command {

std::vector<std::string> launcher_of(const CommandSpec& spec) {
  if (spec.ranks == 0) return {};
  std::vector<std::string> words = spec.launcher;
  if (words.empty()) words.emplace_back(find_program("mpirun.openmpi") ? "mpirun.openmpi" : "mpirun");
  words.insert(words.end(), {"-n", std::to_string(spec.ranks)});
  return words;
}

std::vector<std::pair<std::string, std::string>> launcher_environment(const CommandSpec& spec) {
  std::vector<std::pair<std::string, std::string>> all;
  if (spec.ranks == 0 || !spec.launcher.empty()) return all;
  const auto add = [&](const char* name, const char* value) {
    if (std::getenv(name) == nullptr) all.emplace_back(name, value);
  };
  add("OMPI_MCA_rmaps_base_oversubscribe", "1");
  add("OMPI_MCA_hwloc_base_binding_policy", "none");
  if (::geteuid() != 0) return all;
  add("OMPI_ALLOW_RUN_AS_ROOT", "1");
  add("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
  return all;
}

}  // namespace assay::workload::command
