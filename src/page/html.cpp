#include "page/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/number.hpp"

namespace assay::page {
namespace {

constexpr std::size_t kMostItems = 24;  // of an array in a cell; the artifact has the rest
constexpr std::size_t kMostRows = 200;
constexpr std::size_t kLongCell = 60;  // text that may break anywhere

bool is_table(const Json& value) {
  return value.is_array() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](const Json& row) { return row.is_object(); });
}

std::string table_of_objects(const Json& rows) {
  Table table;
  for (const Json& row : rows)
    for (const auto& [key, unused] : row.items())
      if (std::find(table.head.begin(), table.head.end(), key) == table.head.end()) table.head.push_back(key);
  for (const Json& row : rows) {
    if (table.rows.size() == kMostRows) break;
    std::vector<std::string> cells;
    for (const auto& key : table.head) cells.push_back(row.contains(key) ? value_html(row[key]) : "");
    table.rows.push_back(std::move(cells));
  }
  std::string more;
  if (rows.size() > kMostRows)
    more = "<p>" + std::to_string(rows.size() - kMostRows) + " more rows in the document</p>";
  return to_html(table) + more;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return out;
}

Tone tone_of(std::string_view word) {
  constexpr std::array good{"pass", "ok", "improved", "equivalent", "supported", "duplicate", "caught", "fit"};
  constexpr std::array bad{"fail",        "failed", "regressed", "contradicted",
                           "unsupported", "error",  "slipped",   "unfit"};
  if (std::find(good.begin(), good.end(), word) != good.end()) return Tone::good;
  return std::find(bad.begin(), bad.end(), word) != bad.end() ? Tone::bad : Tone::open;
}

std::string chip(std::string_view word) {
  constexpr std::array names{"good", "bad", "open"};
  const std::string name = names[static_cast<std::size_t>(tone_of(word))];
  return "<span class=\"chip " + name + "\">" + escaped(word) + "</span>";
}

std::string folded(std::string_view summary, const std::string& content) {
  return "<details><summary>" + escaped(summary) + "</summary>\n" + content + "</details>\n";
}

std::string to_html(const Table& table) {
  std::string html = "<div class=\"wide\"><table>\n<thead><tr>";
  for (const auto& name : table.head) html += "<th>" + escaped(name) + "</th>";
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (const auto& cell : row)
      html += (cell.size() > kLongCell && cell[0] != '<' ? "<td class=\"long\">" : "<td>") + cell + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

const Json& list_at(const Json& object, const char* key) {
  static const Json none = Json::array();
  return object.is_object() && object.contains(key) && object[key].is_array() ? object[key] : none;
}

std::string value_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "\u2013";
  if (value.is_number_float()) return number_text(value.get<double>());
  if (!value.is_array()) return to_text(value, 0);
  std::string text;
  for (std::size_t i = 0; i < std::min(value.size(), kMostItems); ++i)
    text += (i == 0 ? "" : ", ") + value_text(value[i]);
  if (value.size() > kMostItems) text += ", \u2026 (" + std::to_string(value.size()) + " values)";
  return "[" + text + "]";
}

std::string rounded_html(const Json& value) {
  if (value.is_number_float())
    return fmt::format("<span title=\"{}\">{:.6g}</span>", value_text(value), value.get<double>());
  if (!value.is_array() || value.size() > kMostItems) return escaped(value_text(value));
  std::string html;
  for (const Json& item : value) html += (html.empty() ? "" : ", ") + rounded_html(item);
  return "[" + html + "]";
}

std::string value_html(const Json& value) {
  if (is_table(value)) return table_of_objects(value);
  if (!value.is_object()) return rounded_html(value);
  Table table{.head = {}, .rows = {}};
  for (const auto& [key, member] : value.items())
    table.rows.push_back({"<span class=\"key\">" + escaped(key) + "</span>", value_html(member)});
  return to_html(table);
}

}  // namespace assay::page
