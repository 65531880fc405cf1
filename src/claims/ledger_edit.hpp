// Writing to a ledger: entries for statements that have none, and new digests for evidence that was accepted.
// The ledger's own text, comments and order stay.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "claims/check.hpp"

namespace assay::claims {

// The ledger's text with key = "value" in the entry that begins at a line (from 1): replaced, or added at its
// end.
std::string with_value(const std::string& text, std::uint32_t line, const std::string& key,
                       const std::string& value);

// Accepts the evidence as it is now: depends-sha256 of the claims with "depends", sha256 of those that pin one.
// "all" for every claim. Gives the ids that changed; UserError for an unknown id.
std::vector<std::string> restamp(const Basis& basis, const std::vector<std::string>& ids);

// A free id for a statement: file, class and, where needed, a number.
std::string propose_id(const Item& item, const std::string& file, const std::vector<std::string>& taken);
// "speedup" for "3x", "time" for "2 s", ...
std::string propose_kind(const Finding& claim);

struct Start {
  std::string ledger;                  // text of a new claims.toml
  std::size_t proposed = 0;            // entries in it
  std::vector<const Item*> dangerous;  // at most three: the largest promises without evidence
};
Start propose_ledger(const CheckReport& report);

}  // namespace assay::claims
