// Words, quantities and signs of one block, and its sentences. Tokens know which word sets of the rules they
// belong to, so that matching a rule compares small integers. Cost: one pass, one hash look-up a word.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "claims/document.hpp"
#include "claims/quantity.hpp"

namespace assay::claims {

class Vocabulary;

enum class TokenKind : std::uint8_t { word, quantity, sign, code, url, cell_break, hard_break };

struct Token {
  TextRange text;
  TokenKind kind = TokenKind::word;
  std::uint8_t style = 0;
  bool space_before = false;  // blanks stand before it
  bool joined = false;        // by a hyphen or slash to the token before: "GPU-accelerated"
  bool capital = false;       // begins with an upper-case letter
  bool all_caps = false;
  bool identifier = false;  // contains an underscore, "::", a digit within letters, or inner capitals
  char sign = 0;  // kind sign: the ASCII character; typographic ones are mapped ('~' for ≈, 'x' for ×, ...)
  std::uint8_t cell = 0;       // column, in a table row
  std::uint32_t sets = 0;      // handle of the word sets it belongs to (Vocabulary::sets_of)
  std::uint32_t quantity = 0;  // index into Tokens::quantities
};

struct Sentence {
  std::uint32_t begin = 0, end = 0;  // tokens
};

struct Tokens {
  std::vector<Token> list;
  std::vector<Quantity> quantities;
  std::vector<Sentence> sentences;
  void clear() { list.clear(), quantities.clear(), sentences.clear(); }
};

// Replaces what `out` holds. A table row is one sentence, as is a heading. `style_at` is a cursor into
// document.styles that the caller keeps between calls for increasing text (start with 0).
void tokenize(const Document& document, const Block& block, Vocabulary& words, std::size_t& style_at,
              Tokens& out);

// The same for loose text, as in the examples of rules and in table heads.
void tokenize(std::string_view text, Vocabulary& words, Tokens& out);

}  // namespace assay::claims
