// Small things that one does with text. ASCII only: other bytes are left as they are.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay {

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Without the blanks and line ends around it; a part of `text` even when nothing is left.
constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// What stands between the separators, empty parts too: one more than there are separators.
std::vector<std::string_view> split(std::string_view text, char separator);

std::string lower(std::string_view text);

/// `text` with each `what` written as `with`, from left to right; what was put in is not looked at again.
/// `what` is not empty.
std::string replaced(std::string_view text, std::string_view what, std::string_view with);

/// As one word in single quotes, which any shell of the Bourne family and fish read back.
std::string in_single_quotes(std::string_view text);

}  // namespace assay
