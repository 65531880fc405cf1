// A number as it is printed: where its digits stand, what they say and how precisely, and the same form for
// another value.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claims/quantity.hpp"

namespace assay::claims {

struct PrintedNumber {
  std::uint32_t begin = 0, end = 0;  // the digits with separators, point and e-exponent, within the text
  double mantissa = 0;               // what the digits say by themselves
  double scale = 1;                  // "5.54M": 1e6; "4.4 x 10^-5": 1e-5
  int decimals = 0;                  // printed after the point
  int exponent = 0;                  // of e-notation, else 0
  bool scientific = false;           // e-notation
  bool grouped = false;              // "1,182"
  bool power = false;                // "10^-12": the digits are the base of a power

  double value() const { return mantissa * scale; }
  // Half a unit of the last printed digit.
  double tolerance() const;
};

// The number, or the two of a range ("87-94 %") or fraction ("43/43"), in the text of a quantity.
std::vector<PrintedNumber> printed_numbers(std::string_view text, const Quantity& quantity);

// Whether `value` rounds to what is printed; a tie may have been rounded to either side.
bool rounds_to(double value, const PrintedNumber& printed);

// The digits for another value in the same form: places, grouping, e-notation, scale. Nothing when the form
// cannot hold it: a power of ten, or digits that would all be zero for a value that is not.
std::optional<std::string> reprint(const PrintedNumber& form, std::string_view digits, double value);

}  // namespace assay::claims
