// Numbers with their units as people write them: "3.4x", "87–94 %", "1,182 GB/s", "1e-12", "5.54M ops/s",
// "43/43".
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::claims {

enum class QuantityKind : std::uint8_t {
  number,  // no unit that says what it is: a count, a size of input
  ratio,   // x, times, fold
  percent,
  time,      // s, ms, ns, minutes, cycles
  size,      // bytes
  rate,      // anything per time, FLOP/s, fps
  error,     // a small number in scientific notation: 1e-12
  fraction,  // 43/43
  label,     // version, date, dimension, "64-bit": never a figure of a claim
};

enum class Comparator : std::uint8_t { equal, about, at_most, at_least };

struct Quantity {
  QuantityKind kind = QuantityKind::number;
  Comparator comparator = Comparator::equal;
  bool is_range = false;
  double low = 0, high = 0;   // equal unless is_range
  std::string unit;           // canonical ("x", "%", "s", "GB/s") or as written
  std::uint8_t decimals = 0;  // digits printed after the point
};

std::string_view name_of(QuantityKind kind);
std::string_view name_of(Comparator comparator);  // "=", "~", "<=", ">="

struct ScannedQuantity {
  Quantity quantity;
  std::size_t length = 0;  // bytes of text that belong to it, unit included
};

// Reads a quantity at the start of `text`, which begins with a digit (or '.' and a digit). Linear in what it
// reads. `next_is_device` tells, given the rest of the text, whether "2x" counts devices ("2x H100") and is no
// ratio.
ScannedQuantity scan_quantity(std::string_view text);

// Whether a unit may stand at the start of `text`, apart from its number: "ms", "times", "ops/s", "requests per
// second".
bool begins_unit(std::string_view text);

}  // namespace assay::claims
