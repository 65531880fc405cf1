// GitHub's workflow commands and step summary.
// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/formats.hpp"

namespace assay::report {
namespace {

constexpr std::size_t most_rows = 100;  // of the summary, which may hold 1 MiB

enum class Part { data, property };

std::string escaped(std::string_view text, Part part) {
  std::string out;
  for (const char c : text) {
    if (c == '%')
      out += "%25";
    else if (c == '\r')
      out += "%0D";
    else if (c == '\n')
      out += "%0A";
    else if (part == Part::property && c == ':')
      out += "%3A";
    else if (part == Part::property && c == ',')
      out += "%2C";
    else
      out += c;
  }
  return out;
}

std::string_view command_of(Level level) {
  return level == Level::note ? "notice" : name_of(level);
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c == '|')
      out += "\\|";
    else
      out += c == '\n' || c == '\r' ? ' ' : c;
  return out;
}

}  // namespace

std::string to_github_annotations(const Report& report) {
  std::string out;
  for (const auto level : {Level::error, Level::warning, Level::note})
    for (const auto& f : report.findings) {
      if (f.suppression || f.level != level) continue;
      out += fmt::format("::{} file={},line={}", command_of(level), escaped(f.place.file, Part::property),
                         std::max(f.place.line, 1u));
      if (f.place.line_end > 0 && f.place.line_end == f.place.line)
        out += fmt::format(",col={},endColumn={}", f.place.column, f.place.column_end);
      const auto message = f.hint.empty() ? f.message : f.message + "\n" + f.hint;
      out += fmt::format(",title={}::{}\n", escaped(f.rule, Part::property), escaped(message, Part::data));
    }
  return out;
}

std::string to_step_summary(const Report& report) {
  auto out = fmt::format("### {}\n\n{} errors, {} warnings, {} notes\n", report.tool,
                         count(report.findings, Level::error), count(report.findings, Level::warning),
                         count(report.findings, Level::note));
  std::map<std::string, std::size_t> states;
  for (const auto& check : report.checks) ++states[check.state];
  if (!states.empty()) out += "\n| state | checks |\n|---|---|\n";
  for (const auto& [state, n] : states) out += fmt::format("| {} | {} |\n", cell(state), n);
  std::string rows;
  std::size_t shown = 0, open = 0;
  for (const auto& f : report.findings) {
    if (f.suppression || f.level == Level::note) continue;
    ++open;
    if (shown++ < most_rows)
      rows += fmt::format("| `{}` | {} | {} |\n", cell(to_text(f.place)), f.rule, cell(f.message));
  }
  if (open > 0) out += "\n| place | rule | message |\n|---|---|---|\n" + rows;
  if (open > most_rows) out += fmt::format("\n{} more are not shown.\n", open - most_rows);
  return out;
}

}  // namespace assay::report
