// Rule packs: TOML files of word lists and rules. The built-in packs are part of the binary; users add their
// own.
//
//   [words]                                     # lists that patterns name with $
//   device = ["gpu", "gpus", "=Metal"]
//   [[rule]]
//   id = "speed.faster"                         # unique
//   pack = "performance"
//   role = "trigger"                            # trigger | exclude | cue | heading
//   class = "speed"                             # trigger: the class it speaks for; exclude: the classes it
//   silences cue = "negation"                            # cue, heading: what it tells (see Finder) weight
//   = 1.5                                # trigger: prior log-odds that a sentence with it is a claim pattern =
//   ["<ratio> faster", ...]           # token patterns (pattern.hpp), or regex = "..." # RE2 over the sentence,
//   for what tokens cannot say (slower) match = ["..."]  no-match = ["..."]         # sentences that must and
//   must not match: checked on load
//
// A rule without a sentence that it matches is refused: a rule that cannot fire is worse than none.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claims/pack.hpp"
#include "claims/pattern.hpp"

namespace assay::claims {

class RegexRule;  // RE2 behind it

class RuleSet {
 public:
  RuleSet();
  ~RuleSet();
  RuleSet(RuleSet&&) noexcept;
  RuleSet& operator=(RuleSet&&) noexcept;

  // Adds a pack. Throws UserError (file:line:column, what was expected) for a malformed rule, an unknown word
  // list, a duplicate id, or an example that does not behave. `check_examples` is skipped only for the built-in
  // packs, whose examples the unit tests check.
  enum class Examples { check, trust };
  void add(std::string_view file, const Pack& pack, Examples examples);
  void add(std::string_view file, std::string_view toml, Examples examples) {
    add(file, read_pack(file, toml), examples);
  }

  const std::vector<Rule>& rules() const { return rules_; }
  const Rule* find(std::string_view id) const;
  const WordSets& word_sets() const { return sets_; }

  // `present`: of this sentence. Matches of trigger rules; owner is the index of the rule. Most sentences have
  // none and need no more.
  void match_triggers(const Tokens& tokens, Sentence sentence, std::string_view text, const Vocabulary& words,
                      Present& present, std::vector<PatternMatch>& out) const;
  // The same where it is known which of trigger_patterns() may match.
  void match_triggers(const std::vector<std::uint32_t>& possible, const Tokens& tokens, Sentence sentence,
                      std::string_view text, const Vocabulary& words, const Present& present,
                      std::vector<PatternMatch>& out) const;
  const PatternSet& trigger_patterns() const { return triggers_; }
  bool has_regexes() const { return !regexes_.empty(); }
  // Matches of exclude and cue rules.
  void match_context(const Tokens& tokens, Sentence sentence, std::string_view text, const Vocabulary& words,
                     Present& present, std::vector<PatternMatch>& out) const;
  // Matches of heading rules, for headings, lead-ins and column heads.
  void match_heading(const Tokens& tokens, Sentence sentence, const Vocabulary& words,
                     std::vector<PatternMatch>& out) const;

 private:
  void match_regexes(bool triggers, const Tokens& tokens, Sentence sentence, std::string_view text,
                     std::vector<PatternMatch>& out) const;
  void add_rule(std::string_view file, const PackRule& written, Examples examples);
  void check(const Rule& rule, std::uint32_t index, const std::string& example, bool wanted,
             std::string_view file) const;

  WordSets sets_;
  WordLists lists_;
  std::vector<Rule> rules_;
  PatternSet triggers_, context_, headings_;
  std::vector<std::unique_ptr<RegexRule>> regexes_;
};

// The packs inside the binary: performance, hpc-contract, release, accuracy and the shared context rules.
const RuleSet& builtin_rules();
// The same as they were written, and the weights that go with them.
struct Builtin {
  std::vector<Pack> packs;
  ModelText model;
};
const Builtin& builtin();
std::string_view builtin_encoded();

// The files that the above were read from.
struct BuiltinFile {
  std::string_view name, content;
};
std::vector<BuiltinFile> builtin_files();        // the packs
std::vector<BuiltinFile> builtin_model_files();  // model.toml, weights.toml

}  // namespace assay::claims
