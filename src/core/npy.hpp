// The header of a NumPy array file (format 1, 2 and 3).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/array_type.hpp"

namespace assay {

/// The bytes of a file, wherever they are.
struct NpySource {
  std::string name;  ///< for messages
  std::uint64_t size = 0;
  /// Fills the buffer from an offset on as far as there is something, and says how far.
  std::function<std::size_t(std::uint64_t, std::span<char>)> read_at;
};
/// Of a text that outlives it.
NpySource npy_source(std::string_view bytes, std::string name);

struct NpyHeader {
  ArrayType type;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
  std::uint64_t data_offset = 0;
  std::uint64_t elements = 1;
};

/// Checks that the data are all there and nothing follows; UserError naming the byte where something is wrong.
NpyHeader read_npy_header(const NpySource& input);

/// Whether the file starts with NumPy's magic bytes.
bool is_npy(const NpySource& input);

/// The element at a place in the file's order, 0 the first. Real, integer and boolean elements; an integer
/// beyond 2^53 is rounded. UserError for complex ones. `bytes` is the whole file, checked by read_npy_header.
double npy_element(std::string_view bytes, const NpyHeader& header, std::uint64_t position);

/// Place in the file of the element with this index, one number for each dimension, negative ones from the end;
/// nothing when there is no such element.
std::optional<std::uint64_t> npy_position(const NpyHeader& header, const std::vector<std::int64_t>& index);

/// "(3, 4)"
std::string shape_text(const std::vector<std::uint64_t>& shape);
/// "[2,1]": place of the element that stands at `position` in the file's own order.
std::string index_text(const NpyHeader& header, std::uint64_t position);

}  // namespace assay
