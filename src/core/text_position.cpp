#include "core/text_position.hpp"

#include <algorithm>

#include "core/utf8.hpp"

namespace assay {

Problem problem_at(std::string_view text, std::string_view source, std::size_t offset, int caret_length) {
  constexpr std::size_t longest_line = 160;
  const auto before = text.substr(0, std::min(offset, text.size()));
  const auto newline = before.rfind('\n');
  const auto line_start = newline == std::string_view::npos ? 0 : newline + 1;
  const auto line_end = std::min(text.find('\n', before.size()), text.size());
  const auto line_text = text.substr(line_start, line_end - line_start);
  Problem problem;
  problem.where.file = std::string(source);
  problem.where.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  problem.where.column = 1 + static_cast<int>(utf8_count(before.substr(line_start)));
  problem.caret_length = std::max(1, caret_length);
  if (line_text.size() <= longest_line && utf8_valid(line_text)) problem.source_line = std::string(line_text);
  return problem;
}

}  // namespace assay
