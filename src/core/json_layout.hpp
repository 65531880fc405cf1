// The layout rules of to_text, shared by the whole-document writer and the stream.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/json.hpp"

namespace assay::json_layout {

// Appends text as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
void append_string(std::string& out, std::string_view text);

/// Where a value stands: it may use the line up to this column before it is broken.
inline constexpr std::size_t kMemberColumns = 100;   ///< in an object
inline constexpr std::size_t kElementColumns = 200;  ///< in an array, whose elements are rows of a table

/// Appends a value whose first character stands in `column` of a line indented by `margin` spaces.
void append_value(std::string& out, const Json& value, int indent, std::size_t margin, std::size_t column,
                  std::size_t columns);

}  // namespace assay::json_layout
