// The baseline: findings that were there when a repository began to be checked. It hides unbound statements
// only, never what is wrong, and it only shrinks: an entry that fits nothing any more is a finding until it is
// pruned.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "claims/check.hpp"

namespace assay::claims {

struct BaselineEntry {
  std::string fingerprint, rule, file, first_seen;
};

struct Baseline {
  std::filesystem::path path;
  std::vector<BaselineEntry> entries;
};

// The file that a run uses: the one named, else claims-baseline.json beside the ledger or here; nothing without
// one.
std::optional<Baseline> find_baseline(const CheckOptions& options, const CheckReport& report);

// Marks what it knows, reports what is gone; fills in coverage.
void apply(const Baseline& baseline, const CheckOptions& options, CheckReport& report);

// All unbound statements of the report, first seen today.
Baseline baseline_of(const CheckReport& report, const std::filesystem::path& path);
// What of it still fits.
Baseline pruned(const Baseline& baseline, const CheckReport& report);

void write(const Baseline& baseline);

}  // namespace assay::claims
