// The commented config that `init` writes: every parameter with its default, unit and meaning.
// SPDX-License-Identifier: MIT
#include <algorithm>

#include "workload/workload.hpp"

namespace assay::workload {
namespace {

std::string toml_value(const Value& value) {
  if (!std::holds_alternative<std::string>(value)) return value_text(value);
  std::string text = "\"";
  for (const char c : std::get<std::string>(value)) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

std::string comment(const Parameter& p) {
  std::string text = p.doc;
  if (!p.unit.empty() && p.unit != "1") text += " [" + p.unit + "]";
  if (!p.choices.empty() && p.choices.size() > 1) {
    text += ": ";
    for (std::size_t i = 0; i < p.choices.size(); ++i) text += (i ? " | " : "") + p.choices[i];
  }
  return text;
}

}  // namespace

std::string Kind::example_config() const {
  std::string text = "# " + name + ": " + summary +
                     ".\n# Every key may be left out: the values here are the defaults. assay list " + name +
                     " shows units and ranges.\n\nworkload = \"" + name + "\"\n";
  const auto declared = parameters();
  std::string table;
  for (const auto& p : declared->all()) {
    const auto dot = p.key.rfind('.');
    const std::string in = dot == std::string::npos ? "" : p.key.substr(0, dot);
    if (in != table) {
      table = in;
      text += "\n[" + table + "]\n";
    }
    std::string line = p.key.substr(dot == std::string::npos ? 0 : dot + 1) + " = " + toml_value(p.fallback);
    line.resize(std::max<std::size_t>(line.size() + 2, 28), ' ');
    text += line + "# " + comment(p) + "\n";
  }
  if (!example_tables.empty()) text += "\n" + example_tables;
  text += "\n[scan.axes]\n" + example_axes + "\n";
  return text;
}

}  // namespace assay::workload
