// Positions: from rendered text back to source bytes, from bytes to lines and columns.
// SPDX-License-Identifier: MIT
#include "claims/document.hpp"

#include <algorithm>

namespace assay::claims {

std::uint32_t Document::source_offset(std::uint32_t text_offset) const {
  auto run = std::upper_bound(runs.begin(), runs.end(), text_offset,
                              [](std::uint32_t offset, const Run& r) { return offset < r.text; });
  while (run != runs.begin()) {
    --run;
    if (run->source != synthetic) {
      auto next = run + 1;
      const std::uint32_t length =
          (next == runs.end() ? static_cast<std::uint32_t>(text.size()) : next->text) - run->text;
      const std::uint32_t into = text_offset - run->text;
      return run->source + std::min(into, length ? length - 1 : 0);
    }
  }
  return 0;
}

static std::uint32_t code_points(std::string_view bytes) {
  return static_cast<std::uint32_t>(std::count_if(
      bytes.begin(), bytes.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

LineIndex::LineIndex(std::string_view source) : source_(source) {
  starts_.push_back(source.starts_with("\xef\xbb\xbf") ? 3 : 0);
  // Files with bare carriage returns are rare, and their lines are found byte by byte.
  const bool returns = source.find('\r') != std::string_view::npos;
  if (!returns) {
    for (auto at = source.find('\n'); at != std::string_view::npos; at = source.find('\n', at + 1))
      starts_.push_back(static_cast<std::uint32_t>(at + 1));
    return;
  }
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] != '\n' && source[i] != '\r') continue;
    const bool first_of_two = source[i] == '\r' && i + 1 < source.size() && source[i + 1] == '\n';
    if (!first_of_two) starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

Position LineIndex::at(std::uint32_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto line = after == starts_.begin() ? starts_.begin() : after - 1;
  Position position{static_cast<std::uint32_t>(line - starts_.begin()) + 1, 1};
  if (marked_line_ != position.line) {
    marked_line_ = position.line;
    marks_.assign(1, 1);
  }
  const auto end = std::min(offset, static_cast<std::uint32_t>(source_.size()));
  const auto begin = std::min(*line, end);
  const std::size_t mark = (end - begin) / mark_distance;
  while (marks_.size() <= mark) {
    const auto from = begin + static_cast<std::uint32_t>(marks_.size() - 1) * mark_distance;
    marks_.push_back(marks_.back() + code_points(source_.substr(from, mark_distance)));
  }
  const auto from = begin + static_cast<std::uint32_t>(mark) * mark_distance;
  position.column = marks_[mark] + code_points(source_.substr(from, end - from));
  return position;
}

std::string_view LineIndex::line(std::uint32_t number) const {
  if (number == 0 || number > starts_.size()) return {};
  const std::uint32_t begin = starts_[number - 1];
  std::uint32_t end = number < starts_.size() ? starts_[number] : static_cast<std::uint32_t>(source_.size());
  while (end > begin && (source_[end - 1] == '\n' || source_[end - 1] == '\r')) --end;
  return source_.substr(begin, end - begin);
}

}  // namespace assay::claims
