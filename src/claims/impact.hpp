// Which sentences hang on a file: an artifact, a gate, an input, a source file named in "depends".
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "claims/check.hpp"

namespace assay::claims {

struct Affected {
  std::size_t claim = 0;  // in the ledger
  std::string file;       // the one of those asked for that it hangs on
  std::string how;        // "its source", "a gate or input of it", "depends on it"
};

// Paths as a person types them; folders stand for all below. By claim.
std::vector<Affected> affected_by(const CheckReport& report, const std::vector<std::string>& paths);

// One line a sentence; claims that no document states come with their place in the ledger.
std::string impact_text(const CheckReport& report, const std::vector<Affected>& affected);
Json impact_json(const CheckReport& report, const std::vector<Affected>& affected);

}  // namespace assay::claims
