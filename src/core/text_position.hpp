// From a byte offset to what a person needs: file, line, column, the text of the line.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "core/error.hpp"

namespace assay {

/// A problem with its place filled in: line and column count from 1, columns in characters. The line's text is
/// left out when it is too long to help (over 160 bytes). Costs one pass over the text before the offset.
Problem problem_at(std::string_view text, std::string_view source, std::size_t offset, int caret_length = 1);

}  // namespace assay
