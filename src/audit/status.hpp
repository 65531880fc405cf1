// What is ready, computed from evidence: each lane's ladder with its blockers in words, completion as satisfied
// requirements over requirements, contract levels from what they need.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "audit/folder.hpp"
#include "audit/lanes.hpp"

namespace assay::audit {

struct Requirement {
  std::string name;  ///< identity, proof, physics, timing, provenance, current
  bool satisfied = false;
  bool contradicted = false;          ///< the evidence says no; else it is missing
  std::vector<std::string> blockers;  ///< why not, in words
};

enum class Readiness { release_ready, diagnostic, blocked };
std::string word(Readiness readiness);

struct LaneStatus {
  Lane lane;
  Readiness readiness = Readiness::blocked;
  std::vector<Requirement> ladder;
};

struct LevelStatus {
  std::string name, title;
  std::vector<Requirement> needs;
  [[nodiscard]] bool reached() const;
};

struct Status {
  std::string title;
  std::vector<LaneStatus> lanes;
  std::vector<LevelStatus> levels;
  std::size_t satisfied = 0, total = 0;  ///< requirements of all lanes
  std::size_t evidence_errors = 0;       ///< violations that check-artifacts finds in the folder
  [[nodiscard]] double percent() const {
    return total == 0 ? 0.0 : 100.0 * static_cast<double>(satisfied) / static_cast<double>(total);
  }
  [[nodiscard]] bool contradicted() const;
};

/// `evidence` from check_folder with Keep::documents. Gates of the registry are made, not run: their definition
/// dates the artifacts.
Status compute_status(const Registry& registry, const FolderReport& evidence);

/// The same status gives the same bytes: no times, no host.
Json to_json(const Status& status);
std::string to_markdown(const Status& status);
std::string to_text(const Status& status);
/// A badge of two fields: the title and the percentage.
std::string to_svg(const Status& status);

}  // namespace assay::audit
