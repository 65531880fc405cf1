// The report as text, as JSON, and in the neutral form for other writers.
// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "claims/check.hpp"

namespace assay::claims {
namespace {

Json figures_of(const Finding& f) {
  Json out = Json::array();
  for (const auto& q : f.figures) {
    Json figure = {{"kind", name_of(q.kind)}, {"comparator", name_of(q.comparator)}, {"unit", q.unit}};
    if (q.is_range || q.kind == QuantityKind::fraction)
      figure["value"] = {q.low, q.high};
    else
      figure["value"] = q.low;
    out.push_back(std::move(figure));
  }
  return out;
}

Json json_of(const report::Place& p) {
  Json out = {{"file", p.file}, {"line", std::max(p.line, 1u)}, {"column", std::max(p.column, 1u)}};
  if (p.line_end > 0) out["line_end"] = p.line_end, out["column_end"] = p.column_end;
  return out;
}

// What the finder knows about a statement.
void add_claim(const Finding& f, Json& row) {
  row["class"] = name_of(f.claim);
  row["polarity"] = name_of(f.polarity);
  row["confidence"] = std::round(f.confidence * 1000) / 1000;
  row["trigger"] = f.rule;
  row["text"] = f.text;
  row["sentence"] = f.sentence;
  if (!f.figures.empty()) row["figures"] = figures_of(f);
}

Json reasons_of(const Finding& f) {
  Json out = Json::array();
  for (std::size_t i = 0; i < f.reasons.size() && i < 8; ++i)
    out.push_back({{"feature", f.reasons[i].feature}, {"weight", std::round(f.reasons[i].weight * 100) / 100}});
  return out;
}

Json json_of(const report::Finding& f) {
  Json row = {{"rule", f.rule}, {"level", report::name_of(f.level)}};
  row.update(json_of(f.place));
  row["message"] = f.message;
  if (!f.subject.empty()) row["claim"] = f.subject;
  if (!f.hint.empty()) row["hint"] = f.hint;
  row["fingerprint"] = f.fingerprint;
  if (f.suppression)
    row["suppression"] = {{"kind", f.suppression->kind}, {"justification", f.suppression->justification}};
  for (const auto& edit : f.fixes)
    row["fixes"].push_back({{"offset", edit.offset}, {"length", edit.length}, {"text", edit.text}});
  for (const auto& r : f.related) {
    Json place = json_of(r.place);
    place["message"] = r.message;
    row["related"].push_back(std::move(place));
  }
  return row;
}

Json claims_of(const CheckReport& report) {
  Json out = Json::array();
  const auto& ledger = report.basis->ledger;
  for (std::size_t i = 0; i < ledger.claims.size(); ++i) {
    const auto& e = report.basis->evidence[i];
    Json row = {{"id", ledger.claims[i].id},
                {"kind", ledger.claims[i].kind},
                {"state", name_of(report.state_of(i))},
                {"source", ledger.claims[i].source.path}};
    if (!ledger.claims[i].source.pointer.empty()) row["pointer"] = ledger.claims[i].source.pointer;
    if (!e.sha256.empty()) row["sha256"] = e.sha256;
    if (e.measured && e.measured->value) row["value"] = *e.measured->value;
    if (e.measured && !e.measured->value) row["value"] = e.measured->text;
    if (e.measured && e.measured->low && e.measured->high)
      row["interval"] = {*e.measured->low, *e.measured->high};
    if (const auto& unit = ledger.claims[i].unit; !unit.empty()) row["unit"] = unit;
    Json places = Json::array(), problems = Json::array();
    for (const auto& file : report.files)
      for (const auto& place : file.places)
        if (place.claim == i) {
          places.push_back(json_of(place.place));
          places.back()["text"] = place.text;
          places.back()["state"] = name_of(place.state);
        }
    for (const auto& c : e.complaints) problems.push_back({{"rule", c.rule}, {"message", c.message}});
    row["places"] = std::move(places);
    row["problems"] = std::move(problems);
    out.push_back(std::move(row));
  }
  return out;
}

std::size_t count(const CheckReport& report, std::string_view rule) {
  std::size_t n = 0;
  for (const auto& file : report.files)
    for (const auto& item : file.items)
      n += item.finding.rule == rule && !item.finding.suppression && item.finding.level != Level::note;
  return n;
}

// Where a long list is best begun: the surest statements without evidence, those with a figure first, a few a
// file.
std::string surest(const CheckReport& report) {
  constexpr std::size_t long_list = 30, most = 10, most_of_file = 3;
  std::vector<const Item*> open;
  for (const auto& file : report.files)
    for (const auto& item : file.items)
      if (item.claim && !item.finding.suppression && item.finding.level != Level::note) open.push_back(&item);
  if (open.size() <= long_list) return {};
  std::stable_sort(open.begin(), open.end(), [](const Item* a, const Item* b) {
    const bool figure = !a->claim->figures.empty(), other = !b->claim->figures.empty();
    return figure != other ? figure : a->claim->confidence > b->claim->confidence;
  });
  std::string out = "begin with these:\n";
  std::map<std::string, std::size_t> of_file;
  std::size_t shown = 0;
  for (const Item* item : open) {
    if (++of_file[item->finding.place.file] > most_of_file) continue;
    out += fmt::format("  {}: {}: {}\n", report::to_text(item->finding.place), name_of(item->claim->claim),
                       item->claim->text);
    if (++shown == most) break;
  }
  return out;
}

std::string ledger_lines(const CheckReport& report) {
  std::string out;
  for (std::size_t i = 0; i < report.basis->ledger.claims.size(); ++i) {
    const auto& e = report.basis->evidence[i];
    out += fmt::format("{:<17}  {}", name_of(report.state_of(i)), e.claim->id);
    if (e.measured)
      out += fmt::format("  {}{}{}", e.measured->text, e.claim->unit.empty() ? "" : " ", e.claim->unit);
    if (!e.claim->source.path.empty()) out += fmt::format("  {}", e.claim->source.path);
    out += '\n';
  }
  return out;
}

std::string summary(const CheckReport& report, const CheckOptions& options) {
  auto out = fmt::format("{} documents: {} claims with a figure and {} without are bound to no evidence",
                         report.files.size(), count(report, "unbound-quantified"),
                         count(report, "unbound-qualitative"));
  std::size_t doubtful = 0;
  for (const auto& file : report.files)
    for (const auto& item : file.items)
      doubtful += item.claim && item.finding.level == Level::note && !item.finding.suppression;
  if (options.strict) out += fmt::format("; {} doubtful", doubtful);
  const auto c = report.coverage();
  if (report.basis)
    out += fmt::format("\n{} bound statements hold, {} are stale or cannot be verified here, {} are wrong",
                       c.bound, c.stale, c.wrong);
  if (c.suppressed || c.baselined)
    out += fmt::format("\n{} are excused by a remark, {} are known or unchanged", c.suppressed, c.baselined);
  if (report.basis) {
    std::map<State, std::size_t> states;
    std::size_t proposed = 0;
    for (std::size_t i = 0; i < report.basis->evidence.size(); ++i)
      if (report.basis->ledger.claims[i].source.path.empty())
        ++proposed;
      else
        ++states[report.state_of(i)];
    out += fmt::format("\nledger: {} claims", report.basis->evidence.size());
    if (proposed) out += fmt::format(", {} without a source", proposed);
    for (const auto& [state, n] : states) out += fmt::format(", {} {}", n, name_of(state));
  }
  return out + '\n';
}

}  // namespace

Json to_json(const Coverage& c) {
  return {{"bound", c.bound},     {"stale", c.stale},           {"wrong", c.wrong},
          {"unbound", c.unbound}, {"suppressed", c.suppressed}, {"baselined", c.baselined}};
}

std::string to_text(const CheckReport& report, const CheckOptions& options) {
  std::string out;
  for (const auto& file : report.files) {
    for (const auto& note : file.notes) out += fmt::format("{}: note: {}\n", file.file, note);
    for (const auto& item : file.items) out += report::to_text(item.finding);
    for (const Finding& f : file.scoped)
      out += fmt::format("{}:{}:{}: scoped: {} {} claim, by \"{}\"\n", file.file, f.begin.line, f.begin.column,
                         name_of(f.polarity), name_of(f.claim), f.scoped_by);
  }
  auto about = report.ledger;
  if (!options.strict) std::erase_if(about, [](const auto& f) { return f.level == Level::note; });
  out += report::to_text(about);
  if (options.list && report.basis) out += ledger_lines(report);
  return out + surest(report) + summary(report, options);
}

Json to_json(const CheckReport& report, const CheckOptions& options) {
  Json findings = Json::array(), scoped = Json::array(), documents = Json::array();
  for (const auto& file : report.files) {
    documents.push_back({{"file", file.file},
                         {"findings", file.items.size()},
                         {"coverage", to_json(file.coverage)},
                         {"notes", file.notes}});
    for (const auto& item : file.items) {
      findings.push_back(json_of(item.finding));
      if (!item.claim) continue;
      add_claim(*item.claim, findings.back());
      findings.back()["reasons"] = reasons_of(*item.claim);
    }
    for (const Finding& f : file.scoped) {
      Json row = {{"file", file.file},
                  {"line", f.begin.line},
                  {"column", f.begin.column},
                  {"line_end", f.end.line},
                  {"column_end", f.end.column + 1}};
      add_claim(f, row);
      row["scoped_by"] = f.scoped_by;
      scoped.push_back(std::move(row));
    }
  }
  for (const auto& f : report.ledger) findings.push_back(json_of(f));
  const auto all = report.findings();
  Json out = {{"config", {{"strict", options.strict}, {"rule_files", options.rule_files}}},
              {"counts",
               {{"documents", report.files.size()},
                {"error", report::count(all, Level::error)},
                {"warning", report::count(all, Level::warning)},
                {"note", report::count(all, Level::note)}}},
              {"coverage", to_json(report.coverage())},
              {"documents", std::move(documents)},
              {"findings", std::move(findings)}};
  if (report.basis) {
    out["config"]["ledger"] = report.basis->ledger.file.string();
    out["claims"] = claims_of(report);
  }
  if (options.list) out["scoped"] = std::move(scoped);
  return out;
}

report::Report to_report(const CheckReport& report) {
  report::Report out{"assay check-claims", rules_of_check(), report.findings(), {}};
  if (!report.basis) return out;
  for (std::size_t i = 0; i < report.basis->ledger.claims.size(); ++i) {
    const auto& claim = report.basis->ledger.claims[i];
    report::Check check{claim.id,
                        {report.basis->ledger.file.string(), claim.line, 1, 0, 0},
                        std::string(name_of(report.state_of(i))),
                        {}};
    for (const auto& f : out.findings)
      if (f.subject == claim.id && f.level != Level::note && !f.suppression)
        check.problems.push_back(fmt::format("{}: {}", report::to_text(f.place), f.message));
    if (check.problems.empty() && report.state_of(i) != State::supported)
      for (const auto& c : report.basis->evidence[i].complaints) check.problems.push_back(c.message);
    out.checks.push_back(std::move(check));
  }
  return out;
}

std::string explain_claim(const CheckReport& report, const std::string& id) {
  const auto at = report.basis->ledger.by_id.find(id);
  if (at == report.basis->ledger.by_id.end()) return {};
  const auto i = at->second;
  const auto& e = report.basis->evidence[i];
  auto out = fmt::format("{}: {} ({})\n", id, name_of(report.state_of(i)), e.claim->kind);
  for (const auto& file : report.files)
    for (const auto& place : file.places)
      if (place.claim == i)
        out += fmt::format("  stated at {}: {} ({})\n", report::to_text(place.place), place.text,
                           name_of(place.state));
  if (e.measured) {
    out += fmt::format("  evidence {}: {}{}{}", report::to_text(e.measured->place), e.measured->text,
                       e.claim->unit.empty() ? "" : " ", e.claim->unit);
    if (e.measured->low && e.measured->high)
      out += fmt::format(", interval {} to {}", *e.measured->low, *e.measured->high);
    if (e.measured->samples) out += fmt::format(", {} samples", *e.measured->samples);
    out += fmt::format("\n  sha256 {}\n", e.sha256);
  }
  for (const auto& r : e.claim->requirements)
    out += fmt::format("  requires {} {}{}\n", r.gate.empty() ? "its own verdicts" : r.gate, r.verdict,
                       r.level.empty() ? "" : " at " + r.level);
  for (const auto& words : e.claim->scope) out += fmt::format("  holds for \"{}\"\n", words);
  for (const auto& c : e.complaints) out += fmt::format("  {}: {}\n", c.rule, c.message);
  return out;
}

}  // namespace assay::claims
