// Whether any trigger may match in a stretch of text, told from its bytes alone: most blocks of most documents
// have no trigger, and to see that costs a fraction of cutting them into tokens. A pattern stays possible where
// every word set that it needs has a word in the text, and a number where it needs one; order and distance are
// left to the patterns. Never says no where a pattern could match.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "claims/pattern.hpp"

namespace assay::claims {

class Prefilter {
 public:
  Prefilter(const PatternSet& triggers, const WordSets& sets);

  // Replaces what `patterns` holds by those that may match, as the trigger set counts them. About two
  // nanoseconds for each byte of text.
  void possible(std::string_view text, std::vector<std::uint32_t>& patterns) const;

 private:
  using Id = std::uint16_t;  // of a word set that some trigger needs
  static constexpr std::size_t most_words = 16, most_ids = 64 * most_words;
  using Bits = std::array<std::uint64_t, most_words>;  // one for each id
  static constexpr std::size_t most_needs = 5;         // of a pattern, besides its anchor; more are not asked

  struct Need {
    std::array<Id, most_needs> sets{};
    std::uint8_t count = 0;
    std::uint32_t pattern = 0;
    bool number = false, unit = false;  // a number at all; one that may have a unit
  };
  struct Slot {
    std::uint64_t hash = 0;  // folded; 0: free
    std::uint32_t row = 0;
  };
  struct Stem {
    std::uint64_t head = 0, mask = 0;  // the first eight letters, and the bytes that they take
    std::string tail;                  // the letters behind them
    std::uint32_t row = 0;
  };
  struct Seen {
    Bits sets{};
    bool number = false, unit = false;
  };

  Id id_of(SetId set, const WordSets& sets);
  void expect(const std::string& written, Id id);
  void build();
  void build_stems();
  void add_row(std::uint32_t row, Seen& seen) const;
  void add_stems(std::uint64_t head, std::size_t key, std::string_view word, Seen& seen) const;
  class Text;
  void add_word(std::uint64_t hash, Seen& seen) const;
  void look_up(const Text& text, std::size_t begin, std::size_t end, Seen& seen) const;
  void look_up_number(const Text& text, std::size_t begin, std::size_t end, Seen& seen) const;
  static bool fits(const Need& need, const Seen& seen);

  bool always_ = false;  // a pattern that neither word nor number announces: all of them may match
  std::vector<std::uint32_t> all_;
  std::vector<std::int32_t> ids_;             // by SetId
  std::size_t count_ = 0;                     // of ids
  std::vector<std::vector<Need>> by_anchor_;  // by id
  std::vector<Need> without_words_;
  Bits anchors_{};
  // Only while it is built: by the hash of a word's first run of letters and digits, and by the letters of a
  // stem.
  std::vector<std::pair<std::uint64_t, Id>> words_;
  std::vector<std::pair<std::string, Id>> stem_words_;

  std::vector<Slot> table_;
  std::vector<Bits> rows_;                 // the sets of a word
  std::vector<Stem> stems_;                // in the order of their first three letters
  std::bitset<1u << 15> stem_known_;       // by the first three letters
  std::vector<std::uint16_t> stem_begin_;  // the same: where their stems begin
  std::bitset<1u << 16> known_;            // by hash, letters and stems: stays in the nearest cache
};

}  // namespace assay::claims
