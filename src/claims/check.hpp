// Checks documents: finds their claims, ties the marked ones to the ledger, accounts for suppressions and
// baseline. Several files at a time; the result does not depend on how many.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "claims/binding/bind.hpp"
#include "claims/finder.hpp"
#include "core/error.hpp"
#include "core/json.hpp"
#include "report/finding.hpp"

namespace assay::claims {

struct CheckOptions {
  std::vector<std::string> paths;
  std::vector<std::string> rule_files;  // packs of the user, added to the built-in ones
  std::string ledger;                   // claims.toml; empty: the nearest one
  bool no_ledger = false;
  std::string baseline;  // of findings that are known; empty: the one beside the ledger
  bool strict = false;   // notes too, and notes fail
  bool list = false;     // scoped sentences and the ledger too
  unsigned jobs = 0;     // 0: one a core
  std::string since;     // a commit: only what changed since then counts
  std::optional<std::size_t> max_baseline;
  bool ignore_baseline = false;
  bool reasons = false;      // the features behind each finding too, for the machine form
  bool fingerprints = true;  // what text does not show is not computed, unless a baseline needs it
};

// A finding, with what the finder knows where it is about an unbound claim.
struct Item {
  report::Finding finding;
  std::optional<Finding> claim;
  std::uint32_t first_line = 0, last_line = 0;  // of the sentence
};

// How many statements that need evidence have it.
struct Coverage {
  std::size_t bound = 0, stale = 0, wrong = 0, unbound = 0, suppressed = 0, baselined = 0;
  Coverage& operator+=(const Coverage& o);
};

struct FileReport {
  std::string file;
  std::vector<Item> items;  // by place
  std::vector<Finding> scoped;
  std::vector<BoundPlace> places;
  Coverage coverage;
  std::vector<std::string> notes;  // what could not be read as its format
  std::string source;              // kept where a fix needs it
};

struct CheckReport {
  std::vector<FileReport> files;        // in the order of their names, whatever thread read them
  std::shared_ptr<const Basis> basis;   // null without a ledger
  std::vector<report::Finding> ledger;  // about the ledger itself and the baseline
  std::uint64_t bytes = 0;
  std::size_t found = 0;  // documents; without --since all of them are in `files`

  std::vector<report::Finding> findings() const;  // all of them, suppressed ones included
  Coverage coverage() const;
  State state_of(std::size_t claim) const;  // of the ledger: the worst of evidence and places
};

// The ledger that the options name or that is found, with its evidence judged; null when there is none.
std::shared_ptr<const Basis> read_basis(const CheckOptions& options);

// Throws UserError for a path that does not exist, or a rule pack or ledger that is malformed. A file that
// cannot be read is a note of its report.
CheckReport check(const CheckOptions& options);

// 0, 1, or 4 when all that is left is evidence that is not in this checkout.
Exit exit_of(const CheckReport& report, const CheckOptions& options);

// Every rule that a finding can carry, with help.
const std::vector<report::Rule>& rules_of_check();

// What people read, and the members of the machine form (assay/check-claims/v1).
std::string to_text(const CheckReport& report, const CheckOptions& options);
Json to_json(const CheckReport& report, const CheckOptions& options);
Json to_json(const Coverage& coverage);
// For SARIF, JUnit and GitHub.
report::Report to_report(const CheckReport& report);

// The tokens, rules and weights behind every candidate on a line of a file, findings or not.
std::string explain(const std::string& file, std::uint32_t line, const std::vector<std::string>& rule_files);
// The chain behind a claim of the ledger: sentences, value, gates, problems.
std::string explain_claim(const CheckReport& report, const std::string& id);

}  // namespace assay::claims
