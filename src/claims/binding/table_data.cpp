// CSV and JSON rows.
// SPDX-License-Identifier: MIT
#include "claims/binding/table_data.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/number.hpp"

namespace assay::claims {
namespace {

class CsvTable : public TableData {
 public:
  explicit CsvTable(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    std::size_t at = 0, line = 1;
    while (at < text.size()) {
      const auto first_line = line;
      auto record = next(text, at, line);
      const bool blank = record.size() == 1 && record[0].empty();
      const bool comment = head_.empty() && record[0].starts_with('#');
      if (blank || comment) continue;
      if (head_.empty()) {
        head_ = std::move(record);
      } else {
        records_.push_back(std::move(record));
        lines_.push_back(first_line);
      }
    }
  }
  std::size_t rows() const override { return records_.size(); }
  std::vector<std::string> fields() const override { return head_; }
  std::size_t line_of(std::size_t row) const override { return lines_[row]; }
  std::optional<std::string> cell(std::size_t row, std::string_view field) const override {
    const auto column = static_cast<std::size_t>(std::find(head_.begin(), head_.end(), field) - head_.begin());
    if (column >= head_.size() || column >= records_[row].size()) return std::nullopt;
    return records_[row][column];
  }

 private:
  static std::vector<std::string> next(std::string_view text, std::size_t& at, std::size_t& line) {
    std::vector<std::string> record(1);
    bool quoted = false;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      if (quoted) {
        if (c == '\n') ++line;
        if (c != '"')
          record.back() += c;
        else if (at + 1 < text.size() && text[at + 1] == '"')
          record.back() += text[at++];
        else
          quoted = false;
      } else if (c == '"' && record.back().empty()) {
        quoted = true;
      } else if (c == ',') {
        record.emplace_back();
      } else if (c == '\n') {
        ++at, ++line;
        break;
      } else if (c != '\r') {
        record.back() += c;
      }
    }
    return record;
  }

  std::vector<std::string> head_;
  std::vector<std::vector<std::string>> records_;
  std::vector<std::size_t> lines_;
};

class JsonTable : public TableData {
 public:
  explicit JsonTable(const Json& rows) : rows_(rows) {}
  std::size_t rows() const override { return rows_.is_array() ? rows_.size() : 0; }
  std::size_t line_of(std::size_t) const override { return 0; }
  std::vector<std::string> fields() const override {
    std::vector<std::string> names;
    if (rows() == 0 || !rows_[0].is_object()) return names;
    for (const auto& [key, value] : rows_[0].items()) {
      if (!value.is_structured()) names.push_back(key);
      if (value.is_object())
        for (const auto& [inner, scalar] : value.items())
          if (!scalar.is_structured()) names.push_back(key + "." + inner);
    }
    return names;
  }
  std::optional<std::string> cell(std::size_t row, std::string_view field) const override {
    const Json* found = path(rows_[row], field);
    for (const char* inner : {"point", "observables"})
      if (!found && rows_[row].is_object() && rows_[row].contains(inner))
        found = path(rows_[row][inner], field);
    if (!found || found->is_structured() || found->is_null()) return std::nullopt;
    return scalar_text(*found);
  }

 private:
  static const Json* path(const Json& at, std::string_view field) {
    if (!at.is_object()) return nullptr;
    if (const auto direct = at.find(field); direct != at.end()) return &*direct;
    for (auto dot = field.find('.'); dot != std::string_view::npos; dot = field.find('.', dot + 1))
      if (const auto inner = at.find(field.substr(0, dot)); inner != at.end())
        return path(*inner, field.substr(dot + 1));
    return nullptr;
  }
  const Json& rows_;
};

}  // namespace

std::vector<std::size_t> TableData::find(const Where& where) const {
  std::vector<std::size_t> out;
  for (std::size_t row = 0; row < rows(); ++row) {
    const bool fits = std::all_of(where.begin(), where.end(), [&](const auto& condition) {
      const auto value = cell(row, condition.first);
      return value && same_value(*value, condition.second);
    });
    if (fits) out.push_back(row);
  }
  return out;
}

std::unique_ptr<TableData> csv_table(std::string_view text) {
  return std::make_unique<CsvTable>(text);
}
std::unique_ptr<TableData> json_table(const Json& rows) {
  return std::make_unique<JsonTable>(rows);
}

std::string scalar_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return number_text(value.get<double>());
  return value.dump();
}

bool same_value(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto x = parse_double(a), y = parse_double(b);
  if (!x || !y) return false;
  return std::abs(*x - *y) <= 1e-12 * std::max(std::abs(*x), std::abs(*y));
}

}  // namespace assay::claims
