#include "core/error.hpp"

#include <algorithm>
#include <utility>

namespace assay {

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
    const int column = std::max(1, p.where.column);
    text += "\n  " + number + " | " + p.source_line;
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
