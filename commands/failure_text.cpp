#include "commands/failure_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"

namespace assay::commands {
namespace {

constexpr std::size_t kMostLines = 20;

/// The last lines of a stream, indented.
std::string last_lines(const std::string& name, const std::string& stream) {
  std::string_view text = stream;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  if (text.empty()) return {};
  std::size_t lines = 0, at = text.size();
  while (at > 0 && lines < kMostLines) {
    const auto newline = text.rfind('\n', at - 1);
    at = newline == std::string_view::npos ? 0 : newline;
    ++lines;
  }
  std::string out = "  " + name + (at > 0 ? " ends with:\n" : ":\n");
  if (at > 0) text.remove_prefix(at + 1);
  while (true) {
    const auto newline = text.find('\n');
    out += "    " + std::string(text.substr(0, newline)) + "\n";
    if (newline == std::string_view::npos) return out;
    text.remove_prefix(newline + 1);
  }
}

}  // namespace

std::string shell_quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%^{}";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  return in_single_quotes(word);
}

std::string only_task(const std::vector<std::string>& command_line, std::size_t index) {
  std::string text, tail;
  const auto dashes = std::find(command_line.begin(), command_line.end(), "--");
  for (auto it = command_line.begin(); it != dashes; ++it) {
    const std::string name = it->substr(0, it->find('='));
    if (name == "--resume" || name == "--overwrite" || name == "--shuffle" || name == "--explain") continue;
    if (name == "--only" || name == "--rerun" || name == "--sample" || name == "--recheck") {
      if (it->size() == name.size() && it + 1 != dashes) ++it;
      continue;
    }
    text += shell_quoted(*it) + " ";
  }
  for (auto it = dashes; it != command_line.end(); ++it) tail += " " + shell_quoted(*it);
  return text + "--only " + std::to_string(index) + tail;
}

std::string failure_text(const run::Study& study, const run::Failure& failure, std::size_t failed,
                         const std::vector<std::string>& command_line) {
  std::string point;
  for (const auto& [name, value] : study.points().at(failure.index))
    point += (point.empty() ? "" : ", ") + name + " = " + value_text(value);
  std::string text = fmt::format("task {} failed{}{}: {}\n", failure.index, point.empty() ? "" : " at ", point,
                                 failure.outcome.message);
  if (!failure.outcome.log.empty()) {
    const auto& last = failure.outcome.log.back();
    text += last_lines("stderr", last.err) + (last.err.empty() ? last_lines("stdout", last.out) : "");
    if (failure.outcome.attempts > 1)
      text += fmt::format("  it was tried {} times\n", failure.outcome.attempts);
  }
  if (failed > 1) text += fmt::format("  {} more failed\n", failed - 1);
  return text + "  run it alone: " + only_task(command_line, failure.index);
}

}  // namespace assay::commands
