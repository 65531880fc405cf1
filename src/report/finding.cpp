// Findings as text.
// SPDX-License-Identifier: MIT
#include "report/finding.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::report {
namespace {

constexpr std::size_t excerpt_columns = 110;

// Byte at which each code point starts, up to a limit: a line may be as long as a file.
std::vector<std::size_t> code_points(std::string_view line, std::size_t most) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < line.size() && starts.size() <= most; ++i)
    if ((static_cast<unsigned char>(line[i]) & 0xc0) != 0x80) starts.push_back(i);
  return starts;
}

}  // namespace

std::string_view name_of(Level level) {
  switch (level) {
    case Level::error: return "error";
    case Level::warning: return "warning";
    default: return "note";
  }
}

std::string to_text(const Place& place) {
  if (place.line == 0) return place.file;
  return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

std::size_t count(const std::vector<Finding>& findings, Level level) {
  return static_cast<std::size_t>(std::count_if(
      findings.begin(), findings.end(), [&](const Finding& f) { return f.level == level && !f.suppression; }));
}

std::string excerpt(const Finding& f) {
  if (f.source_line.empty() || f.place.line == 0 || f.place.column == 0) return {};
  const std::size_t first = f.place.column - 1;
  const bool one_line = f.place.line_end <= f.place.line;
  const std::size_t wanted =
      one_line ? std::max<std::size_t>(f.place.column_end, first + 2) - 1 : first + excerpt_columns;
  const auto starts = code_points(f.source_line, std::max(wanted, first) + excerpt_columns);
  const auto count = starts.size();
  if (first >= count) return {};
  const auto last = std::min(wanted, count);
  std::size_t from = 0;
  if (last > excerpt_columns) from = first > 20 ? first - 20 : 0;
  const auto to = std::min(count, from + excerpt_columns);
  const auto byte = [&](std::size_t c) { return c < count ? starts[c] : f.source_line.size(); };
  auto shown = f.source_line.substr(byte(from), byte(to) - byte(from));
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  const auto carets = std::max<std::size_t>(1, std::min(last, to) - first);
  return fmt::format("    | {}\n    | {}{}\n", shown, std::string(first - from, ' '), std::string(carets, '^'));
}

std::string to_text(const Finding& f) {
  if (f.suppression) return {};
  auto out = fmt::format("{}: {}: {} [{}]\n", to_text(f.place), name_of(f.level), f.message, f.rule);
  out += excerpt(f);
  for (const auto& r : f.related) out += fmt::format("    {}: {}\n", to_text(r.place), r.message);
  if (!f.hint.empty()) out += fmt::format("    {}\n", f.hint);
  return out;
}

std::string to_text(const std::vector<Finding>& findings) {
  std::string out;
  for (const auto& f : findings) out += to_text(f);
  return out;
}

}  // namespace assay::report
