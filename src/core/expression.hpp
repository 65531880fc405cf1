// Arithmetic on named numbers: `sin(x) + 7*sin(y)^2`, `gamma > 0 and ky < 0.5`. Compiled once, evaluated from
// any thread. Operators by rising precedence: or, and, not, comparisons (1 or 0), + -, * /, unary -, ^ (right
// to left).
// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace assay {

class Expression {
 public:
  /// Throws UserError with a caret under the place. `variables` are the names that may occur.
  static Expression parse(std::string_view text, const std::vector<std::string>& variables,
                          const SourcePos& where = {});
  /// Values stand in the order of the names given to parse.
  [[nodiscard]] double evaluate(std::span<const double> values) const;
  [[nodiscard]] const std::string& text() const { return text_; }

  enum class Op : unsigned char {
    number,
    variable,
    add,
    subtract,
    multiply,
    divide,
    power,
    negate,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    logical_and,
    logical_or,
    logical_not,
    call1,
    call2
  };
  struct Instruction {
    Op op = Op::number;
    int index = 0;  ///< of a variable or function
    double number = 0.0;
  };

 private:
  std::string text_;
  std::vector<Instruction> code_;  ///< postfix
};

}  // namespace assay
