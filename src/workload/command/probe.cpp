// SPDX-License-Identifier: MIT
#include "workload/command/probe.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/npy.hpp"
#include "core/number.hpp"
#include "core/text.hpp"
#include "plan/points.hpp"

namespace assay::workload::command {
namespace {

constexpr std::size_t kExcerptBytes = 400;
constexpr std::size_t kMostValues = 1'000'000;  // of one observable

[[noreturn]] void missing(const Probe& probe, const Source& source, const std::string& why) {
  std::string text = "no observable \"" + probe.name + "\": " + why;
  if (!source.whole) text += " in the kept parts";
  text += "; " + std::string(source.name);
  text += trimmed(source.tail).empty() ? " is empty" : " ends with: " + excerpt(source.tail);
  throw WorkloadError(text);
}

/// A number as programs write it: also with a leading '+' and with Fortran's D exponent.
std::optional<double> number_in(std::string_view text) {
  std::string plain(trimmed(text));
  if (plain.size() > 1 && plain.front() == '+' && plain[1] != '-') plain.erase(0, 1);
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return c == 'd' || c == 'D'; }, 'e');
  return parse_double(plain);
}

plan::ObservableValue value_of(const Probe& probe, const Source& source, std::string_view text) {
  if (probe.type == ValueType::text) return std::string(text);
  const auto number = number_in(text);
  const std::string found = "\"" + std::string(text.substr(0, kExcerptBytes)) + "\"";
  if (!number) missing(probe, source, found + " is no number");
  if (!std::isfinite(*number)) missing(probe, source, found + " is not finite");
  if (probe.type == ValueType::integer && std::trunc(*number) != *number)
    missing(probe, source, found + " is no integer");
  return *number;
}

/// Several values as one array of reals; texts cannot be one.
plan::ObservableValue array_of(const Probe& probe, const Source& source,
                               const std::vector<std::string>& texts) {
  std::vector<double> values;
  for (const auto& text : texts) values.push_back(std::get<double>(value_of(probe, source, text)));
  return values;
}

std::string group_of(const std::vector<re2::StringPiece>& groups) {
  const auto& piece = groups.size() > 1 ? groups[1] : groups[0];
  return piece.data() == nullptr ? std::string() : std::string(piece);
}

plan::ObservableValue by_pattern(const Probe& probe, const Source& source) {
  // The first match of a cut text is one of its beginning, the last one of its end: both are those of the
  // whole.
  const std::string_view text = probe.take == Take::first ? source.head : source.tail;
  if (probe.take == Take::all && !source.whole)
    missing(probe, source, "the output is longer than output_limit, and all matches are asked for");
  const re2::RE2& pattern = *probe.pattern;
  std::vector<re2::StringPiece> groups(pattern.NumberOfCapturingGroups() > 0 ? 2 : 1);
  std::vector<std::string> found;
  for (std::size_t at = 0; at <= text.size() && found.size() < kMostValues;) {
    const bool hit = pattern.Match({text.data(), text.size()}, at, text.size(), re2::RE2::UNANCHORED,
                                   groups.data(), static_cast<int>(groups.size()));
    if (!hit) break;
    if (probe.take != Take::all) found.clear();
    found.push_back(group_of(groups));
    if (probe.take == Take::first) break;
    const auto end = static_cast<std::size_t>(groups[0].data() + groups[0].size() - text.data());
    at = groups[0].empty() ? end + 1 : end;
  }
  if (found.empty()) missing(probe, source, "nothing matches /" + probe.what + "/");
  return probe.is_array() ? array_of(probe, source, found) : value_of(probe, source, found.front());
}

plan::ObservableValue json_value(const Probe& probe, const Source& source, const Json& node) {
  if (node.is_string()) return value_of(probe, source, node.get_ref<const std::string&>());
  if (node.is_boolean() && probe.type != ValueType::text) return node.get<bool>() ? 1.0 : 0.0;
  return value_of(probe, source, to_text(node, 0));
}

plan::ObservableValue by_pointer(const Probe& probe, const Source& source) {
  if (!source.whole)
    missing(probe, source, "the output is longer than output_limit, so it is no whole document");
  Json document;
  try {
    document = parse_json(source.head, source.name);
  } catch (const UserError& e) {
    missing(probe, source, std::string("not valid JSON (") + e.problem().what + ")");
  }
  const nlohmann::json_pointer<std::string> pointer(probe.what);
  if (!document.contains(pointer)) missing(probe, source, "no value at " + probe.what);
  const Json& node = document.at(pointer);
  if (!probe.is_array()) {
    if (node.is_structured() && probe.type != ValueType::text)
      missing(probe, source, "the value at " + probe.what + " is no single number");
    return json_value(probe, source, node);
  }
  if (!node.is_array()) missing(probe, source, "the value at " + probe.what + " is no array");
  std::vector<double> values;
  for (const auto& element : node) values.push_back(std::get<double>(json_value(probe, source, element)));
  return values;
}

