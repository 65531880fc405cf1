// Reading, finding, binding, in parallel over files.
// SPDX-License-Identifier: MIT
#include "claims/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>

#include "claims/baseline.hpp"
#include "claims/binding/suppress.hpp"
#include "claims/changes.hpp"
#include "claims/reader.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/time.hpp"

namespace assay::claims {
namespace {

// The rules that a run works with; built-in ones unless the user adds packs.
struct Rules {
  std::unique_ptr<RuleSet> own;
  std::unique_ptr<Finder> finder;

  explicit Rules(const std::vector<std::string>& files) {
    if (files.empty()) {
      finder = builtin_finder();
      return;
    }
    own = std::make_unique<RuleSet>();
    for (const auto& pack : builtin().packs) own->add("built-in", pack, RuleSet::Examples::trust);
    for (const auto& file : files) own->add(file, read_file(file), RuleSet::Examples::check);
    finder = std::make_unique<Finder>(*own, builtin().model);
  }
};

std::string_view kind_of(const Finding& f) {
  return f.figures.empty() ? "unbound-qualitative" : "unbound-quantified";
}

report::Finding finding_of(const Finding& f, const Places& places) {
  report::Finding out;
  out.rule = kind_of(f);
  out.level = f.level;
  out.place = places.of(f.core);
  out.message =
      fmt::format("this {} claim {} ({}, {:.2f})", name_of(f.claim),
                  f.figures.empty() ? "is bound to no evidence" : "has a figure that is bound to no evidence",
                  f.rule, f.confidence);
  out.source_line = places.line_of(out.place);
  return out;
}

Item item_of(Finding&& f, const Places& places) {
  const auto sentence = places.of(f.sentence_at);
  auto finding = finding_of(f, places);
  return {std::move(finding), std::move(f), sentence.line, sentence.line_end};
}

// Whether marked text of its class surrounds a statement.
bool is_covered(const Binding& binding, const Finding& f) {
  const auto bit = static_cast<std::uint8_t>(1u << static_cast<unsigned>(f.claim));
  return std::any_of(binding.covered.begin(), binding.covered.end(), [&](const Covered& c) {
    const bool overlaps = c.text.begin < f.core.end && f.core.begin < c.text.end;
    return overlaps &&
           ((c.classes & bit) || f.level == Level::note);  // doubtful ones need no marker of their own
  });
}

void count_bound(State state, Coverage& coverage) {
  switch (state) {
    case State::supported: ++coverage.bound; break;
    case State::stale:
    case State::unverifiable: ++coverage.stale; break;
    default: ++coverage.wrong;
  }
}

void add_marker_problems(const std::vector<Marker>& markers, const Places& places, std::vector<Item>& items) {
  for (const auto& marker : markers) {
    if (marker.problem.empty()) continue;
    report::Finding finding;
    finding.rule = "malformed-marker";
    finding.place = places.of(marker.remark);
    finding.message = "this marker cannot be read: " + marker.problem;
    finding.hint = "claim: ID, claim-table: ID, claims-ignore: RULE reason=\"...\" until=YYYY-MM-DD";
    finding.source_line = places.line_of(finding.place);
    items.push_back({std::move(finding), std::nullopt, 0, 0});
  }
}

// Words that stay when lines move: the sentence of a claim, else what the finding is about.
std::string words_of(const Item& item) {
  return item.claim ? item.claim->sentence + item.claim->text : item.finding.subject;
}

void finish(std::vector<Item>& items, bool fingerprints) {
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    const auto &p = a.finding.place, &q = b.finding.place;
    return std::tie(p.line, p.column, a.finding.rule) < std::tie(q.line, q.column, b.finding.rule);
  });
  std::map<std::string, std::size_t> seen;
  for (auto& item : items) {
    if (item.first_line == 0)
      item.first_line = item.finding.place.line, item.last_line = item.finding.place.line_end;
    if (!fingerprints) continue;
    const auto words = words_of(item);
    const auto occurrence = seen[item.finding.rule + "\n" + words]++;
    item.finding.fingerprint = fingerprint(item.finding.rule, words, item.finding.place.file, occurrence);
  }
}

