// Looking for words.
// SPDX-License-Identifier: MIT
#include "claims/binding/scope.hpp"

#include <algorithm>
#include <cctype>

namespace assay::claims {
namespace {

bool gap(char c) {
  return std::isspace(static_cast<unsigned char>(c)) || c == Document::hard_break || c == Document::cell_break;
}
bool word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || (static_cast<unsigned char>(c) & 0x80);
}
char small(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Bytes of text that the words take at its start; 0 when they do not stand there.
std::size_t match(std::string_view text, std::string_view words) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (gap(words[i])) {
      if (at >= text.size() || !gap(text[at])) return 0;
      while (at < text.size() && gap(text[at])) ++at;
      while (i + 1 < words.size() && gap(words[i + 1])) ++i;
    } else if (at >= text.size() || small(text[at++]) != small(words[i])) {
      return 0;
    }
  }
  return at;
}

std::vector<std::pair<std::size_t, std::size_t>> find_all(std::string_view text, std::string_view words) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  if (words.empty()) return out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (small(text[i]) != small(words[0])) continue;
    if (i > 0 && word_byte(text[i - 1]) && word_byte(words[0])) continue;
    const auto n = match(text.substr(i), words);
    if (n == 0 || (i + n < text.size() && word_byte(text[i + n]) && word_byte(words.back()))) continue;
    const bool digits_go_on = i + n + 1 < text.size() && (text[i + n] == '.' || text[i + n] == ',') &&
                              std::isdigit(static_cast<unsigned char>(words.back())) &&
                              std::isdigit(static_cast<unsigned char>(text[i + n + 1]));
    const bool digits_before = i > 1 && (text[i - 1] == '.' || text[i - 1] == ',') &&
                               std::isdigit(static_cast<unsigned char>(words[0])) &&
                               std::isdigit(static_cast<unsigned char>(text[i - 2]));
    if (!digits_go_on && !digits_before) out.emplace_back(i, n);
  }
  return out;
}

bool says(const Document& d, TextRange range, const std::string& words) {
  return !find_all(d.view(range), words).empty();
}

bool says_near(const Document& d, std::size_t block, const std::string& words) {
  const Block& b = d.blocks[block];
  if (says(d, b.text, words)) return true;
  if (b.table != none) {
    const auto& heads = d.tables[static_cast<std::size_t>(b.table)].headers;
    if (std::any_of(heads.begin(), heads.end(), [&](const auto& h) { return !find_all(h, words).empty(); }))
      return true;
  }
  if (b.lead_in != none && says(d, d.blocks[static_cast<std::size_t>(b.lead_in)].text, words)) return true;
  for (auto h = b.heading; h != none; h = d.blocks[static_cast<std::size_t>(h)].heading)
    if (says(d, d.blocks[static_cast<std::size_t>(h)].text, words)) return true;
  return false;
}

}  // namespace

std::vector<TextRange> occurrences(const Document& d, TextRange range, const std::string& words) {
  std::vector<TextRange> out;
  for (const auto& [at, size] : find_all(d.view(range), words))
    out.push_back(
        {range.begin + static_cast<std::uint32_t>(at), range.begin + static_cast<std::uint32_t>(at + size)});
  return out;
}

std::vector<std::string> missing_scope(const Document& d, TextRange text,
                                       const std::vector<std::string>& scope) {
  std::vector<std::string> out;
  for (const auto& words : scope) {
    bool found = says(d, text, words);
    for (std::size_t b = 0; b < d.blocks.size() && !found; ++b) {
      const auto range = d.blocks[b].text;
      if (range.begin < text.end && text.begin < range.end) found = says_near(d, b, words);
    }
    if (!found) out.push_back(words);
  }
  return out;
}

}  // namespace assay::claims
