// One column of two tables: cells come in pairs, numbers are gathered and compared in blocks.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gate/compare.hpp"

namespace assay::gate {

/// What a cell of a text table holds. A number too large for a double is kept apart: it must not turn into
/// infinity.
struct Cell {
  enum class Kind { empty, real, integer, text, overflow };
  Kind kind = Kind::text;
  double real = 0.0;
  std::int64_t integer = 0;  ///< for integers that a double may not hold exactly
};

/// Decimal numbers in C and Fortran form (1.0D+00), nan, inf; blanks around them do not count.
Cell read_cell(std::string_view text);

class Column {
 public:
  Column(std::string name, const Requirement& required, std::string file_a, std::string file_b);

  /// Lines are those of the two rows. False when a cell holds a number that no double holds.
  bool add(std::string_view a, std::string_view b, std::uint64_t line_a, std::uint64_t line_b);
  /// The two as words, whatever they look like.
  void add_words(std::string_view a, std::string_view b, std::uint64_t line_a, std::uint64_t line_b);
  void add_absent(Side side, std::uint64_t count) { comparison_.add_absent(side, count); }
  void add_mismatch(std::string reason) { comparison_.add_mismatch(std::move(reason)); }
  ObservableReport finish();

 private:
  void flush();
  void place(std::uint64_t line_a, std::uint64_t line_b);

  Comparison comparison_;
  std::string file_a_, file_b_;
  std::vector<double> a_, b_;  ///< pending numbers and the lines they stand in
  std::vector<std::uint64_t> lines_a_, lines_b_;
  std::uint64_t numbers_ = 0;
  std::uint64_t empty_ = 0;
};

}  // namespace assay::gate