// The part of the work that documents with markers need.
void add_bindings(const Document& document, Finder::Result& found, const Places& places, const Basis* basis,
                  std::int64_t now, FileReport& report) {
  auto markers = parse_markers(document);
  BlockTexts texts(document);
  const auto extents = extents_of(markers, texts);
  Binding binding;
  if (basis) binding = bind(*basis, extents, texts, places);
  add_marker_problems(markers, places, report.items);
  for (auto& f : found.findings) {
    if (!is_covered(binding, f)) report.items.push_back(item_of(std::move(f), places));
  }
  for (auto& f : binding.findings) report.items.push_back({std::move(f), std::nullopt, 0, 0});
  std::vector<Excusable> excusable;
  for (auto& item : report.items)
    if (item.claim)
      excusable.push_back(
          {item.claim->core, std::string(name_of(item.claim->claim)), item.claim->rule, &item.finding});
  auto account = excuse(extents, excusable, places, now);
  for (auto& f : account) report.items.push_back({std::move(f), std::nullopt, 0, 0});
  for (const auto& place : binding.places) count_bound(place.state, report.coverage);
  for (const auto& covered : binding.covered)
    if (covered.table) count_bound(covered.state, report.coverage);
  report.places = std::move(binding.places);
  std::stable_sort(report.places.begin(), report.places.end(), [](const BoundPlace& a, const BoundPlace& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
}

FileReport check_file(const std::filesystem::path& path, Finder& finder, const CheckOptions& options,
                      const Basis* basis, std::int64_t now, std::uint64_t& bytes) {
  FileReport report;
  report.file = path.string();
  std::string source;
  try {
    source = read_file(path);
  } catch (const Error& e) {
    report.notes.push_back(e.problem().what);
    return report;
  }
  bytes += source.size();
  if (source.size() > 0xfffffff0u) {
    report.notes.push_back("the file is larger than 4 GiB and was not read");
    return report;
  }
  Document document = read_document(report.file, std::move(source));
  report.notes = document.notes;
  const bool notes = options.strict || !document.remarks.empty();  // a remark may excuse one
  auto found = finder.find(document, {notes, options.list, options.reasons});
  if (options.list) report.scoped = std::move(found.scoped);
  if (found.findings.empty() && document.remarks.empty()) return report;
  {
    const Places places(document, std::move(found.lines));
    if (document.remarks.empty())
      for (auto& f : found.findings) report.items.push_back(item_of(std::move(f), places));
    else
      add_bindings(document, found, places, basis, now, report);
  }
  if (!options.strict)
    std::erase_if(report.items, [](const Item& i) { return i.finding.level == Level::note; });
  for (const auto& item : report.items)
    if (item.claim) ++(item.finding.suppression ? report.coverage.suppressed : report.coverage.unbound);
  finish(report.items, options.fingerprints);
  const bool fixable = std::any_of(report.items.begin(), report.items.end(),
                                   [](const Item& i) { return !i.finding.fixes.empty(); });
  if (fixable) report.source = std::move(document.source);
  return report;
}

bool claim_changed(const Changes& changes, const Basis& basis, const Evidence& e) {
  return std::any_of(e.files.begin(), e.files.end(),
                     [&](const auto& file) { return changes.touches(basis.ledger.root / file); });
}

// Then sentences that did not change may be wrong too, and every document is read.
bool touches_evidence(const Changes& changes, const Basis* basis) {
  if (!basis) return false;
  if (changes.touches(basis->ledger.file)) return true;
  for (const auto& table : basis->ledger.tables)
    if (changes.touches(basis->ledger.root / table.source.path)) return true;
  return std::any_of(basis->evidence.begin(), basis->evidence.end(), [&](const auto& e) {
    return e.state == State::stale || claim_changed(changes, *basis, e);
  });
}

// Findings of sentences that did not change, over evidence that did not change.
void excuse_unchanged(const Changes& changes, const std::string& since, CheckReport& report) {
  for (auto& file : report.files)
    for (auto& item : file.items) {
      auto& f = item.finding;
      const auto at = report.basis ? report.basis->ledger.by_id.find(f.subject)
                                   : decltype(report.basis->ledger.by_id.begin()){};
      const bool of_ledger = report.basis && at != report.basis->ledger.by_id.end();
      const bool evidence =
          of_ledger && (changes.touches(report.basis->ledger.file) ||
                        report.basis->evidence[at->second].state == State::stale ||
                        claim_changed(changes, *report.basis, report.basis->evidence[at->second]));
      const bool sentence = changes.touches(f.place.file, item.first_line, item.last_line);
      if (evidence || sentence || f.suppression || f.rule == "generated-differs" || f.rule == "table-mismatch")
        continue;
      f.suppression = report::Suppression{"external", "not changed since " + since};
      f.baseline_state = "unchanged";
      if (item.claim) ++file.coverage.baselined, --file.coverage.unbound;
    }
}

// Entries that no document names: a statement was lost, or never made.
void add_unused(CheckReport& report) {
  if (!report.basis) return;
  std::set<std::size_t> used;
  for (const auto& file : report.files)
    for (const auto& place : file.places) used.insert(place.claim);
  const auto& ledger = report.basis->ledger;
  for (std::size_t i = 0; i < ledger.claims.size(); ++i) {
    const auto& claim = ledger.claims[i];
    if (used.contains(i) || claim.source.path.empty()) continue;
    report::Finding finding;
    finding.rule = "unused-claim";
    finding.level = Level::note;
    finding.place = {ledger.file.string(), claim.line, 1, 0, 0};
    finding.subject = claim.id;
    finding.message = fmt::format("no document that was read names the claim \"{}\"", claim.id);
    finding.fingerprint = fingerprint(finding.rule, claim.id, finding.place.file, 0);
    report.ledger.push_back(std::move(finding));
  }
}

}  // namespace

Coverage& Coverage::operator+=(const Coverage& o) {
  bound += o.bound, stale += o.stale, wrong += o.wrong, unbound += o.unbound;
  suppressed += o.suppressed, baselined += o.baselined;
  return *this;
}

std::vector<report::Finding> CheckReport::findings() const {
  std::vector<report::Finding> out;
  for (const auto& file : files)
    for (const auto& item : file.items) out.push_back(item.finding);
  out.insert(out.end(), ledger.begin(), ledger.end());
  return out;
}

Coverage CheckReport::coverage() const {
  Coverage sum;
  for (const auto& file : files) sum += file.coverage;
  return sum;
}

State CheckReport::state_of(std::size_t claim) const {
  State state = basis->evidence[claim].state;
  for (const auto& file : files)
    for (const auto& place : file.places)
      if (place.claim == claim) state = std::max(state, place.state);
  return state;
}

Exit exit_of(const CheckReport& report, const CheckOptions& options) {
  static constexpr std::array advice{"underclaim", "small-n", "suppression-ends", "unused-claim"};
  bool elsewhere = false;
  const auto blocks = [&](const report::Finding& f) {
    if (f.suppression || (f.level == Level::note && !options.strict)) return false;
    if (std::find(advice.begin(), advice.end(), f.rule) != advice.end()) return false;
    elsewhere |= f.rule == "unverifiable-here";
    return f.rule != "unverifiable-here";
  };
  for (const auto& file : report.files)
    for (const auto& item : file.items)
      if (blocks(item.finding)) return Exit::evidence_no;
  if (std::any_of(report.ledger.begin(), report.ledger.end(), blocks)) return Exit::evidence_no;
  return elsewhere || report.found == 0 ? Exit::inconclusive : Exit::ok;
}

std::shared_ptr<const Basis> read_basis(const CheckOptions& options) {
  const auto now = parse_time(now_rfc3339()).value_or(0);
  if (options.no_ledger) return nullptr;
  const auto file = options.ledger.empty() ? discover_ledger(".") : std::filesystem::path(options.ledger);
  if (file.empty()) return nullptr;
  auto basis = std::make_shared<Basis>();
  basis->ledger = read_ledger(file);
  EvidenceStore store(basis->ledger.root);
  basis->evidence = judge(basis->ledger, store, now);
  for (const auto& table : basis->ledger.tables) basis->tables.push_back(read_table_values(table, store));
  return basis;
}

CheckReport check(const CheckOptions& asked) {
  auto options = asked;
  auto paths = collect_documents(options.paths);
  CheckReport report;
  report.found = paths.size();
  if (paths.empty()) return report;
  const Rules rules(options.rule_files);
  const auto now = parse_time(now_rfc3339()).value_or(0);
  report.basis = read_basis(options);
  const auto baseline = options.ignore_baseline ? std::nullopt : find_baseline(options, report);
  options.fingerprints |= baseline.has_value();
  std::optional<Changes> changes;
  if (!options.since.empty()) changes = Changes::since(options.since);
  if (changes && !touches_evidence(*changes, report.basis.get()))
    std::erase_if(paths, [&](const auto& path) { return !changes->touches(path); });
  report.files.resize(paths.size());
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> bytes{0};
  std::exception_ptr failure;
  std::mutex failed;
  const auto work = [&](Finder& finder) {
    try {
      std::uint64_t read = 0;
      for (auto i = next++; i < paths.size(); i = next++)
        report.files[i] = check_file(paths[i], finder, options, report.basis.get(), now, read);
      bytes += read;
    } catch (...) {
      const std::lock_guard lock(failed);
      failure = std::current_exception();
    }
  };
  // A thread costs about as much as a handful of files.
  const auto most = static_cast<unsigned>(paths.size() / 8 + 1);
  const auto jobs =
      std::min(options.jobs ? options.jobs : std::max(1u, std::thread::hardware_concurrency()), most);
  {
    std::vector<std::jthread> threads;
    for (unsigned j = 1; j < jobs; ++j)
      threads.emplace_back([&] {
        Finder own(*rules.finder);
        work(own);
      });
    work(*rules.finder);
  }
  if (failure) std::rethrow_exception(failure);
  report.bytes = bytes;
  if (changes)
    excuse_unchanged(*changes, options.since, report);
  else
    add_unused(report);
  if (baseline) apply(*baseline, options, report);
  return report;
}

std::string explain(const std::string& file, std::uint32_t line, const std::vector<std::string>& rule_files) {
  const Rules rules(rule_files);
  const Document document = read_document(file, read_file(file));
  return rules.finder->explain(document, line);
}

}  // namespace assay::claims
