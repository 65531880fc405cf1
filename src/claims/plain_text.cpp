// Plain text: paragraphs between blank lines, bullets, underlined headings. Lines that are indented far are
// code.
// SPDX-License-Identifier: MIT
#include "claims/builder.hpp"
#include "claims/formats.hpp"
#include "claims/lines.hpp"

namespace assay::claims {
namespace {

bool is_underline(std::string_view line) {
  const auto words = trimmed(line);
  return words.size() >= 3 && std::string_view("=-~^*#").find(words[0]) != std::string_view::npos &&
         words.find_first_not_of(words[0]) == std::string_view::npos;
}

// "claim(perf.scan)" or "# claims-ignore(speed reason="...")" alone on a line: the form for text without
// comments.
std::string remark_in(std::string_view words) {
  while (!words.empty() && std::string_view("#;/*-% ").find(words.front()) != std::string_view::npos)
    words.remove_prefix(1);
  const auto open = words.find('(');
  if (open == std::string_view::npos || !words.starts_with("claim") || !words.ends_with(')')) return {};
  if (words.substr(0, open).find_first_not_of("abcdefghijklmnopqrstuvwxyz-") != std::string_view::npos)
    return {};
  return std::string(words.substr(0, open)) + ": " +
         std::string(words.substr(open + 1, words.size() - open - 2));
}

}  // namespace

Document read_plain_text(std::string name, std::string source) {
  Document document;
  document.name = std::move(name);
  document.source = std::move(source);
  DocumentBuilder builder(document);
  const auto lines = lines_of(document.source);
  bool in_list = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto words = trimmed(lines[i]);
    if (const auto said = remark_in(words); !said.empty()) {
      builder.remark(words, said);
      continue;
    }
    if (words.empty() || is_underline(lines[i])) {
      builder.end();
      continue;
    }
    if (i + 1 < lines.size() && is_underline(lines[i + 1]) && !builder.open()) {
      if (in_list) builder.end_list(), in_list = false;
      builder.begin(BlockKind::heading, trimmed(lines[i + 1])[0] == '=' ? 1 : 2);
      builder.append(words);
      builder.end();
      continue;
    }
    const auto bullet = bullet_length(words);
    if (bullet) {
      if (!in_list) builder.begin_list(), in_list = true;
      builder.begin_item();
      builder.append(words.substr(bullet));
      continue;
    }
    if (!builder.open()) {
      if (in_list && indent_of(lines[i]) == 0) builder.end_list(), in_list = false;
      if (!in_list && indent_of(lines[i]) >= 4) continue;
      builder.begin(BlockKind::paragraph);
    } else {
      builder.space();
    }
    builder.append(words);
  }
  builder.end();
  return document;
}

}  // namespace assay::claims
