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
#include <optional>
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

// What a sentence has, so that most patterns are passed over without a walk. Shared by the pattern sets that
// look at one sentence.
struct Present {
  bool marked = false;                             // a quantity, or a word of a marked set
  std::vector<std::uint32_t> lexical, quantities;  // tokens

  void set(const Tokens& tokens, Sentence sentence, const Vocabulary& words);
  bool has(SetId set) const { return (sets_[set / 64] >> (set % 64) & 1) != 0; }
  std::uint64_t sets(std::size_t word) const { return sets_[word]; }
  void collect(const Tokens& tokens, const Vocabulary& words);  // the sets; done by the first who needs them

 private:
  std::vector<std::uint64_t> sets_;
  bool collected_ = false;
};

class PatternSet {
 public:
  // `sets` is where the pattern was compiled. Returns the set that any match has a word of, if there is one.
  std::optional<SetId> add(Pattern pattern, std::uint32_t owner, const WordSets& sets);

  // Appends all matches within [sentence.begin, sentence.end), in order of their first token. One match an
  // owner and start. Cost: a few operations for each word that belongs to a set, and a walk only for patterns
  // all of whose word sets the sentence has.
  void find(const Tokens& tokens, Sentence sentence, const Vocabulary& words, Present& present,
            std::vector<PatternMatch>& out) const;

  // The same, of some patterns only.
  void find_among(const std::vector<std::uint32_t>& patterns, const Tokens& tokens, Sentence sentence,
                  const Vocabulary& words, const Present& present, std::vector<PatternMatch>& out) const;

  struct Owned {
    Pattern pattern;
    std::uint32_t owner = 0;
    std::vector<SetId> needed;  // word sets that any match has
    SetId anchor = 0;           // the rarest of them
    bool needs_quantity = false;
    bool plain_number = false;  // one without a unit will do
  };
  const std::vector<Owned>& patterns() const { return patterns_; }

 private:
  void try_at(std::uint32_t index, const Tokens& tokens, Sentence sentence, std::uint32_t at,
              const Vocabulary& words, std::vector<PatternMatch>& out) const;
  void try_pattern(std::uint32_t index, const Tokens& tokens, Sentence sentence, const Vocabulary& words,
                   const Present& present, std::vector<PatternMatch>& out) const;
  static void put_in_order(std::vector<PatternMatch>& matches, std::size_t from);

  std::vector<Owned> patterns_;
  std::vector<std::vector<std::uint32_t>> by_anchor_;  // by the rarest word set that a match has
  std::vector<std::uint64_t> anchors_;                 // those sets, one bit each
  std::vector<std::uint32_t> by_quantity_, others_;    // without words: those with a quantity, and the rest
};

}  // namespace assay::claims
