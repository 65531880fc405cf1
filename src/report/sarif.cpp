// SARIF 2.1.0.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/version.hpp"
#include "report/formats.hpp"

namespace assay::report {
namespace {

// A path as a URI reference: what is no unreserved character is escaped.
std::string uri_of(const std::string& path) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) || std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain && byte < 0x80)
      out += c;
    else
      out += {'%', hex[byte >> 4], hex[byte & 15]};
  }
  return out.starts_with('/') ? "file://" + out : out;
}

Json region_of(const Place& p) {
  Json region = {{"startLine", std::max(p.line, 1u)}, {"startColumn", std::max(p.column, 1u)}};
  if (p.line_end > 0) region["endLine"] = p.line_end, region["endColumn"] = p.column_end;
  return region;
}

Json location_of(const Place& p) {
  return {{"physicalLocation", {{"artifactLocation", {{"uri", uri_of(p.file)}}}, {"region", region_of(p)}}}};
}

Json rule_of(const Rule& rule) {
  return {{"id", rule.id},
          {"shortDescription", {{"text", rule.summary}}},
          {"help", {{"text", rule.help}}},
          {"defaultConfiguration", {{"level", name_of(rule.level)}}}};
}

Json fix_of(const Finding& f) {
  Json replacements = Json::array();
  for (const auto& edit : f.fixes)
    replacements.push_back(
        {{"deletedRegion", region_of(edit.place)}, {"insertedContent", {{"text", edit.text}}}});
  return {{"description", {{"text", f.hint.empty() ? f.message : f.hint}}},
          {"artifactChanges",
           {{{"artifactLocation", {{"uri", uri_of(f.place.file)}}}, {"replacements", replacements}}}}};
}

Json result_of(const Finding& f, const Report& report) {
  const auto message = f.hint.empty() ? f.message : f.message + ". " + f.hint;
  Json result = {{"ruleId", f.rule}};
  const auto rule =
      std::find_if(report.rules.begin(), report.rules.end(), [&](const Rule& r) { return r.id == f.rule; });
  if (rule != report.rules.end()) result["ruleIndex"] = rule - report.rules.begin();
  result["level"] = name_of(f.level);
  result["message"] = {{"text", message}};
  result["locations"] = Json::array({location_of(f.place)});
  if (!f.fingerprint.empty()) result["partialFingerprints"] = {{"findingContext/v1", f.fingerprint}};
  for (const auto& r : f.related) {
    Json location = location_of(r.place);
    location["message"] = {{"text", r.message}};
    result["relatedLocations"].push_back(std::move(location));
  }
  if (!f.fixes.empty()) result["fixes"] = Json::array({fix_of(f)});
  if (f.suppression)
    result["suppressions"] = {{{"kind", f.suppression->kind},
                               {"status", "accepted"},
                               {"justification", f.suppression->justification}}};
  if (!f.baseline_state.empty()) result["baselineState"] = f.baseline_state;
  return result;
}

}  // namespace

Json to_sarif(const Report& report) {
  Json rules = Json::array(), results = Json::array();
  for (const auto& rule : report.rules) rules.push_back(rule_of(rule));
  for (const auto& finding : report.findings) results.push_back(result_of(finding, report));
  const Json driver = {{"name", report.tool}, {"version", std::string(version())}, {"rules", std::move(rules)}};
  const Json run = {
      {"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
  return {
      {"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs", Json::array({run})}};
}

}  // namespace assay::report
