#include "gate/table.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace assay::gate {
namespace {

constexpr std::size_t first_buffer = 256 * 1024;

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view without_return(std::string_view row) {
  if (!row.empty() && row.back() == '\r') row.remove_suffix(1);
  return row;
}

bool is_empty_or_comment(std::string_view row) {
  const auto first = row.find_first_not_of(" \t\r");
  return first == std::string_view::npos || row[first] == '#';
}

}  // namespace

TableFormat guess_format(const Input& input) {
  std::array<char, 64 * 1024> head{};
  const std::string_view text(head.data(), input.read_at(0, head));
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view row = text.substr(at, end - at);
    at = end + 1;
    if (is_empty_or_comment(row)) continue;
    for (const char c : {',', '\t', ';'}) {
      if (row.find(c) != std::string_view::npos) return {c, false};
    }
    return {' ', true};
  }
  return {',', false};
}

TableReader::TableReader(Input& input, TableFormat format)
    : input_(&input), format_(format), buffer_(first_buffer) {
  refill();
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (std::string_view(buffer_.data(), end_).starts_with(byte_order_mark)) begin_ = byte_order_mark.size();
}

void TableReader::fail(std::size_t offset, std::string what, std::string expected, std::string hint) const {
  Problem p{.what = std::move(what),
            .where = {input_->name(), static_cast<int>(line_), static_cast<int>(offset + 1)},
            .expected = std::move(expected),
            .hint = std::move(hint)};
  if (row_.size() <= 160 && row_.find('\n') == std::string_view::npos) p.source_line = without_return(row_);
  throw UserError(std::move(p));
}

UserError TableReader::bad_field(std::size_t field, std::string what, std::string expected) const {
  try {
    fail(field < offsets_.size() ? offsets_[field] : row_.size(), std::move(what), std::move(expected));
  } catch (const UserError& e) {
    return e;
  }
}

void TableReader::require_width(std::size_t width) const {
  if (fields_.size() == width) return;
  throw bad_field(std::min(width, fields_.size() - 1), "row has " + std::to_string(fields_.size()) + " fields",
                  std::to_string(width) + " as in the first row");
}

void TableReader::refill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
  const std::size_t n = input_->read(std::span(buffer_).subspan(end_));
  at_end_ = n < buffer_.size() - end_;
  end_ += n;
}

/// Sets row_ to the next line without its newline. The view lives until the next refill.
bool TableReader::next_line() {
  std::size_t searched = 0;
  for (;;) {
    const char* start = buffer_.data() + begin_;
    const std::size_t available = end_ - begin_;
    const void* newline = std::memchr(start + searched, '\n', available - searched);
    if (newline != nullptr || at_end_) {
      const auto length = newline != nullptr ? static_cast<const char*>(newline) - start
                                             : static_cast<std::ptrdiff_t>(available);
      if (newline == nullptr && available == 0) return false;
      row_ = std::string_view(start, static_cast<std::size_t>(length));
      begin_ += row_.size() + (newline != nullptr ? 1 : 0);
      ++lines_read_;
      return true;
    }
    searched = available;
    if (available > longest_row) {
      line_ = lines_read_ + 1;
      row_ = {};
      fail(0, "row of more than " + std::to_string(longest_row >> 20) + " MiB", "a table with one row a line",
           "is this a binary file? then name its format: raw:f64 or npy");
    }
    refill();
  }
}

bool TableReader::next() {
  do {
    if (!next_line()) return false;
    line_ = lines_read_;
  } while (is_empty_or_comment(row_));
  const auto nul = row_.find('\0');
  if (nul != std::string_view::npos) {
    fail(nul, "NUL byte in a text table", "text", "name the format of a binary file: raw:f64 or npy");
  }
  fields_.clear();
  offsets_.clear();
  if (format_.delimiter == ' ') {
    split_blanks(without_return(row_));
  } else if (row_.find('"') == std::string_view::npos) {
    split_plain(without_return(row_));
  } else {
    split_quoted();
  }
  if (fields_.size() > most_columns) {
    fail(0, "row of " + std::to_string(fields_.size()) + " fields",
         "at most " + std::to_string(most_columns) + " columns");
  }
  return true;
}

void TableReader::split_plain(std::string_view row) {
  const char* at = row.data();
  const char* const end = row.data() + row.size();
  for (;;) {
    const void* found = std::memchr(at, format_.delimiter, static_cast<std::size_t>(end - at));
    const char* stop = found != nullptr ? static_cast<const char*>(found) : end;
    offsets_.push_back(static_cast<std::size_t>(at - row.data()));
    fields_.emplace_back(at, static_cast<std::size_t>(stop - at));
    if (found == nullptr) return;
    at = stop + 1;
  }
}

void TableReader::split_blanks(std::string_view row) {
  std::size_t at = 0;
  while (at < row.size()) {
    if (is_blank(row[at])) {
      ++at;
      continue;
    }
    const std::size_t start = at;
    while (at < row.size() && !is_blank(row[at])) ++at;
    offsets_.push_back(start);
    fields_.push_back(row.substr(start, at - start));
  }
}

/// A row with quotes may run over several lines: its text is gathered first, then unescaped field by field.
void TableReader::split_quoted() {
  const std::uint64_t opened = line_;
  const std::size_t last_quote = row_.rfind('"');
  std::string whole(row_);
  bool open = std::count(whole.begin(), whole.end(), '"') % 2 != 0;
  while (open) {
    if (whole.size() > longest_row || !next_line()) {
      line_ = opened;
      row_ = {};
      fail(last_quote, "quote that is never closed",
           "a closing \" within " + std::to_string(longest_row >> 20) + " MiB");
    }
    open = (std::count(row_.begin(), row_.end(), '"') % 2 == 0);
    whole += '\n';
    whole += row_;
  }
  const std::string_view row = without_return(whole);
  row_ = {};
  unquoted_.clear();
  unquoted_.reserve(row.size());  // no reallocation below: fields_ are views into it
  std::size_t at = 0;
  for (;;) {
    offsets_.push_back(at);
    const std::size_t start = unquoted_.size();
    if (at < row.size() && row[at] == '"') {
      for (++at;; ++at) {
        if (at >= row.size())
          fail(offsets_.back(), "quote that is never closed", "\" before the end of the field");
        if (row[at] == '"' && (at + 1 >= row.size() || row[at + 1] != '"')) break;
        if (row[at] == '"') ++at;
        unquoted_ += row[at];
      }
      ++at;
      if (at < row.size() && row[at] != format_.delimiter) {
        fail(at, "text after a closing quote",
             std::string("\"") + format_.delimiter + "\" or the end of the row");
      }
    } else {
      while (at < row.size() && row[at] != format_.delimiter) unquoted_ += row[at++];
    }
    fields_.emplace_back(unquoted_.data() + start, unquoted_.size() - start);
    if (at >= row.size()) return;
    ++at;
  }
}

}  // namespace assay::gate
