#include "report/documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/sha256.hpp"

namespace assay::report {
namespace {

constexpr std::array holds{"pass", "improved", "equivalent", "ok"};
constexpr std::array fails{"fail", "regressed"};

template <std::size_t N>
bool is_one_of(const std::array<const char*, N>& words, const std::string& word) {
  return std::any_of(words.begin(), words.end(), [&](const char* other) { return word == other; });
}

std::string text(const Json& object, const char* key) {
  return object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : std::string();
}

void add(Report& report, std::string rule, Level level, const Place& place, std::string subject,
         std::string message, std::string hint) {
  Finding finding{.rule = std::move(rule),
                  .level = level,
                  .place = place,
                  .subject = std::move(subject),
                  .message = std::move(message),
                  .hint = std::move(hint)};
  finding.fingerprint = sha256_hex(finding.rule + "\n" + place.file + "\n" + finding.subject);
  report.findings.push_back(std::move(finding));
}

/// "bench.paired: new against old", "files.table".
std::string name_of_verdict(const Json& verdict) {
  const auto candidate = text(verdict, "candidate");
  return text(verdict, "gate") +
         (candidate.empty() ? "" : ": " + candidate + " against " + text(verdict, "reference"));
}

std::vector<std::string> reasons_of(const Json& verdict) {
  std::vector<std::string> reasons;
  for (const Json& blocker : verdict.value("blockers", Json::array()))
    if (blocker.is_string()) reasons.push_back(blocker);
  if (!verdict.contains("observables") || !verdict["observables"].is_array()) return reasons;
  for (const Json& o : verdict["observables"]) {
    if (!o.is_object() || text(o, "verdict") == "pass" || text(o, "verdict").empty()) continue;
    reasons.push_back(fmt::format("{}: {}, {} holds, {} is required", text(o, "name"), text(o, "verdict"),
                                  text(o, "level"), text(o, "required")));
  }
  return reasons;
}

void add_verdicts(Report& report, const DocumentSource& source) {
  for (const Json& verdict : source.document->value("verdicts", Json::array())) {
    const auto word = text(verdict, "verdict");
    const Place place{.file = source.path};
    const auto name = source.path + ": " + name_of_verdict(verdict);
    Check check{.name = name, .place = place, .state = word, .problems = {}};
    if (!is_one_of(holds, word)) {
      check.problems = reasons_of(verdict);
      if (check.problems.empty()) check.problems.push_back("the verdict is " + word);
      const bool failed = is_one_of(fails, word);
      add(report, failed ? "verdict-failed" : "verdict-open", failed ? Level::error : Level::warning, place,
          name, fmt::format("{}: {}; {}", name_of_verdict(verdict), word, check.problems.front()),
          failed ? "read the document: the first difference stands in it"
                 : "more data, or a quieter machine, may decide");
    }
    report.checks.push_back(std::move(check));
  }
}

void add_tasks(Report& report, const DocumentSource& source) {
  std::size_t without = 0, first = 0, tasks = 0;
  for (const Json& row : source.document->value("results", Json::array())) {
    const auto status = text(row, "status");
    if (status != "ok" && status != "duplicate" && without++ == 0) first = row.value("index", std::size_t{0});
    ++tasks;
  }
  if (tasks == 0) return;
  const Place place{.file = source.path};
  Check check{.name = source.path + ": every task has a result", .place = place, .state = "ok", .problems = {}};
  if (without > 0) {
    check.state = "failed";
    check.problems = {
        fmt::format("{} of {} tasks have no result, the first is task {}", without, tasks, first)};
    add(report, "task-without-result", Level::error, place, check.name, check.problems.front(),
        "run it again with --resume, or see the task's own message");
  }
  report.checks.push_back(std::move(check));
}

void pass_on_findings(Report& report, const DocumentSource& source) {
  for (const Json& row : source.document->value("findings", Json::array())) {
    if (!row.is_object()) continue;
    const auto level = text(row, "level");
    Place place{.file = text(row, "file")};
    if (place.file.empty()) place.file = source.path;
    place.line = row.value("line", 0U);
    place.column = row.value("column", 0U);
    place.line_end = row.value("line_end", place.line);
    place.column_end = row.value("column_end", place.column);
    add(report, text(row, "rule"),
        level == "error"     ? Level::error
        : level == "warning" ? Level::warning
                             : Level::note,
        place, fmt::format("{}:{}:{}", place.file, place.line, place.column), text(row, "message"),
        text(row, "hint"));
  }
}

std::vector<Rule> rules_of(const std::vector<Finding>& findings) {
  std::vector<Rule> rules;
  for (const auto& finding : findings) {
    const bool known =
        std::any_of(rules.begin(), rules.end(), [&](const Rule& r) { return r.id == finding.rule; });
    if (!known)
      rules.push_back(
          {.id = finding.rule, .summary = finding.rule, .help = finding.hint, .level = finding.level});
  }
  return rules;
}

}  // namespace

Report report_of(const std::vector<DocumentSource>& sources) {
  Report report{.tool = "assay report", .rules = {}, .findings = {}, .checks = {}};
  for (const auto& source : sources) {
    const Place place{.file = source.path, .line = source.line, .column = source.column};
    for (const auto& problem : source.problems)
      add(report, source.readable ? "document-changed" : "document-unreadable", Level::error, place,
          source.path, problem, "restore it, or run what made it again");
    if (!source.document->is_object()) continue;
    try {
      add_verdicts(report, source);
      add_tasks(report, source);
      pass_on_findings(report, source);
    } catch (const nlohmann::json::exception& e) {  // a part of another type than the schema says
      add(report, "document-damaged", Level::error, {.file = source.path}, source.path,
          std::string("a part of it is not what its schema says: ") + e.what(),
          "restore it, or run what made it again");
    }
  }
  report.rules = rules_of(report.findings);
  return report;
}

}  // namespace assay::report
