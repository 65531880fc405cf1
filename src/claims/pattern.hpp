// Patterns over tokens, the language of the rule packs:
//   fast  accelerat*  =Metal     a word in any case, any ending, exactly as written
//   (run|runs)  $device          one of several; a named word list of the pack
//   faster than?                 the last word may be missing
//   $runs ..4 $device            up to 4 other tokens between (never across a table cell or a line break)
//   <ratio> <percent|time> <any> a quantity of that kind; any quantity that can be a figure
//   <number>  <name>  <code>     any number; a capitalised word or identifier or code; inline code
//   ^  <end>                     the beginning and the end of the sentence
//   ':' '+'                      a sign
// Hyphens are blanks: "gpu accelerated" finds "GPU-accelerated". Matching is linear in the sentence: patterns
// are short and gaps bounded.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "claims/token.hpp"
#include "claims/vocabulary.hpp"

namespace assay::claims {

struct Element {
  enum class Kind : std::uint8_t { words, quantity, name, code, sign, begin, end };
  Kind kind = Kind::words;
  bool optional = false;
  std::uint8_t gap = 0;  // tokens that may stand before it
  char sign = 0;
  SetId set = 0;
  std::uint16_t quantity_kinds = 0;  // bit i: QuantityKind i
};

struct Pattern {
  std::vector<Element> elements;
};

using WordLists = std::map<std::string, std::vector<std::string>>;

// Throws std::invalid_argument that says what is wrong with the pattern. Alternatives over an optional first
// element are expanded, hence several results.
std::vector<Pattern> compile_pattern(std::string_view text, const WordLists& lists, WordSets& sets);

struct PatternMatch {
  std::uint32_t owner = 0;           // who added the pattern
  std::uint32_t begin = 0, end = 0;  // tokens
};

class PatternSet {
 public:
  void add(Pattern pattern, std::uint32_t owner);

  // Appends all matches within [sentence.begin, sentence.end), in order of their first token. One match an
  // owner and start.
  void find(const Tokens& tokens, Sentence sentence, const Vocabulary& words,
            std::vector<PatternMatch>& out) const;

 private:
  struct Owned {
    Pattern pattern;
    std::uint32_t owner;
    std::vector<SetId> needed;  // word sets that any match has, the first element's left out
  };
  void try_at(std::uint32_t index, const Tokens& tokens, Sentence sentence, std::uint32_t at,
              const Vocabulary& words, const std::vector<std::uint64_t>& present,
              std::vector<PatternMatch>& out) const;

  std::vector<Owned> patterns_;
  std::vector<std::vector<std::uint32_t>> by_set_;  // first element: words
  std::vector<std::uint32_t> by_quantity_, at_begin_;
};

}  // namespace assay::claims
