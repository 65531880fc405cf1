// Where a result comes from: machine, limits, build, repository, devices, command, time.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/json.hpp"

namespace assay::evidence {

struct ProvenanceInputs {
  std::vector<std::string> command;     ///< argv
  std::filesystem::path config_folder;  ///< whose repository is recorded
  Json devices;                         ///< array, one object a device that was used; null: none
};

/// {"host": ..., "git": ..., "devices": ..., "run": {"command", "started", "load", ...}}; what is volatile is
/// in "run" and nowhere else. Under 5 ms besides git's own time.
Json provenance_json(const ProvenanceInputs& inputs);

/// {"name": "assay", "version": ..., "build": {...}}.
Json tool_json();

}  // namespace assay::evidence
