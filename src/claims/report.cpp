// The report as text and as JSON.
// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "claims/check.hpp"
#include "core/version.hpp"

namespace assay::claims {
namespace {

constexpr std::size_t excerpt_columns = 110;

std::string_view kind_of(const Finding& f) {
  return f.figures.empty() ? "unbound-qualitative" : "unbound-quantified";
}

std::string message_of(const Finding& f) {
  const auto what = f.figures.empty() ? std::string("is bound to no evidence")
                                      : std::string("has a figure that is bound to no evidence");
  return fmt::format("this {} claim {}", name_of(f.claim), what);
}

// The part of the line around the core words, and carets below them. Columns count code points, as the caret
// must.
std::string excerpt_of(const std::string& line, const Finding& f) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < line.size(); ++i)
    if ((static_cast<unsigned char>(line[i]) & 0xc0) != 0x80) starts.push_back(i);
  const std::size_t first = f.begin.column - 1, count = starts.size();
  if (first >= count) return {};
  const std::size_t last = f.end.line == f.begin.line ? std::min<std::size_t>(f.end.column, count) : count;
  std::size_t from = 0;
  if (last > excerpt_columns) from = first > 20 ? first - 20 : 0;
  const std::size_t to = std::min(count, from + excerpt_columns);
  const auto byte = [&](std::size_t c) { return c < count ? starts[c] : line.size(); };
  std::string shown = line.substr(byte(from), byte(to) - byte(from));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  const std::size_t carets = std::max<std::size_t>(1, std::min(last, to) - first);
  return fmt::format("    | {}\n    | {}{}\n", shown, std::string(first - from, ' '), std::string(carets, '^'));
}

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

Json json_of(const std::string& file, const Finding& f) {
  Json row = {{"rule", kind_of(f)},
              {"level", name_of(f.level)},
              {"file", file},
              {"line", f.begin.line},
              {"column", f.begin.column},
              {"line_end", f.end.line},
              {"column_end", f.end.column + 1},
              {"message", message_of(f)},
              {"class", name_of(f.claim)},
              {"polarity", name_of(f.polarity)},
              {"confidence", std::round(f.confidence * 1000) / 1000},
              {"trigger", f.rule},
              {"text", f.text},
              {"sentence", f.sentence}};
  if (!f.figures.empty()) row["figures"] = figures_of(f);
  return row;
}

Json reasons_of(const Finding& f) {
  Json out = Json::array();
  for (std::size_t i = 0; i < f.reasons.size() && i < 8; ++i)
    out.push_back({{"feature", f.reasons[i].feature}, {"weight", std::round(f.reasons[i].weight * 100) / 100}});
  return out;
}

}  // namespace

std::string to_text(const CheckReport& report, const CheckOptions& options) {
  std::string out;
  for (const auto& file : report.files) {
    for (const auto& note : file.notes) out += fmt::format("{}: note: {}\n", file.file, note);
    for (std::size_t i = 0; i < file.findings.size(); ++i) {
      const Finding& f = file.findings[i];
      out += fmt::format("{}:{}:{}: {}: {} [{}, {:.2f}]\n", file.file, f.begin.line, f.begin.column,
                         name_of(f.level), message_of(f), f.rule, f.confidence);
      out += excerpt_of(file.excerpts[i], f);
    }
    for (const Finding& f : file.scoped)
      out += fmt::format("{}:{}:{}: scoped: {} {} claim, by \"{}\"\n", file.file, f.begin.line, f.begin.column,
                         name_of(f.polarity), name_of(f.claim), f.scoped_by);
  }
  const auto errors = report.count(Level::error), warnings = report.count(Level::warning),
             notes = report.count(Level::note);
  out += fmt::format("{} documents: {} claims with a figure and {} without are bound to no evidence",
                     report.files.size(), errors, warnings);
  out += options.strict ? fmt::format("; {} doubtful\n", notes) : "\n";
  return out;
}

Json to_json(const CheckReport& report, const CheckOptions& options) {
  Json findings = Json::array(), scoped = Json::array(), documents = Json::array();
  for (const auto& file : report.files) {
    documents.push_back({{"file", file.file}, {"findings", file.findings.size()}, {"notes", file.notes}});
    for (const Finding& f : file.findings) {
      findings.push_back(json_of(file.file, f));
      findings.back()["reasons"] = reasons_of(f);
    }
    for (const Finding& f : file.scoped) {
      scoped.push_back(json_of(file.file, f));
      scoped.back()["scoped_by"] = f.scoped_by;
    }
  }
  Json out = {{"schema", "assay/check-claims/v1"},
              {"tool", {{"name", "assay"}, {"version", std::string(version())}}},
              {"config", {{"strict", options.strict}, {"rule_files", options.rule_files}}},
              {"counts",
               {{"documents", report.files.size()},
                {"error", report.count(Level::error)},
                {"warning", report.count(Level::warning)},
                {"note", report.count(Level::note)}}},
              {"documents", std::move(documents)},
              {"findings", std::move(findings)}};
  if (options.list) out["scoped"] = std::move(scoped);
  return out;
}

}  // namespace assay::claims
