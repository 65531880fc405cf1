// The header of a NumPy array file (format 1, 2 and 3).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gate/array_type.hpp"
#include "gate/input.hpp"

namespace assay::gate {

struct NpyHeader {
  ArrayType type;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
  std::uint64_t data_offset = 0;
  std::uint64_t elements = 1;
};

/// Checks that the data are all there and nothing follows; UserError naming the byte where something is wrong.
NpyHeader read_npy_header(const Input& input);

/// Whether the file starts with NumPy's magic bytes.
bool is_npy(const Input& input);

/// "(3, 4)"
std::string shape_text(const std::vector<std::uint64_t>& shape);
/// "[2,1]": place of the element that stands at `position` in the file's own order.
std::string index_text(const NpyHeader& header, std::uint64_t position);

}  // namespace assay::gate
