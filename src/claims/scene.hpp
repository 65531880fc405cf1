// One sentence with everything that matched in it, and the questions that features ask: what stands before the
// anchor in its clause, is this word inside a link, which figures belong to it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "claims/document.hpp"
#include "claims/model.hpp"
#include "claims/rules.hpp"
#include "claims/token.hpp"

namespace assay::claims {

// Where a cue stands as seen from the anchor: close before it, before it in its clause, after it in its clause,
// or in another clause of the sentence.
enum class Place : std::uint8_t { near, before, after, elsewhere };
inline constexpr std::size_t place_count = 4;

struct Span {
  std::uint32_t begin = 0, end = 0;  // tokens
  bool overlaps(Span o) const { return begin < o.end && o.begin < end; }
  bool contains(Span o) const { return begin <= o.begin && o.end <= end; }
};

class Scene {
 public:
  // Sorts the matches of one sentence: triggers that an exclusion covers and negations that a fixed phrase
  // turns into a promise ("without sacrificing") are dropped.
  void set(const Document& document, const Block& block, const Tokens& tokens, Sentence sentence,
           const std::vector<PatternMatch>& matches, const RuleSet& rules, const FeatureSpace& features);

  const Document& document() const { return *document_; }
  const Block& block() const { return *block_; }
  const Tokens& tokens() const { return *tokens_; }
  const Token& token(std::uint32_t i) const { return tokens_->list[i]; }
  Sentence sentence() const { return sentence_; }

  struct Trigger {
    std::uint32_t rule;
    Span span;
    std::uint8_t classes;  // what exclusions left of the rule's classes
  };
  struct Cue {
    std::uint8_t cue;
    Span span;
    bool negative = false;  // a negation, of either kind
  };
  const std::vector<Trigger>& triggers() const { return triggers_; }
  const std::vector<Cue>& cues() const { return cues_; }

  Place place_of(Span cue, Span anchor) const;
  // "no overhead", "not required": the negation belongs to the words that make the claim.
  static bool is_part_of_trigger(const Cue& cue, const Trigger& trigger);
  std::uint16_t clause_of(std::uint32_t token) const { return clauses_[token - sentence_.begin]; }
  bool in_parentheses(std::uint32_t token) const { return parens_[token - sentence_.begin]; }
  bool all_link() const { return all_link_; }
  std::uint32_t word_count() const { return words_; }
  std::uint32_t first_content() const { return first_content_; }  // first token that is no sign
  char last_sign() const { return last_sign_; }

 private:
  std::string_view word(std::uint32_t i) const {
    const auto at = token(i).text;
    return document_ ? std::string_view(document_->text).substr(at.begin, at.size()) : std::string_view();
  }
  void cut_clauses();
  void sort_matches(const std::vector<PatternMatch>& matches, const RuleSet& rules,
                    const FeatureSpace& features);

  const Document* document_ = nullptr;
  const Block* block_ = nullptr;
  const Tokens* tokens_ = nullptr;
  Sentence sentence_;
  std::vector<Trigger> triggers_;
  std::vector<Cue> cues_;
  std::vector<std::uint16_t> clauses_;
  std::vector<bool> parens_;
  std::vector<Span> affirmed_;
  bool all_link_ = false;
  std::uint32_t words_ = 0, first_content_ = 0;
  char last_sign_ = 0;
};

}  // namespace assay::claims
