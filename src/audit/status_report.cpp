// A status as JSON, Markdown, text and badge.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "audit/status.hpp"

namespace assay::audit {
namespace {

Json requirements_json(const std::vector<Requirement>& list) {
  Json json = Json::array();
  for (const Requirement& r : list) {
    json.push_back({{"name", r.name},
                    {"satisfied", r.satisfied},
                    {"contradicted", r.contradicted},
                    {"blockers", r.blockers}});
  }
  return json;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  }
  return out;
}

/// In a cell of a Markdown table.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? "\\|" : c == '\n' ? " " : std::string(1, c);
  return out;
}

}  // namespace

Json to_json(const Status& status) {
  Json lanes = Json::array(), levels = Json::array();
  for (const LaneStatus& l : status.lanes) {
    lanes.push_back({{"name", l.lane.name},
                     {"summary", l.lane.summary},
                     {"readiness", word(l.readiness)},
                     {"requirements", requirements_json(l.ladder)}});
  }
  for (const LevelStatus& l : status.levels) {
    levels.push_back({{"name", l.name},
                      {"title", l.title},
                      {"reached", l.reached()},
                      {"needs", requirements_json(l.needs)}});
  }
  return {{"title", status.title},
          {"satisfied", status.satisfied},
          {"requirements", status.total},
          {"percent", status.percent()},
          {"evidence_errors", status.evidence_errors},
          {"lanes", lanes},
          {"levels", levels}};
}

std::string to_markdown(const Status& status) {
  std::string text = fmt::format("# {}\n\n{} of {} requirements are satisfied ({:.1f} %).\n\n", status.title,
                                 status.satisfied, status.total, status.percent());
  text += "| lane | readiness |";
  for (const Requirement& r : status.lanes.front().ladder) text += " " + r.name + " |";
  text += "\n|---|---|";
  for (std::size_t i = 0; i < status.lanes.front().ladder.size(); ++i) text += "---|";
  text += '\n';
  for (const LaneStatus& l : status.lanes) {
    text += "| " + cell(l.lane.name) + " | " + word(l.readiness) + " |";
    for (const Requirement& r : l.ladder)
      text += r.satisfied ? " yes |" : r.contradicted ? " **no** |" : " missing |";
    text += '\n';
  }
  if (!status.levels.empty()) text += "\n| level | reached | |\n|---|---|---|\n";
  for (const LevelStatus& l : status.levels) {
    text += fmt::format("| {} | {} | {} |\n", cell(l.name), l.reached() ? "yes" : "no", cell(l.title));
  }
  std::string blockers;
  const auto add = [&](const std::string& of, const std::vector<Requirement>& list) {
    for (const Requirement& r : list) {
      for (const std::string& b : r.blockers) blockers += "- " + of + ", " + r.name + ": " + b + "\n";
    }
  };
  for (const LaneStatus& l : status.lanes) add(l.lane.name, l.ladder);
  for (const LevelStatus& l : status.levels) add(l.name, l.needs);
  return blockers.empty() ? text : text + "\n## What is missing\n\n" + blockers;
}

std::string to_text(const Status& status) {
  std::string text;
  for (const LaneStatus& l : status.lanes) {
    text += fmt::format("{:<14} {}\n", word(l.readiness), l.lane.name);
    for (const Requirement& r : l.ladder) {
      text += fmt::format("  {:<11} {}\n", r.name, r.satisfied ? "yes" : r.contradicted ? "NO" : "missing");
      for (const std::string& b : r.blockers) text += "    " + b + "\n";
    }
  }
  for (const LevelStatus& l : status.levels) {
    text += fmt::format("{:<14} {}{}\n", l.reached() ? "reached" : "not reached", l.name,
                        l.title.empty() ? "" : ": " + l.title);
    for (const Requirement& r : l.needs) {
      for (const std::string& b : r.blockers) text += "    " + b + "\n";
    }
  }
  return text + fmt::format("{} of {} requirements ({:.1f} %), {} violations in the evidence", status.satisfied,
                            status.total, status.percent(), status.evidence_errors);
}

std::string to_svg(const Status& status) {
  const std::string value = fmt::format("{:.0f} %", status.percent());
  const char* colour = status.contradicted() || status.evidence_errors > 0 ? "#c03030"
                       : status.satisfied == status.total                  ? "#2a7d2a"
                                                                           : "#a06a00";
  const auto width = [](const std::string& s) { return 12 + 7 * static_cast<int>(s.size()); };
  const int left = width(status.title), right = width(value);
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"20\" role=\"img\" aria-label=\"{1}: "
      "{2}\">"
      "<title>{1}: {2}</title><rect width=\"{0}\" height=\"20\" rx=\"3\" fill=\"#444\"/>"
      "<rect x=\"{3}\" width=\"{4}\" height=\"20\" rx=\"3\" fill=\"{5}\"/>"
      "<g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\" text-anchor=\"middle\">"
      "<text x=\"{6}\" y=\"14\">{1}</text><text x=\"{7}\" y=\"14\">{2}</text></g></svg>\n",
      left + right, escaped(status.title), value, left, right, colour, left / 2, left + right / 2);
}

}  // namespace assay::audit
