// SPDX-License-Identifier: MIT
#include "workload/command/launch.hpp"

#include "core/openmpi.hpp"

namespace assay::workload::command {

std::vector<std::string> launcher_of(const CommandSpec& spec) {
  if (spec.ranks == 0) return {};
  std::vector<std::string> words = spec.launcher;
  if (words.empty()) words.push_back(openmpi::launcher());
  words.insert(words.end(), {"-n", std::to_string(spec.ranks)});
  return words;
}

std::vector<std::pair<std::string, std::string>> launcher_environment(const CommandSpec& spec) {
  if (spec.ranks == 0 || !spec.launcher.empty()) return {};
  return openmpi::missing_settings();
}

}  // namespace assay::workload::command
