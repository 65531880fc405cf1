// The registry of lanes: parallel strategies, the gates and measurements that each needs, and the contract
// levels that follow. It names evidence; whether a lane is ready is computed.
//
//   [gates]                                  # ids that are not built in: the TOML that defines them
//   "solver.versions" = "gates/versions.toml"
//
//   [lanes.independent_scan]
//   summary = "points of a scan on threads"
//   independent_work = true
//   changes_solver_layout = false
//   identity = ["parallel.scan-identity", "parallel.decomposition-contract"]
//   physics = ["gk.linear.methods"]
//   timing = ["scan-scaling"]                # names in the manifest
//
//   [levels.H1]
//   title = "CPU throughput"
//   needs = ["gate parallel.scan-identity", "measurement scan-scaling", "lane independent_scan", "file
//   docs/x.md"]
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace assay::audit {

struct Lane {
  std::string name, summary;
  bool independent_work = false, changes_solver_layout = false;
  std::string promoted;  ///< why a lane that is not independent may be released all the same; empty: it may not
  std::vector<std::string> identity, physics, timing;
};

struct Need {
  std::string kind, name;  ///< gate, lane, measurement, file or level
};

struct ContractLevel {
  std::string name, title;
  std::vector<Need> needs;
};

struct Registry {
  std::string title;
  std::filesystem::path folder;                   ///< relative names start here
  std::map<std::string, std::string> gate_files;  ///< id -> TOML
  std::vector<Lane> lanes;
  std::vector<ContractLevel> levels;
};

/// Strict: an unknown key, a lane without an identity, physics or timing gate, a gate in two classes, a need of
/// no kind are errors with their place.
Registry read_registry(const std::filesystem::path& path);

}  // namespace assay::audit
