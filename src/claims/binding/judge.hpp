// What the evidence says about each claim of the ledger, before any document is read: the value, whether its
// gates passed on the same artifact, whether it is still current.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claims/binding/evidence.hpp"
#include "claims/binding/ledger.hpp"
#include "claims/binding/standing.hpp"
#include "report/finding.hpp"

namespace assay::claims {

enum class State : std::uint8_t {
  supported,
  stale,
  unverifiable,
  unsupported,
  contradicted
};  // the worse, the higher
std::string_view name_of(State state);

struct Complaint {
  std::string rule, message, hint;
  State state = State::unsupported;
  report::Level level = report::Level::error;
};

struct Evidence {
  const LedgerClaim* claim = nullptr;
  State state = State::supported;
  std::optional<Measured> measured;
  std::string sha256;                 // of the source's file
  std::vector<std::string> files;     // everything that was consulted, relative to the ledger's folder
  std::vector<Complaint> complaints;  // why it is not supported, and notes
  Standing standing;                  // of the source, in the manifest beside it

  void add(Complaint complaint);
};

// `now`: seconds since the epoch, for max-age.
std::vector<Evidence> judge(const Ledger& ledger, EvidenceStore& store, std::int64_t now);

// Seconds since the epoch of "2026-11-21" or "2026-11-21T13:58:00Z"; nothing for anything else.
std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace assay::claims
