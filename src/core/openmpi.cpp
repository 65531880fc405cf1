// SPDX-License-Identifier: MIT
#include "core/openmpi.hpp"

#include <unistd.h>

#include <cstdlib>

#include "core/child.hpp"

namespace assay::openmpi {

std::string launcher() {
  return find_program("mpirun.openmpi") ? "mpirun.openmpi" : "mpirun";
}

std::vector<std::pair<std::string, std::string>> missing_settings() {
  std::vector<std::pair<std::string, std::string>> settings;
  const auto add = [&](const char* name, const char* value) {
    if (std::getenv(name) == nullptr) settings.emplace_back(name, value);
  };
  add("OMPI_MCA_rmaps_base_oversubscribe", "1");
  add("OMPI_MCA_hwloc_base_binding_policy", "none");
  if (::geteuid() != 0) return settings;
  add("OMPI_ALLOW_RUN_AS_ROOT", "1");
  add("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
  return settings;
}

}  // namespace assay::openmpi
