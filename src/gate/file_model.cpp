// Tables, free text and JSON as arrays that can be changed and written back.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/file.hpp"
#include "core/json.hpp"
#include "core/number.hpp"
#include "gate/array_model.hpp"
#include "gate/column.hpp"
#include "gate/file_fault.hpp"
#include "gate/table.hpp"

namespace assay::gate {
namespace {

constexpr std::size_t most_rows = 20'000;

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

/// Finds by name; nullptr for an observable that a fault took away.
const Observable* find(const Observables& set, const std::string& name) {
  const auto it = std::find_if(set.begin(), set.end(), [&](const Observable& o) { return o.name == name; });
  return it == set.end() ? nullptr : &*it;
}

/// Cells that make up one array, in order.
struct CellArray {
  Observable observable;
  std::vector<std::pair<std::size_t, std::size_t>> cells;  ///< row, column
};

class TableModel final : public FileModel {
 public:
  TableModel(const std::filesystem::path& path, Rules& rules, bool free_text) : free_text_(free_text) {
    Input input(path);
    const TableFormat format = free_text ? TableFormat{' ', true} : guess_format(input);
    delimiter_ = format.delimiter;
    TableReader reader(input, format);
    std::vector<std::string> names;
    bool more = reader.next();
    if (more && !free_text) {
      const TableHeader header = header_of(reader);
      names = header.names;
      if (header.named) {
        rows_.emplace_back(reader.fields().begin(), reader.fields().end());
        first_row_ = 1;
        more = reader.next();
      }
    }
    for (; more && rows_.size() < most_rows; more = reader.next()) {
      rows_.emplace_back(reader.fields().begin(), reader.fields().end());
    }
    free_text ? gather_words(rules) : gather_columns(names, rules);
  }

  [[nodiscard]] Observables observables() const override {
    Observables set;
    for (const CellArray& a : arrays_) set.push_back(a.observable);
    return set;
  }

  void write(const Observables& changed, const std::filesystem::path& path) const override {
    auto rows = rows_;
    std::vector<std::size_t> lost_columns;
    for (const CellArray& a : arrays_) {
      const Observable* now = find(changed, a.observable.name);
      if (now == nullptr) {
        lost_columns.push_back(a.cells.empty() ? 0 : a.cells.front().second);
        if (free_text_) rows.clear();
      } else {
        put(a, *now, rows);
      }
    }
    std::string text;
    for (const auto& row : rows) {
      std::string line;
      bool first = true;
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (std::find(lost_columns.begin(), lost_columns.end(), c) != lost_columns.end()) continue;
        if (!first) line += delimiter_;
        first = false;
        line += quoted(row[c]);
      }
      text += line + "\n";
    }
    write_text(path, text);
  }

 private:
  void gather_columns(const std::vector<std::string>& names, Rules& rules) {
    for (std::size_t c = 0; c < names.size(); ++c) {
      const auto required = rules.of(names[c]);
      if (!required) continue;
      CellArray a{{names[c], {}, *required}, {}};
      bool numbers = true;
      for (std::size_t r = first_row_; r < rows_.size(); ++r) {
        const Cell cell = read_cell(rows_[r].at(c));
        numbers = numbers && (cell.kind == Cell::Kind::real || cell.kind == Cell::Kind::integer);
        a.cells.emplace_back(r, c);
      }
      for (const auto& [r, column] : a.cells) {
        const std::string& text = rows_[r][column];
        if (numbers) a.observable.values.push_back(number_in(text));
        if (!numbers) a.observable.words.push_back(text);
      }
      arrays_.push_back(std::move(a));
    }
  }

  void gather_words(Rules& rules) {
    const auto required = rules.of("words");
    if (!required) return;
    CellArray a{{"words", {}, *required}, {}};
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      for (std::size_t c = 0; c < rows_[r].size(); ++c) {
        const Cell cell = read_cell(rows_[r][c]);
        if (cell.kind != Cell::Kind::real && cell.kind != Cell::Kind::integer) continue;
        a.observable.values.push_back(number_in(rows_[r][c]));
        a.cells.emplace_back(r, c);
      }
    }
    arrays_.push_back(std::move(a));
  }

  static double number_in(const std::string& text) {
    const Cell cell = read_cell(text);
    return cell.kind == Cell::Kind::integer ? static_cast<double>(cell.integer) : cell.real;
  }

