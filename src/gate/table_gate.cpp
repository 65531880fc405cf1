// Tables in lock-step: columns are matched by name, rows by position.
#include <algorithm>
#include <deque>
#include <map>

#include "gate/column.hpp"
#include "gate/files.hpp"
#include "gate/table.hpp"

namespace assay::gate {

TableHeader header_of(const TableReader& reader) {
  TableHeader h;
  bool any_text = false;
  h.named = true;
  for (const std::string_view field : reader.fields()) {
    const Cell::Kind kind = read_cell(field).kind;
    any_text = any_text || kind == Cell::Kind::text;
    h.named = h.named && (kind == Cell::Kind::text || kind == Cell::Kind::empty);
  }
  h.named = h.named && any_text;
  std::map<std::string, int, std::less<>> seen;
  for (std::size_t i = 0; i < reader.fields().size(); ++i) {
    std::string name = h.named ? std::string(reader.fields()[i]) : std::string();
    if (name.empty()) name = "column " + std::to_string(i + 1);
    const int occurrence = ++seen[name];
    h.names.push_back(occurrence > 1 ? name + "#" + std::to_string(occurrence) : name);
  }
  return h;
}

namespace {

/// A column of A with its place in both files; `b` is npos where B has none.
struct Pair {
  std::size_t a, b;
  Column* column;
};

class TableGate {
 public:
  TableGate(TableReader& a, TableReader& b, Input& file_a, Input& file_b, Rules& rules)
      : a_(a), b_(b), file_a_(file_a.name()), file_b_(file_b.name()), rules_(rules) {}

  void run(GateReport& report) {
    bool more_a = a_.next();
    bool more_b = b_.next();
    const TableHeader ha = more_a ? header_of(a_) : TableHeader{};
    const TableHeader hb = more_b ? header_of(b_) : TableHeader{};
    open_columns(ha, hb, more_a && more_b);
    if (more_a && ha.named) more_a = a_.next();
    if (more_b && hb.named) more_b = b_.next();
    while (more_a && more_b) {
      a_.require_width(ha.names.size());
      b_.require_width(hb.names.size());
      add_row();
      more_a = a_.next();
      more_b = b_.next();
    }
    add_rest(a_, more_a, ha.names.size(), Side::b);
    add_rest(b_, more_b, hb.names.size(), Side::a);
    for (Column& column : columns_) report.observables.push_back(column.finish());
  }

 private:
  Column* open(const std::string& name) {
    const auto required = rules_.of(name);
    if (!required) return nullptr;
    return &columns_.emplace_back(name, *required, file_a_, file_b_);
  }

  void open_columns(const TableHeader& ha, const TableHeader& hb, bool both) {
    if (both && ha.named != hb.named) {
      if (Column* c = open("header")) {
        c->add_mismatch(std::string("side ") + (ha.named ? "A" : "B") + " has a header, the other has none");
      }
    }
    for (std::size_t i = 0; i < ha.names.size(); ++i) {
      Column* c = open(ha.names[i]);
      if (c == nullptr) continue;
      const auto found = std::find(hb.names.begin(), hb.names.end(), ha.names[i]);
      if (found == hb.names.end()) {
        c->add_mismatch("column missing on side B");
      } else {
        pairs_.push_back({i, static_cast<std::size_t>(found - hb.names.begin()), c});
      }
    }
    for (const std::string& name : hb.names) {
      if (std::find(ha.names.begin(), ha.names.end(), name) != ha.names.end()) continue;
      if (Column* c = open(name)) c->add_mismatch("column missing on side A");
    }
  }

  void add_row() {
    for (const Pair& p : pairs_) {
      const std::string_view x = a_.fields()[p.a];
      const std::string_view y = b_.fields()[p.b];
      if (p.column->add(x, y, a_.line(), b_.line())) continue;
      const bool in_a = read_cell(x).kind == Cell::Kind::overflow;
      const std::string number(in_a ? x : y);
      throw(in_a ? a_ : b_)
          .bad_field(in_a ? p.a : p.b, "number too large for a double: " + number.substr(0, 60),
                     "below 1.8e308");
    }
  }

  void add_rest(TableReader& reader, bool more, std::size_t width, Side lacking) {
    std::uint64_t rows = 0;
    for (; more; more = reader.next()) {
      reader.require_width(width);
      ++rows;
    }
    for (const Pair& p : pairs_) p.column->add_absent(lacking, rows);
  }

  TableReader& a_;
  TableReader& b_;
  std::string file_a_, file_b_;
  Rules& rules_;
  std::deque<Column> columns_;
  std::vector<Pair> pairs_;
};

/// Words set apart by blanks, line by line: what numdiff compares.
void compare_words(TableReader& a, TableReader& b, Column& words) {
  bool more_a = a.next();
  bool more_b = b.next();
  for (; more_a && more_b; more_a = a.next(), more_b = b.next()) {
    const std::size_t n = std::min(a.fields().size(), b.fields().size());
    for (std::size_t i = 0; i < n; ++i) {
      const std::string_view x = a.fields()[i];
      const std::string_view y = b.fields()[i];
      // A word that looks like a number and is too large for one is a word: equal or not.
      if (!words.add(x, y, a.line(), b.line())) words.add_words(x, y, a.line(), b.line());
    }
    if (a.fields().size() > n) words.add_absent(Side::b, a.fields().size() - n);
    if (b.fields().size() > n) words.add_absent(Side::a, b.fields().size() - n);
  }
  for (; more_a; more_a = a.next()) words.add_absent(Side::b, a.fields().size());
  for (; more_b; more_b = b.next()) words.add_absent(Side::a, b.fields().size());
}

}  // namespace

GateReport compare_tables(const std::filesystem::path& a, const std::filesystem::path& b, Rules& rules,
                          bool free_text) {
  Input file_a(a);
  Input file_b(b);
  GateReport report{.gate = "files.table", .bytes_equal = bytes_equal(file_a, file_b)};
  const TableFormat words{' ', true};
  const TableFormat format_a = free_text ? words : guess_format(file_a);
  const TableFormat format_b = free_text ? words : guess_format(file_b);
  TableReader reader_a(file_a, format_a);
  TableReader reader_b(file_b, format_b);
  if (free_text) {
    report.gate = "files.text";
    const auto required = rules.of("words");
    if (!required) return report;
    Column column("words", *required, file_a.name(), file_b.name());
    compare_words(reader_a, reader_b, column);
    report.observables.push_back(column.finish());
  } else {
    TableGate(reader_a, reader_b, file_a, file_b, rules).run(report);
  }
  return report;
}

}  // namespace assay::gate
