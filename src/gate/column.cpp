#include "gate/column.hpp"

#include <charconv>
#include <cmath>

#include "core/number.hpp"
#include "core/text.hpp"

namespace assay::gate {
namespace {

constexpr std::size_t pending = 256;  // numbers gathered a column: a few KiB, also with many columns
constexpr double exact_integers = 9007199254740992.0;  // 2^53: beyond it neighbours collapse

/// 1.5D-03 as Fortran prints it.
bool read_fortran(std::string_view text, double& value) {
  std::string copy(text);
  const auto exponent = copy.find_first_of("dD");
  if (exponent == std::string::npos || copy.size() > 64) return false;
  copy[exponent] = 'e';
  const auto result = std::from_chars(copy.data(), copy.data() + copy.size(), value);
  return result.ec == std::errc() && result.ptr == copy.data() + copy.size();
}

Cell read_number(std::string_view text) {
  Cell cell;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, cell.real);
  if (result.ec == std::errc::result_out_of_range && result.ptr == end) {
    const auto nearest = parse_double(text);  // tiny numbers are rounded, huge ones are none
    cell.kind = nearest ? Cell::Kind::real : Cell::Kind::overflow;
    cell.real = nearest.value_or(0.0);
    return cell;
  }
  if (result.ec != std::errc() || result.ptr != end) {
    const bool is_fortran = result.ec == std::errc() && read_fortran(text, cell.real);
    cell.kind = is_fortran ? Cell::Kind::real : Cell::Kind::text;
    return cell;
  }
  cell.kind = Cell::Kind::real;
  if (std::fabs(cell.real) >= exact_integers && std::fabs(cell.real) < 1e19) {
    const auto exact = std::from_chars(text.data(), end, cell.integer);
    if (exact.ec == std::errc() && exact.ptr == end) cell.kind = Cell::Kind::integer;
  }
  return cell;
}

}  // namespace

Cell read_cell(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return {Cell::Kind::empty};
  const char first = text.front();
  const bool may_be_number = (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.' ||
                             first == 'n' || first == 'N' || first == 'i' || first == 'I';
  if (!may_be_number) return {};
  if (first == '+' && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  return read_number(text);
}

Column::Column(std::string name, const Requirement& required, std::string file_a, std::string file_b)
    : comparison_(std::move(name), required), file_a_(std::move(file_a)), file_b_(std::move(file_b)) {}

void Column::place(std::uint64_t line_a, std::uint64_t line_b) {
  while (Difference* d = comparison_.unplaced()) {
    d->where = file_a_ + ":" + std::to_string(line_a) + ", " + file_b_ + ":" + std::to_string(line_b);
  }
}

void Column::flush() {
  const std::uint64_t before = comparison_.count();
  comparison_.add(a_, b_);
  while (Difference* d = comparison_.unplaced()) {
    const std::size_t i = d->index - before;
    d->where = file_a_ + ":" + std::to_string(lines_a_[i]) + ", " + file_b_ + ":" + std::to_string(lines_b_[i]);
  }
  a_.clear();
  b_.clear();
  lines_a_.clear();
  lines_b_.clear();
}

bool Column::add(std::string_view a, std::string_view b, std::uint64_t line_a, std::uint64_t line_b) {
  const Cell x = read_cell(a);
  const Cell y = a == b ? x : read_cell(b);
  using Kind = Cell::Kind;
  if (x.kind == Kind::overflow || y.kind == Kind::overflow) return false;
  const bool x_number = x.kind == Kind::real || x.kind == Kind::integer;
  const bool y_number = y.kind == Kind::real || y.kind == Kind::integer;
  numbers_ += x_number || y_number;
  if (x_number && y_number && (x.kind == Kind::real || y.kind == Kind::real)) {
    a_.push_back(x.real);
    b_.push_back(y.real);
    lines_a_.push_back(line_a);
    lines_b_.push_back(line_b);
    if (a_.size() == pending) flush();
    return true;
  }
  flush();
  if (x_number && y_number) {
    comparison_.add(std::span(&x.integer, 1), std::span(&y.integer, 1));
  } else if (x.kind == Kind::empty && y.kind == Kind::empty) {
    ++empty_;
  } else if (x.kind == Kind::text && y.kind == Kind::text) {
    comparison_.add_text(a, b);
  } else {
    comparison_.add_unmatched(a, b);
  }
  place(line_a, line_b);
  return true;
}

void Column::add_words(std::string_view a, std::string_view b, std::uint64_t line_a, std::uint64_t line_b) {
  flush();
  comparison_.add_text(a, b);
  place(line_a, line_b);
}

ObservableReport Column::finish() {
  flush();
  // A hole in a column of numbers is a missing value; in a column of words it is an empty word.
  for (std::uint64_t i = 0; i < empty_; ++i)
    numbers_ > 0 ? comparison_.add_empty() : comparison_.add_text("", "");
  return comparison_.report();
}

}  // namespace assay::gate