  /// Cells that keep their value keep their text; what is missing leaves an empty cell, what is more a new row.
  void put(const CellArray& a, const Observable& now, std::vector<std::vector<std::string>>& rows) const {
    const bool words = !a.observable.words.empty();
    const std::size_t n = words ? now.words.size() : now.values.size();
    for (std::size_t i = 0; i < a.cells.size(); ++i) {
      std::string& cell = rows[a.cells[i].first][a.cells[i].second];
      if (i >= n) {
        cell.clear();
      } else if (words) {
        cell = now.words[i];
      } else if (const double was = a.observable.values[i]; !(was == now.values[i])) {
        cell = number_text(now.values[i]);
      }
    }
    for (std::size_t i = a.cells.size(); i < n; ++i) {
      std::vector<std::string> row(rows.empty() || free_text_ ? 1 : rows.back().size());
      row[free_text_ || a.cells.empty() ? 0 : a.cells.front().second] =
          words ? now.words[i] : number_text(now.values[i]);
      rows.push_back(std::move(row));
    }
  }

  [[nodiscard]] std::string quoted(const std::string& field) const {
    if (delimiter_ == ' ') return field.empty() && !free_text_ ? "-" : field;
    if (field.find_first_of(std::string("\"\n\r") + delimiter_) == std::string::npos) return field;
    std::string text = "\"";
    for (const char c : field) text += c == '"' ? "\"\"" : std::string(1, c);
    return text + "\"";
  }

  bool free_text_;
  char delimiter_ = ',';
  std::size_t first_row_ = 0;
  std::vector<std::vector<std::string>> rows_;
  std::vector<CellArray> arrays_;
};

class JsonModel final : public FileModel {
 public:
  JsonModel(const std::filesystem::path& path, Rules& rules)
      : document_(parse_json(read_file(path), path.string())) {
    if (document_.is_object() && document_.contains("schema")) {
      const Json& schema = document_["schema"];
      if (schema.is_string() && schema.get<std::string>().starts_with("assay/")) ignore_volatile(rules);
    }
    gather(document_, "", "", rules);
  }

  [[nodiscard]] Observables observables() const override {
    Observables set;
    for (const std::string& name : order_) set.push_back(leaves_.at(name).observable);
    return set;
  }

  /// A missing number becomes null, one too many a member of the root that was not there.
  void write(const Observables& changed, const std::filesystem::path& path) const override {
    Json document = document_;
    for (const auto& [name, leaves] : leaves_) {
      const Observable* now = find(changed, name);
      const std::size_t n = now == nullptr ? 0 : now->values.size();
      for (std::size_t i = 0; i < leaves.pointers.size(); ++i) {
        Json& leaf = document[leaves.pointers[i]];
        if (i >= n) {
          leaf = nullptr;
        } else if (!(leaves.observable.values[i] == now->values[i])) {
          const double v = now->values[i];
          leaf = std::isfinite(v) ? Json(v) : Json(number_text(v));
        }
      }
      if (n > leaves.pointers.size() && document.is_object()) document["one too many"] = now->values.back();
      if (n > leaves.pointers.size() && document.is_array()) document.push_back(now->values.back());
    }
    write_text(path, assay::to_text(document) + "\n");
  }

 private:
  struct Leaves {
    Observable observable;
    std::vector<Json::json_pointer> pointers;
  };

  void gather(const Json& value, const std::string& exact, const std::string& name, Rules& rules) {
    const auto required = rules.of(name);
    if (!required && !name.empty()) return;
    if (value.is_object()) {
      for (const auto& [key, below] : value.items()) {
        const std::string step = "/" + escape(key);
        gather(below, exact + step, name + step, rules);
      }
    } else if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        gather(value[i], exact + "/" + std::to_string(i), name + "/*", rules);
      }
    } else if (value.is_number()) {
      if (!leaves_.contains(name)) order_.push_back(name);
      Leaves& leaves = leaves_[name];
      leaves.observable.name = name;
      leaves.observable.required = required.value_or(rules.fallback());
      leaves.observable.values.push_back(value.get<double>());
      leaves.pointers.emplace_back(exact);
    }
  }

  static std::string escape(const std::string& key) {
    std::string text;
    for (const char c : key) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return text;
  }

  Json document_;
  std::map<std::string, Leaves> leaves_;
  std::vector<std::string> order_;
};

}  // namespace

std::unique_ptr<FileModel> model_of(const std::filesystem::path& path, Rules& rules, const FileFormat& format) {
  const FileKind kind = format.kind == FileKind::guess ? guess_kind(path) : format.kind;
  if (kind == FileKind::json) return std::make_unique<JsonModel>(path, rules);
  if (kind == FileKind::npy || kind == FileKind::raw) return array_model(path, rules, kind, format.type);
  return std::make_unique<TableModel>(path, rules, kind == FileKind::text);
}

}  // namespace assay::gate
