// Reading rule packs and matching them.
// SPDX-License-Identifier: MIT
#include "claims/rules.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <stdexcept>

#include "core/error.hpp"

namespace assay::claims {

class RegexRule {
 public:
  RegexRule(const std::string& pattern, std::uint32_t owner)
      : re_("(" + pattern + ")", options()), owner_(owner) {}
  const re2::RE2& re() const { return re_; }
  std::uint32_t owner() const { return owner_; }

 private:
  static re2::RE2::Options options() {
    re2::RE2::Options o;
    o.set_log_errors(false);
    o.set_case_sensitive(false);
    o.set_max_mem(1 << 20);  // a user's pattern may be slow to compile, never slow to match
    return o;
  }
  re2::RE2 re_;
  std::uint32_t owner_;
};

RuleSet::RuleSet() = default;
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;

[[noreturn]] static void refuse(std::string_view file, const PackPlace& at, std::string what,
                                std::string expected = {}) {
  throw UserError(Problem{.what = std::move(what),
                          .where = {std::string(file), static_cast<int>(at.line), static_cast<int>(at.column)},
                          .expected = std::move(expected)});
}

void RuleSet::add(std::string_view file, const Pack& pack, Examples examples) {
  for (const auto& [name, words, at] : pack.words) {
    WordLists::mapped_type flat;
    for (const auto& word : words) {
      if (!word.starts_with('$'))
        flat.push_back(word);
      else if (const auto other = lists_.find(word.substr(1)); other != lists_.end())
        flat.insert(flat.end(), other->second.begin(), other->second.end());
      else
        refuse(file, at, "unknown word list " + word, "a list defined above");
    }
    lists_[name] = std::move(flat);
  }
  for (const PackRule& rule : pack.rules) add_rule(file, rule, examples);
}

void RuleSet::add_rule(std::string_view file, const PackRule& written, Examples examples) {
  const Rule& rule = written.rule;
  if (find(rule.id)) refuse(file, written.at, fmt::format("rule \"{}\" is defined twice", rule.id));
  const auto index = static_cast<std::uint32_t>(rules_.size());
  for (const auto& pattern : written.patterns) try {
      for (auto& compiled : compile_pattern(pattern, lists_, sets_)) {
        auto& kind = rule.role == RuleRole::heading   ? headings_
                     : rule.role == RuleRole::trigger ? triggers_
                                                      : context_;
        const auto anchor = kind.add(std::move(compiled), index, sets_);
        if (anchor && rule.role == RuleRole::trigger) sets_.mark(*anchor);
      }
    } catch (const std::invalid_argument& e) {
      refuse(file, written.pattern_at,
             fmt::format("rule \"{}\", pattern \"{}\": {}", rule.id, pattern, e.what()));
    }
  for (const auto& regex : written.regexes) {
    regexes_.push_back(std::make_unique<RegexRule>(regex, index));
    if (!regexes_.back()->re().ok())
      refuse(file, written.regex_at, fmt::format("rule \"{}\": {}", rule.id, regexes_.back()->re().error()));
  }
  rules_.push_back(rule);
  if (examples == Examples::trust) return;
  if (written.matches.empty())
    refuse(file, written.at, fmt::format("rule \"{}\" has no sentence that it matches", rule.id),
           "match = [\"...\"]");
  for (const auto& example : written.matches) check(rule, index, example, true, file);
  for (const auto& example : written.no_matches) check(rule, index, example, false, file);
}

void RuleSet::check(const Rule& rule, std::uint32_t index, const std::string& example, bool wanted,
                    std::string_view file) const {
  Vocabulary words(sets_);
  Tokens tokens;
  tokenize(example, words, tokens);
  std::vector<PatternMatch> found;
  for (const Sentence sentence : tokens.sentences) {
    Present present;
    present.set(tokens, sentence, words);
    if (rule.role == RuleRole::heading)
      match_heading(tokens, sentence, words, found);
    else if (rule.role == RuleRole::trigger)
      match_triggers(tokens, sentence, example, words, present, found);
    else
      match_context(tokens, sentence, example, words, present, found);
  }
  const bool matched =
      std::any_of(found.begin(), found.end(), [&](const PatternMatch& m) { return m.owner == index; });
  if (matched == wanted) return;
  throw UserError(Problem{.what = fmt::format("rule \"{}\" does not behave as its examples say", rule.id),
                          .where = {std::string(file), static_cast<int>(rule.line), 1},
                          .expected = wanted ? "a match" : "no match",
                          .found = wanted ? "none in \"" + example + "\"" : "one in \"" + example + "\"",
                          .hint = "change the pattern or the example"});
}

const Rule* RuleSet::find(std::string_view id) const {
  for (const auto& rule : rules_)
    if (rule.id == id) return &rule;
  return nullptr;
}

void RuleSet::match_triggers(const Tokens& tokens, Sentence sentence, std::string_view text,
                             const Vocabulary& words, Present& present, std::vector<PatternMatch>& out) const {
  if (present.marked) triggers_.find(tokens, sentence, words, present, out);
  if (!regexes_.empty()) match_regexes(true, tokens, sentence, text, out);
}

void RuleSet::match_triggers(const std::vector<std::uint32_t>& possible, const Tokens& tokens,
                             Sentence sentence, std::string_view text, const Vocabulary& words,
                             const Present& present, std::vector<PatternMatch>& out) const {
  if (present.marked) triggers_.find_among(possible, tokens, sentence, words, present, out);
  if (!regexes_.empty()) match_regexes(true, tokens, sentence, text, out);
}

void RuleSet::match_context(const Tokens& tokens, Sentence sentence, std::string_view text,
                            const Vocabulary& words, Present& present, std::vector<PatternMatch>& out) const {
  context_.find(tokens, sentence, words, present, out);
  if (!regexes_.empty()) match_regexes(false, tokens, sentence, text, out);
}

void RuleSet::match_regexes(bool triggers, const Tokens& tokens, Sentence sentence, std::string_view text,
                            std::vector<PatternMatch>& out) const {
  if (sentence.begin == sentence.end) return;
  const auto base = tokens.list[sentence.begin].text.begin;
  for (const auto& rule : regexes_) {
    if ((rules_[rule->owner()].role == RuleRole::trigger) != triggers) continue;
    re2::StringPiece rest(text.data(), text.size()), found;
    while (re2::RE2::FindAndConsume(&rest, rule->re(), &found) && !found.empty()) {
      const auto begin = base + static_cast<std::uint32_t>(found.data() - text.data());
      const auto end = begin + static_cast<std::uint32_t>(found.size());
      PatternMatch match{rule->owner(), sentence.end, sentence.begin};
      for (auto i = sentence.begin; i < sentence.end; ++i)
        if (tokens.list[i].text.begin < end && tokens.list[i].text.end > begin)
          match.begin = std::min(match.begin, i), match.end = std::max(match.end, i + 1);
      if (match.begin < match.end) out.push_back(match);
    }
  }
}

void RuleSet::match_heading(const Tokens& tokens, Sentence sentence, const Vocabulary& words,
                            std::vector<PatternMatch>& out) const {
  Present present;
  present.set(tokens, sentence, words);
  headings_.find(tokens, sentence, words, present, out);
}

const Builtin& builtin() {
  static const Builtin all = [] {
    Builtin out;
    decode(builtin_encoded(), out.packs, out.model);
    return out;
  }();
  return all;
}

const RuleSet& builtin_rules() {
  static const RuleSet rules = [] {
    RuleSet set;
    for (const auto& pack : builtin().packs) set.add("built-in", pack, RuleSet::Examples::trust);
    return set;
  }();
  return rules;
}

}  // namespace assay::claims
