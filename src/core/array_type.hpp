// Element types of binary arrays and how they are decoded.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

struct ArrayType {
  enum class Kind { real, complex, integer, unsigned_integer, boolean };
  Kind kind = Kind::real;
  std::size_t size = 8;  ///< bytes of an element; a complex one holds two reals
  bool big_endian = false;

  bool operator==(const ArrayType&) const = default;
  /// Numbers in an element: 2 for complex.
  [[nodiscard]] std::size_t parts() const { return kind == Kind::complex ? 2 : 1; }
  [[nodiscard]] std::size_t part_size() const { return size / parts(); }
};

/// `f64`, `f32`, `i8`..`i64`, `u8`..`u64`, `c64`, `c128`, `bool`, with `be` behind it for big endian.
std::optional<ArrayType> parse_type_word(std::string_view word);
/// NumPy's `<f8`, `>i4`, `|u1`, `|b1`, `<c16`.
std::optional<ArrayType> parse_numpy_type(std::string_view descr);
std::string to_text(const ArrayType& type);

}  // namespace assay
