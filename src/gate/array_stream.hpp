// Elements of a binary array from any offset, decoded to the widest type of their kind.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/array_type.hpp"
#include "gate/compare.hpp"
#include "gate/input.hpp"

namespace assay::gate {

/// One side: where the numbers start and what they are. Complex elements count as two numbers.
struct ArraySource {
  const Input* input = nullptr;
  std::uint64_t offset = 0;
  ArrayType type;
};

/// Compares `count` numbers of both sides from their start, in segments that threads share. Memory is a few
/// hundred KiB a thread. Both sides must be of the same kind and size; byte order may differ.
void compare_arrays(Comparison& comparison, const ArraySource& a, const ArraySource& b, std::uint64_t count);

/// The same for two orders of storage of one shape: numbers of b are looked up where a's order needs them.
/// `step` is b's distance, in elements, of a neighbour along each axis; axes from the slowest of a to the
/// fastest.
void compare_reordered(Comparison& comparison, const ArraySource& a, const ArraySource& b,
                       const std::vector<std::uint64_t>& shape, const std::vector<std::uint64_t>& step);

}  // namespace assay::gate
