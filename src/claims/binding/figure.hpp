// The figures of a stretch of text that can be bound: every number that a person reads there, with unit,
// comparator and the words that say in which direction it is meant.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "claims/binding/printed.hpp"
#include "claims/document.hpp"
#include "claims/token.hpp"

namespace assay::claims {

enum class Direction : std::int8_t { less = -2, worse = -1, unsaid = 0, better = 1 };  // less: "30 % less time"

struct Figure {
  TextRange text;                      // the quantity with its unit
  std::vector<PrintedNumber> numbers;  // positions within text
  QuantityKind kind = QuantityKind::number;
  Comparator comparator = Comparator::equal;
  bool up_to = false;     // "up to 5x" quotes the best, "at most 5 s" bounds
  bool negative = false;  // a minus stands before it
  bool label = false;     // a version, a date, "64-bit": counted, never compared
  std::string unit;
  Direction direction = Direction::unsaid;
};

// What a block holds, read once.
struct BlockText {
  std::vector<Figure> figures;
  std::vector<TextRange> sentences;
};

BlockText read_block(const Document& document, std::size_t block, Vocabulary& words, std::size_t& style_cursor);

}  // namespace assay::claims
