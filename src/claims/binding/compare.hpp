// One figure of a document against one piece of evidence: unit, direction, precision as printed.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "claims/binding/figure.hpp"
#include "claims/binding/judge.hpp"

namespace assay::claims {

enum class Fit : std::uint8_t {
  other_unit,  // not what this claim is about
  agrees,
  weaker,     // true, but the evidence would allow more
  disagrees,  // another value
  overclaim,  // a bound that the evidence does not reach
  direction,  // "faster" of something that is slower
};

struct Comparison {
  Fit fit = Fit::other_unit;
  double distance = 0;   // of the value from what is printed, in powers of ten; which of two figures is meant
  std::string expected;  // the evidence in the document's unit, for messages
  std::vector<std::pair<TextRange, std::string>> digits;  // what would agree: parts of the text and new digits
};

// The evidence must have a finite value.
Comparison compare(const Figure& figure, std::string_view text, const Evidence& evidence);

}  // namespace assay::claims