plan::ObservableValue by_column(const Probe& probe, const Source& source) {
  if (!source.whole)
    missing(probe, source, "the output is longer than output_limit, so it is no whole document");
  plan::AxisGroup table;
  try {
    table = plan::points_of_csv_text(source.head, source.name);
  } catch (const UserError& e) {
    missing(probe, source, std::string("not a CSV table (") + e.problem().what + ")");
  }
  const auto column = std::find_if(table.axes.begin(), table.axes.end(),
                                   [&](const plan::Axis& a) { return a.name() == probe.what; });
  if (column == table.axes.end()) missing(probe, source, "no column \"" + probe.what + "\"");
  const auto rows = static_cast<long>(column->size());
  if (probe.is_array()) {
    std::vector<std::string> texts;
    for (long i = 0; i < rows; ++i) texts.push_back(value_text(column->at(static_cast<std::size_t>(i))));
    return array_of(probe, source, texts);
  }
  const long row = probe.row < 0 ? rows + probe.row : probe.row;
  if (row < 0 || row >= rows) {
    missing(probe, source, "no row " + std::to_string(probe.row) + " in a table of " + std::to_string(rows));
  }
  return value_of(probe, source, value_text(column->at(static_cast<std::size_t>(row))));
}

plan::ObservableValue by_index(const Probe& probe, const Source& source) {
  const auto refuse = [&](const std::string& why) {
    throw WorkloadError("no observable \"" + probe.name + "\": " + std::string(source.name) + ": " + why);
  };
  try {
    const NpyHeader header = read_npy_header(npy_source(source.head, std::string(source.name)));
    const auto element = [&](std::uint64_t position) {
      const double value = npy_element(source.head, header, position);
      if (!std::isfinite(value)) refuse("element " + index_text(header, position) + " is not finite");
      if (probe.type == ValueType::integer && std::trunc(value) != value)
        refuse("element " + index_text(header, position) + " is no integer: " + number_text(value));
      return value;
    };
    if (probe.is_array()) {
      if (header.elements > kMostValues) refuse("an array of " + std::to_string(header.elements) + " elements");
      std::vector<double> values;
      for (std::uint64_t i = 0; i < header.elements; ++i) values.push_back(element(i));
      return values;
    }
    const bool single = probe.index.empty() && header.elements == 1;
    const auto position = single ? std::optional<std::uint64_t>(0) : npy_position(header, probe.index);
    if (!position) {
      refuse((probe.index.empty() ? std::string("no index is given") : "there is no element with this index") +
             " for an array of shape " + shape_text(header.shape));
    }
    return element(*position);
  } catch (const UserError& e) {
    refuse(e.problem().what);
  }
  return 0.0;
}

plan::ObservableValue by_line(const Source& source) {
  std::string_view text = source.tail;
  while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  const auto newline = text.rfind('\n');
  const std::string_view line = trimmed(newline == std::string_view::npos ? text : text.substr(newline + 1));
  if (line.empty()) return std::string();
  const auto number = number_in(line);
  if (number && std::isfinite(*number)) return *number;
  return std::string(line);
}

plan::ObservableValue whole_output(const Probe& probe, const Source& source) {
  if (!source.whole) missing(probe, source, "the output is longer than output_limit");
  std::string_view text = source.head;
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

std::string excerpt(std::string_view text) {
  text = trimmed(text);
  const bool cut = text.size() > kExcerptBytes;
  if (cut) text.remove_prefix(text.size() - kExcerptBytes);
  return std::string(cut ? "\"..." : "\"") + std::string(text) + "\"";
}

plan::ObservableValue read_value(const Probe& probe, const Source& source) {
  switch (probe.kind) {
    case ProbeKind::regex: return by_pattern(probe, source);
    case ProbeKind::json: return by_pointer(probe, source);
    case ProbeKind::csv: return by_column(probe, source);
    case ProbeKind::npy: return by_index(probe, source);
    case ProbeKind::last_line: return by_line(source);
    default: return whole_output(probe, source);
  }
}

plan::ObservableValue measured_value(const Probe& probe, const AttemptResult& result) {
  switch (probe.kind) {
    case ProbeKind::wall: return result.wall_seconds;
    case ProbeKind::cpu: return result.cpu_seconds();
    case ProbeKind::peak_memory: return static_cast<double>(result.end.max_rss_kib) * 1024.0;
    default: return static_cast<double>(result.end.exit_code);
  }
}

}  // namespace assay::workload::command
