// Reading, applying and writing baselines.
// SPDX-License-Identifier: MIT
#include "claims/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/atomic_file.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/time.hpp"

namespace assay::claims {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view schema_id = "assay/claims-baseline/v1";

bool may_be_hidden(const report::Finding& f) {
  return f.rule == "unbound-quantified" || f.rule == "unbound-qualitative";
}

Baseline read(const fs::path& path) {
  const auto bad = [&](const std::string& what) {
    return UserError(path.string() + ": " + what,
                     "delete it and write it anew: assay check-claims --write-baseline");
  };
  const Json json = parse_json(read_file(path), path.string());
  if (!json.is_object() || json.value("schema", "") != schema_id || !json.contains("entries") ||
      !json["entries"].is_array())
    throw bad("this is no baseline");
  Baseline out{path, {}};
  for (const auto& entry : json["entries"]) {
    if (!entry.is_object()) throw bad("an entry is no object");
    BaselineEntry e;
    for (const auto& [key, field] : {std::pair{"fingerprint", &e.fingerprint},
                                     {"rule", &e.rule},
                                     {"file", &e.file},
                                     {"first_seen", &e.first_seen}}) {
      if (!entry.contains(key) || !entry[key].is_string()) throw bad(fmt::format("an entry has no {}", key));
      *field = entry[key].get<std::string>();
    }
    out.entries.push_back(std::move(e));
  }
  return out;
}

std::set<std::string> fingerprints(const CheckReport& report) {
  std::set<std::string> out;
  for (const auto& file : report.files)
    for (const auto& item : file.items)
      if (may_be_hidden(item.finding)) out.insert(item.finding.fingerprint);
  return out;
}

// An entry can be judged when its file was read, or is gone.
bool was_looked_at(const BaselineEntry& entry, const CheckReport& report) {
  const auto read = std::any_of(report.files.begin(), report.files.end(),
                                [&](const FileReport& f) { return f.file == entry.file; });
  std::error_code ignored;
  return read || !fs::exists(entry.file, ignored);
}

}  // namespace

std::optional<Baseline> find_baseline(const CheckOptions& options, const CheckReport& report) {
  if (!options.baseline.empty()) return read(options.baseline);
  fs::path beside = "claims-baseline.json";
  if (report.basis) beside = (report.basis->ledger.root / beside).lexically_normal();
  std::error_code ignored;
  if (!fs::is_regular_file(beside, ignored)) return std::nullopt;
  return read(beside);
}

void apply(const Baseline& baseline, const CheckOptions& options, CheckReport& report) {
  std::map<std::string, const BaselineEntry*> known;
  for (const auto& entry : baseline.entries) known[entry.fingerprint] = &entry;
  const auto present = fingerprints(report);
  for (auto& file : report.files)
    for (auto& item : file.items) {
      auto& f = item.finding;
      const auto at = known.find(f.fingerprint);
      f.baseline_state = at == known.end() ? "new" : "unchanged";
      if (at == known.end() || f.suppression || !may_be_hidden(f)) continue;
      f.suppression = report::Suppression{"external", "in the baseline since " + at->second->first_seen};
      ++file.coverage.baselined, --file.coverage.unbound;
    }
  for (const auto& entry : baseline.entries) {
    if (present.contains(entry.fingerprint) || !was_looked_at(entry, report)) continue;
    report::Finding finding;
    finding.rule = "baseline-absent";
    finding.level = Level::warning;
    finding.place = {baseline.path.string(), 1, 1, 0, 0};
    finding.subject = entry.fingerprint;
    finding.message =
        fmt::format("a finding of {} in {} is gone, or is no longer the same sentence", entry.rule, entry.file);
    finding.hint = "assay check-claims --prune-baseline takes it out";
    finding.fingerprint = entry.fingerprint;
    report.ledger.push_back(std::move(finding));
  }
  if (options.max_baseline && baseline.entries.size() > *options.max_baseline) {
    report::Finding finding;
    finding.rule = "baseline-grown";
    finding.place = {baseline.path.string(), 1, 1, 0, 0};
    finding.message = fmt::format("the baseline has {} entries, at most {} are allowed",
                                  baseline.entries.size(), *options.max_baseline);
    finding.fingerprint = fingerprint(finding.rule, "", finding.place.file, 0);
    report.ledger.push_back(std::move(finding));
  }
}

Baseline baseline_of(const CheckReport& report, const fs::path& path) {
  Baseline out{path, {}};
  const auto today = now_rfc3339().substr(0, 10);
  for (const auto& file : report.files)
    for (const auto& item : file.items)
      if (may_be_hidden(item.finding) && !item.finding.suppression && item.finding.level != Level::note)
        out.entries.push_back({item.finding.fingerprint, item.finding.rule, file.file, today});
  return out;
}

Baseline pruned(const Baseline& baseline, const CheckReport& report) {
  const auto present = fingerprints(report);
  Baseline out{baseline.path, {}};
  for (const auto& entry : baseline.entries)
    if (present.contains(entry.fingerprint) || !was_looked_at(entry, report)) out.entries.push_back(entry);
  return out;
}

void write(const Baseline& baseline) {
  Json entries = Json::array();
  for (const auto& e : baseline.entries)
    entries.push_back(
        {{"fingerprint", e.fingerprint}, {"rule", e.rule}, {"file", e.file}, {"first_seen", e.first_seen}});
  const Json json = {{"schema", schema_id}, {"entries", std::move(entries)}};
  write_file_atomically(baseline.path, assay::to_text(json) + "\n");
}

}  // namespace assay::claims
