// Lines of a text as views, for the readers that scan line by line.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "core/text.hpp"

namespace assay::claims {

inline std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const auto end = text.find_first_of("\r\n");
    if (end == std::string_view::npos) {
      lines.push_back(text);
      break;
    }
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return lines;
}

inline std::size_t indent_of(std::string_view line) {
  std::size_t n = 0;
  while (n < line.size() && (line[n] == ' ' || line[n] == '\t')) ++n;
  return n;
}

// Length of a list marker with its blank ("- ", "12. "), or 0.
inline std::size_t bullet_length(std::string_view line) {
  if (line.size() < 2) return 0;
  if ((line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ') return 2;
  if (line.starts_with("•")) return 3;
  std::size_t n = 0;
  while (n < line.size() && n < 4 && line[n] >= '0' && line[n] <= '9') ++n;
  if (line[0] == '#') n = 1;  // "#." of reStructuredText
  const bool numbered =
      n > 0 && n + 1 < line.size() && (line[n] == '.' || line[n] == ')') && line[n + 1] == ' ';
  return numbered ? n + 2 : 0;
}

}  // namespace assay::claims
