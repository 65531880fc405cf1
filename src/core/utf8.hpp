// UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay {

/// Bytes of the valid character at the start of text, 1 to 4; 0 if there is none.
std::size_t utf8_length(std::string_view text);

/// Appends a code point; it must be a valid one.
void append_utf8(std::string& out, std::uint32_t code_point);

/// Characters in text; a byte that belongs to no valid character counts as one. JSON Schema counts lengths so.
std::size_t utf8_count(std::string_view text);

/// Bytes of the first so many characters, or of all.
std::size_t utf8_bytes(std::string_view text, std::size_t characters);

/// Foreign text in one line of a terminal: control characters (tabs excepted) as '?', so that no file can move
/// the cursor, and what is beyond so many characters as "...".
std::string printable(std::string_view text, std::size_t most);

bool utf8_valid(std::string_view text);

}  // namespace assay
