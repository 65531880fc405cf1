// Writing and comparing tables.
// SPDX-License-Identifier: MIT
#include "claims/binding/generated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "claims/binding/bind.hpp"
#include "claims/binding/table_data.hpp"
#include "core/number.hpp"

namespace assay::claims {
namespace {

using report::Level;

constexpr int plot_width = 48;

// Integers and text as they are, real numbers to so many significant digits.
std::string shown(const std::string& cell, int digits) {
  if (parse_int64(cell)) return cell;
  const auto value = parse_double(cell);
  return value && std::isfinite(*value) ? fmt::format("{:.{}g}", *value, digits) : cell;
}

std::string escaped(const std::string& cell) {
  std::string out;
  for (const char c : cell) {
    if (c == '|') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

std::string table_text(const LedgerTable& table, const TableValues& values) {
  std::string out = "|", rule = "|";
  for (const auto& [field, head] : table.columns) {
    out += " " + escaped(head) + " |";
    rule += "---|";
  }
  out += "\n" + rule + "\n";
  for (const auto& row : values.rows) {
    out += "|";
    for (const auto& cell : row) out += " " + escaped(shown(cell, table.digits)) + " |";
    out += "\n";
  }
  return out;
}

std::string plot_text(const LedgerTable& table, const TableValues& values) {
  double low = 0, high = 0;
  std::size_t name_width = 0;
  for (const auto& row : values.rows) {
    const auto value = parse_double(row[1]).value_or(0);
    if (!std::isfinite(value)) continue;
    low = std::min(low, value), high = std::max(high, value);
    name_width = std::max(name_width, shown(row[0], table.digits).size());
  }
  const double unit = high > low ? (high - low) / plot_width : 1;
  std::string out = fmt::format("```text\n{} over {}\n", table.columns[1].second, table.columns[0].second);
  for (const auto& row : values.rows) {
    const auto value = parse_double(row[1]);
    const bool drawn = value && std::isfinite(*value);
    const auto from = static_cast<std::size_t>(std::lround((std::min(drawn ? *value : 0, 0.0) - low) / unit));
    const auto to = static_cast<std::size_t>(std::lround((std::max(drawn ? *value : 0, 0.0) - low) / unit));
    out += fmt::format("{:>{}} |{}{} {}\n", shown(row[0], table.digits), name_width, std::string(from, ' '),
                       std::string(to - from, '#'), shown(row[1], table.digits));
  }
  return out + "```\n";
}

// Blanks at line ends, line endings and blank lines around do not matter.
std::string essence(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n')
      while (!out.empty() && out.back() == ' ') out.pop_back();
    out += c;
  }
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  return out.substr(std::min(out.find_first_not_of("\n "), out.size()));
}

std::string with_line_ends(const std::string& text, bool carriage_return) {
  if (!carriage_return) return text;
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

std::string small(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '*' && c != '`') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

class TableBinder {
 public:
  TableBinder(const Basis& basis, BlockTexts& texts, const Places& places, Binding& out)
      : basis_(basis), texts_(texts), places_(places), d_(places.document()), out_(out) {}

  void one(const Extent& extent) {
    const Marker& marker = *extent.marker;
    const auto* table = basis_.ledger.find_table(marker.names.front());
    const bool plot = marker.kind == MarkerKind::plot;
    if (marker.names.size() != 1 || !table || table->plot != plot) {
      out_.add(
          places_, "unknown-id", Level::error, places_.of(marker.remark), marker.names.front(),
          fmt::format("the ledger has no {} \"{}\"", plot ? "[[plot]]" : "[[table]]", marker.names.front()),
          {});
      return;
    }
    const auto& values = basis_.tables[static_cast<std::size_t>(table - basis_.ledger.tables.data())];
    if (!values.why.empty()) {
      out_.add(places_, "artifact-missing", Level::error, places_.of(marker.remark), table->id,
               fmt::format("{}: {}: {}", table->id, table->source.path, values.why), {});
      return;
    }
    const auto wrong = out_.findings.size();
    if (extent.end)
      generated(*table, values, marker, *extent.end);
    else
      cells(*table, values, extent);
    const auto state = out_.findings.size() > wrong ? State::contradicted : State::supported;
    out_.covered.push_back({extent.text, 0xff, state, true});
  }

 private:
  void generated(const LedgerTable& table, const TableValues& values, const Marker& begin, const Marker& end) {
    const auto from = begin.remark.source + begin.remark.size, to = end.remark.source;
    const auto stands = std::string_view(d_.source).substr(from, to - from);
    const auto wanted = generated_text(table, values);
    if (essence(stands) == essence(wanted)) return;
    auto& finding = out_.add(places_, "generated-differs", Level::error, places_.of(begin.remark), table.id,
                             fmt::format("the text of {} is not what {} gives", table.id, table.source.path),
                             "assay check-claims --fix writes it anew");
    const bool carriage_return = d_.source.find("\r\n") != std::string::npos;
    finding.fixes.push_back({from, to - from, with_line_ends("\n\n" + wanted + "\n", carriage_return),
                             places_.of_source(from, to)});
  }

  std::vector<TextRange> cells_of(TextRange row) const {
    std::vector<TextRange> out;
    auto from = row.begin;
    for (auto at = row.begin; at <= row.end; ++at)
      if (at == row.end || d_.text[at] == Document::cell_break) {
        auto begin = from, end = at;
        while (begin < end && d_.text[begin] == ' ') ++begin;
        while (end > begin && d_.text[end - 1] == ' ') --end;
        out.push_back({begin, end});
        from = at + 1;
      }
    return out;
  }

  // The column of the ledger that each column of the document shows; -1 for none.
  std::vector<int> columns_of(const LedgerTable& table, const std::vector<std::string>& heads) const {
    std::vector<int> out;
    for (const auto& head : heads) {
      int found = -1;
      for (std::size_t c = 0; c < table.columns.size(); ++c)
        if (small(head) == small(table.columns[c].second) || small(head) == small(table.columns[c].first))
          found = static_cast<int>(c);
      out.push_back(found);
    }
    return out;
  }

  void cells(const LedgerTable& table, const TableValues& values, const Extent& extent) {
    bool any = false;
    for (auto b = texts_.block_at(extent.text.begin); b < d_.blocks.size(); ++b) {
      const auto& block = d_.blocks[b];
      if (block.text.begin >= extent.text.end) break;
      if (block.table == none) continue;
      any = true;
      row(table, values, block, columns_of(table, d_.tables[static_cast<std::size_t>(block.table)].headers));
    }
    if (!any)
      out_.add(places_, "empty-marker", Level::error, places_.of(extent.marker->remark), table.id,
               "no table follows this marker", {});
  }

  // Cells that show no number must be equal as text; a row is found by what its key cells say.
  void row(const LedgerTable& table, const TableValues& values, const Block& block,
           const std::vector<int>& columns) {
    const auto cells = cells_of(block.text);
    const auto says = [&](const std::string& field) -> std::string {
      for (std::size_t i = 0; i < columns.size() && i < cells.size(); ++i)
        if (columns[i] >= 0 && table.columns[static_cast<std::size_t>(columns[i])].first == field)
          return std::string(d_.view(cells[i]));
      return {};
    };
    std::vector<std::string> key;
    for (const auto& field : table.keys) key.push_back(says(field));
    const auto found = std::find_if(values.keys.begin(), values.keys.end(), [&](const auto& k) {
      return std::equal(k.begin(), k.end(), key.begin(), [&](const auto& a, const auto& b) {
        return same_value(a, b) || shown(a, table.digits) == b;
      });
    });
    if (found == values.keys.end()) {
      out_.add(places_, "table-mismatch", Level::error, places_.of(block.text), table.id,
               fmt::format("{} has no row \"{}\"", table.source.path, fmt::join(key, ", ")), {});
      return;
    }
    const auto& wanted = values.rows[static_cast<std::size_t>(found - values.keys.begin())];
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const int column = i < columns.size() ? columns[i] : -1;
      if (column >= 0)
        cell(table, cells[i], wanted[static_cast<std::size_t>(column)]);
      else if (!texts_.figures_in(cells[i]).empty())
        out_.add(places_, "unbound-figure", Level::error, places_.of(cells[i]), table.id,
                 fmt::format("the column of \"{}\" is none of {}", d_.view(cells[i]), table.id),
                 "add it to columns");
    }
  }

  void cell(const LedgerTable& table, TextRange at, const std::string& wanted) {
    const auto figures = texts_.figures_in(at);
    const auto value = parse_double(wanted);
    const bool number = value && figures.size() == 1 && figures[0]->numbers.size() == 1;
    const auto said = d_.view(at);
    if (!number && (same_value(said, wanted) || said == shown(wanted, table.digits))) return;
    if (number) {
      const auto& printed = figures[0]->numbers[0];
      const double signed_value = figures[0]->negative ? -*value : *value;
      if (rounds_to(signed_value, printed)) return;
      auto& finding = out_.add(places_, "table-mismatch", Level::error, places_.of(at), table.id,
                               fmt::format("says {}, {} says {}", said, table.source.path, wanted), {});
      const TextRange digits{figures[0]->text.begin + printed.begin, figures[0]->text.begin + printed.end};
      const auto fresh = reprint(printed, d_.view(digits), signed_value);
      auto edit = fresh ? places_.edit(digits, *fresh) : std::nullopt;
      if (!edit) return;
      finding.hint = fmt::format("write {} (--fix does)", *fresh);
      finding.fixes.push_back(std::move(*edit));
      return;
    }
    out_.add(places_, "table-mismatch", Level::error, places_.of(at), table.id,
             fmt::format("says \"{}\", {} says {}", said, table.source.path, wanted), {});
  }

  const Basis& basis_;
  BlockTexts& texts_;
  const Places& places_;
  const Document& d_;
  Binding& out_;
};

}  // namespace

TableValues read_table_values(const LedgerTable& table, EvidenceStore& store) {
  TableValues out;
  const auto data = store.table(table.source, out.why);
  if (!data) return out;
  for (const auto row : data->find(table.source.where)) {
    std::vector<std::string> cells, key;
    for (const auto& [field, head] : table.columns) cells.push_back(data->cell(row, field).value_or(""));
    for (const auto& field : table.keys) key.push_back(data->cell(row, field).value_or(""));
    out.rows.push_back(std::move(cells));
    out.keys.push_back(std::move(key));
  }
  const auto fields = data->fields();
  for (const auto& [field, head] : table.columns)
    if (data->rows() > 0 && !data->cell(0, field)) out.why = fmt::format("there is no column \"{}\"", field);
  if (out.rows.empty()) out.why = "it has no rows";
  return out;
}

std::string generated_text(const LedgerTable& table, const TableValues& values) {
  return table.plot ? plot_text(table, values) : table_text(table, values);
}

void bind_tables(const Basis& basis, const std::vector<Extent>& extents, BlockTexts& texts,
                 const Places& places, Binding& out) {
  TableBinder binder(basis, texts, places, out);
  for (const auto& extent : extents) {
    const auto kind = extent.marker->kind;
    if (kind == MarkerKind::table || kind == MarkerKind::plot) binder.one(extent);
  }
}

}  // namespace assay::claims
