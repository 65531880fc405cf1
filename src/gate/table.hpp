// Rows of a delimited text file, one at a time: CSV with quotes, TSV, and columns set apart by blanks. Memory
// is bounded by the longest row, which is bounded too.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "gate/input.hpp"

namespace assay::gate {

struct TableFormat {
  char delimiter = ',';  ///< ' ' means any run of blanks and tabs, and no quotes
  bool ragged = false;   ///< rows may differ in length (free text)
};

class TableReader;

/// Names of a table's columns: those of its first row if that is words, "column N" else; a repeated name is
/// "name#2".
struct TableHeader {
  std::vector<std::string> names;
  bool named = false;  ///< the first row was a header and is used up
};
TableHeader header_of(const TableReader& reader);

/// Comma, tab, semicolon or blanks: whichever the first row of the file uses. A file whose rows are words is
/// ragged.
TableFormat guess_format(const Input& input);

class TableReader {
 public:
  static constexpr std::size_t longest_row = 16 * 1024 * 1024;
  static constexpr std::size_t most_columns = 16384;

  TableReader(Input& input, TableFormat format);

  /// The next row that is neither blank nor a `#` comment; false at the end. Fields live until the next call.
  /// UserError with file:line:column for an open quote, text after a closing quote, a NUL byte or a row too
  /// long.
  bool next();
  [[nodiscard]] const std::vector<std::string_view>& fields() const { return fields_; }
  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] std::string place() const { return input_->name() + ":" + std::to_string(line_); }
  /// `file:line:column` of a field of the current row, for messages.
  [[nodiscard]] UserError bad_field(std::size_t field, std::string what, std::string expected) const;
  /// Refuses a row that has not this many fields.
  void require_width(std::size_t width) const;

 private:
  bool next_line();
  void refill();
  void split_plain(std::string_view row);
  void split_blanks(std::string_view row);
  void split_quoted();
  [[noreturn]] void fail(std::size_t offset, std::string what, std::string expected,
                         std::string hint = {}) const;

  Input* input_;
  TableFormat format_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  ///< unread part of the buffer
  bool at_end_ = false;
  std::string_view row_;
  std::vector<std::string_view> fields_;
  std::vector<std::size_t> offsets_;  ///< where each field starts in the row
  std::string unquoted_;              ///< fields of a row with quotes, unescaped
  std::uint64_t line_ = 0;            ///< of the row's first character
  std::uint64_t lines_read_ = 0;
};

}  // namespace assay::gate
