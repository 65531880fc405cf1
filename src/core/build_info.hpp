// How this binary was built: evidence names it, since flags decide identity as much as code does.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace assay {

struct BuildInfo {
  std::string compiler;     ///< "GNU 12.2.0"
  std::string type;         ///< "Release"
  std::string flags;        ///< of everything but the kernels
  std::string floor_flags;  ///< added for kernels' floors
  std::string host_flags;   ///< added for kernels' host tiers; instruction sets are added file by file
  std::string cuda;         ///< "nvcc 13.0", or why there is none
  std::string commit;       ///< of the source tree, empty outside a repository
  bool dirty = false;       ///< tracked files differed from the commit
};

const BuildInfo& build_info();

}  // namespace assay
