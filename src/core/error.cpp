#include "core/error.hpp"

#include <algorithm>
#include <utility>

#include "core/utf8.hpp"

namespace assay {

namespace {

/// A line as it is shown: of a long one what stands around its column, which is moved along.
std::string excerpt(std::string_view line, int& column) {
  constexpr std::size_t longest = 160, before = 60;
  const auto at = static_cast<std::size_t>(column) - 1;
  if (at <= before || utf8_bytes(line, longest) == line.size()) return printable(line, longest);
  line.remove_prefix(utf8_bytes(line, at - before));
  const std::string_view cut = "...";
  column = static_cast<int>(cut.size() + before + 1);
  return std::string(cut) + printable(line, longest);
}

}  // namespace

std::string to_text(const SourcePos& pos) {
  if (pos.file.empty() || pos.line == 0) return pos.file;
  std::string text = pos.file + ":" + std::to_string(pos.line);
  if (pos.column > 0) text += ":" + std::to_string(pos.column);
  return text;
}

std::string render(const Problem& p) {
  std::string text = to_text(p.where);
  if (!text.empty()) text += ": ";
  text += p.what;
  if (!p.source_line.empty() && p.where.line > 0) {
    const std::string number = std::to_string(p.where.line);
    int column = std::max(1, p.where.column);
    text += "\n  " + number + " | " + excerpt(p.source_line, column);
    text += "\n  " + std::string(number.size(), ' ') + " | " + std::string(column - 1, ' ') +
            std::string(std::max(1, p.caret_length), '^');
  }
  if (!p.expected.empty()) text += "\n  expected " + p.expected;
  if (!p.found.empty()) text += "\n  found " + p.found;
  if (!p.hint.empty()) text += "\n  " + p.hint;
  return text;
}

Error::Error(Exit code, Problem problem) : code_(code), problem_(std::move(problem)), text_(render(problem_)) {}

}  // namespace assay
