// The ledger: claims.toml says for each claim which value on disk supports it and how the two are compared.
//
// clang-format off
//   [[claim]]
//   id = "scan.speedup"                 # documents name it: <!-- claim: scan.speedup -->
//   kind = "speedup"                    # claim_kinds(); decides direction and which class of claim it covers
//   source = "artifacts/bench.json#/measurements/[name=scan]/estimate"   # JSON pointer, [key=value]
//     column = "gamma", where = {ky = 0.3}        # a CSV file: the cell
//     pattern = 'passed (\d+) tests'              # text (or JSON text): the one group of an RE2 expression
//     count = "passed"                            # a JUnit file: tests, passed, failed, skipped
//     property = "bytes"                          # a file itself: bytes, lines, sha256
//     history = {arm = "new", against = "old"}    # a history of assay bench: the latest run that fits
//   unit = "x"                          # of the source's value
//   compare = "rounds-to"               # at-least, at-most, within, interval, equals; default: by the text
//   within = 0.02                       # relative, for compare = "within"
//   quote = "point"                     # point, median, mean, ci-low, ci-high, count; never max
//   at-least = 2                        # for claims without a figure in the text: what the value must satisfy
//   equals = "pass"
//   scope = ["8 threads", "H200"]       # words that must stand near the claim
//   requires = ["pass", "I2", {gate = "artifacts/gate.json", level = "I2"}]   # verdicts on the same digest
//   max-age = 90                        # days since the artifact was made
//   depends = ["kernels/**/*.cpp"]      # files whose change makes it stale ...
//   depends-sha256 = "..."              # ... against this digest of them (check-claims --restamp writes it)
//   sha256 = "..."                      # of the source: one that is not here is then unverifiable, not missing
// clang-format on
//
// Unknown keys are errors with the place; a ledger that cannot be read is exit 2.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "claims/rules.hpp"

namespace assay::claims {

enum class Compare : std::uint8_t { by_text, rounds_to, at_least, at_most, within, interval, equals };
std::string_view name_of(Compare compare);

// What a gate must have said about the source.
struct Requirement {
  std::string gate;   // path of its artifact; empty: verdicts inside the source itself
  std::string level;  // "I2": this rung or a stronger one; empty: any
  std::string verdict = "pass";
};

// Runs of a history of assay bench; empty members do not restrict.
struct HistorySpec {
  std::string arm, against;  // the ratio of two arms, where there is a second
  std::string since, until;  // RFC 3339 or a beginning of it
  std::string host;          // words of the class of host
};

struct SourceSpec {
  std::string path, pointer;  // relative to the ledger; pointer with its leading '/'
  std::string column, pattern, count, property;
  std::vector<std::pair<std::string, std::string>> where;
  std::optional<HistorySpec> history;
};

struct LedgerClaim {
  std::string id, kind, unit, quote, equals, sha256, depends_sha256, owner, note;
  SourceSpec source;
  Compare compare = Compare::by_text;
  double within = 0.05;
  std::optional<double> at_least, at_most;  // what the value itself must satisfy
  std::vector<std::string> scope, depends;
  std::vector<Requirement> requirements;
  std::optional<int> max_age_days;
  std::uint32_t line = 0;  // in the ledger

  // What its text may leave out: a claim that states no number.
  bool has_condition() const { return at_least || at_most || !equals.empty(); }
};

// A table or plot that stands between markers of a document.
struct LedgerTable {
  std::string id;
  SourceSpec source;                                         // a CSV file, or a JSON array of objects
  std::vector<std::pair<std::string, std::string>> columns;  // field, head
  std::vector<std::string> keys;  // fields that name a row; default: the first column
  int digits = 4;                 // significant, for real numbers
  bool plot = false;
  std::uint32_t line = 0;
};

struct Ledger {
  std::filesystem::path file, root;  // root: what paths in it are relative to
  std::vector<LedgerClaim> claims;
  std::vector<LedgerTable> tables;
  std::map<std::string, std::size_t, std::less<>> by_id;  // claims

  const LedgerClaim* find(std::string_view id) const;
  const LedgerTable* find_table(std::string_view id) const;
};

Ledger read_ledger(const std::filesystem::path& file);
Ledger parse_ledger(std::string_view text, const std::filesystem::path& file);

// The nearest claims.toml in the folder or above it, up to the top of the repository; empty when there is none.
std::filesystem::path discover_ledger(const std::filesystem::path& folder);

const std::vector<std::string>& claim_kinds();
// Bit i: ClaimClass i. A claim of this kind answers for statements of these classes.
std::uint8_t classes_of(std::string_view kind);

}  // namespace assay::claims
