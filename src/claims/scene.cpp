// Clauses, and what is left of the matches of a sentence.
// SPDX-License-Identifier: MIT
#include "claims/scene.hpp"

#include <algorithm>
#include <array>

namespace assay::claims {
namespace {

// Words that open a clause of their own, so that a negation before them does not reach behind.
constexpr std::array<std::string_view, 10> clause_words{"but",     "while", "whereas", "although", "though",
                                                        "however", "which", "because", "yet",      "so"};

// "not yet", "has yet to": a word of time, no clause.
constexpr std::array<std::string_view, 12> before_yet{
    "not", "no", "never", "nor", "isn't", "aren't", "doesn't", "don't", "hasn't", "haven't", "has", "as"};

constexpr std::array<std::string_view, 3> denials{"no", "zero", "without"};

// "to know which is faster": a question, not a clause about what stands before.
constexpr std::array<std::string_view, 9> asking_words{"know",  "knows", "tell", "decide",   "see",
                                                       "learn", "judge", "ask",  "determine"};

template <class List>
bool is_one_of(std::string_view word, const List& list) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view w) {
    return w.size() == word.size() &&
           std::equal(w.begin(), w.end(), word.begin(), [](char a, char b) { return a == (b | 0x20); });
  });
}

}  // namespace

void Scene::set(const Document& document, const Block& block, const Tokens& tokens, Sentence sentence,
                const std::vector<PatternMatch>& matches, const RuleSet& rules, const FeatureSpace& features) {
  document_ = &document;
  block_ = &block;
  tokens_ = &tokens;
  sentence_ = sentence;
  cut_clauses();
  sort_matches(matches, rules, features);
}

void Scene::cut_clauses() {
  clauses_.clear();
  parens_.clear();
  words_ = 0;
  all_link_ = true;
  first_content_ = sentence_.end;
  last_sign_ = 0;
  std::uint16_t clause = 0;
  int depth = 0;
  for (auto i = sentence_.begin; i < sentence_.end; ++i) {
    const Token& t = token(i);
    if (t.kind == TokenKind::sign) {
      last_sign_ = t.sign;
      const bool dash = t.sign == '-' && t.space_before;
      if (t.sign == ';' || t.sign == ':' || dash || t.sign == '.' || t.sign == '!' || t.sign == '?') ++clause;
      if (t.sign == '(' || t.sign == '[') ++depth, ++clause;
      if ((t.sign == ')' || t.sign == ']') && depth > 0) --depth, ++clause;
    } else if (t.kind == TokenKind::cell_break || t.kind == TokenKind::hard_break) {
      ++clause;
    } else {
      ++words_;
      if (first_content_ == sentence_.end) first_content_ = i;
      if (!(t.style & Style::link)) all_link_ = false;
      const auto follows = [&](const auto& words) {
        return i > sentence_.begin && is_one_of(word(i - 1), words);
      };
      if (t.kind == TokenKind::word && is_one_of(word(i), clause_words) && !follows(asking_words) &&
          !(follows(before_yet) && is_one_of(word(i), std::array<std::string_view, 1>{"yet"})))
        ++clause;
    }
    clauses_.push_back(clause);
    parens_.push_back(depth > 0);
  }
  if (words_ == 0) all_link_ = false;
}

void Scene::sort_matches(const std::vector<PatternMatch>& matches, const RuleSet& rules,
                         const FeatureSpace& features) {
  triggers_.clear();
  cues_.clear();
  affirmed_.clear();
  const auto [negation, after, verb, denied, affirmed, norm] = features.scope_cues();
  for (const auto& m : matches) {
    const Rule& rule = rules.rules()[m.owner];
    const Span span{m.begin, m.end};
    if (rule.role == RuleRole::trigger)
      triggers_.push_back({m.owner, span, rule.classes});
    else if (rule.role == RuleRole::cue && features.cue_of_rule(m.owner) == affirmed)
      affirmed_.push_back(span);
  }
  // A trigger that goes further on both sides stands; so does one that denies what the exclusion names ("no
  // required dependencies").
  const auto stands = [&](Span trigger, Span cover) {
    if (trigger.begin >= cover.begin || cover.end > trigger.end) return false;
    return cover.end < trigger.end || is_one_of(word(trigger.begin), denials);
  };
  for (const auto& m : matches) {
    const Rule& rule = rules.rules()[m.owner];
    if (rule.role != RuleRole::exclude) continue;
    const Span cover{m.begin, m.end};
    for (auto& t : triggers_)
      if (cover.overlaps(t.span) && !stands(t.span, cover))
        t.classes = static_cast<std::uint8_t>(t.classes & ~rule.classes);
  }
  std::erase_if(triggers_, [](const Trigger& t) { return t.classes == 0; });
  for (const auto& m : matches) {
    const Rule& rule = rules.rules()[m.owner];
    if (rule.role != RuleRole::cue) continue;
    const auto cue = features.cue_of_rule(m.owner);
    const Span span{m.begin, m.end};
    const bool negative = cue == negation || cue == after || cue == verb || cue == denied;
    const auto covers = [&](Span s) { return s.overlaps(span); };
    if (negative && std::any_of(affirmed_.begin(), affirmed_.end(), covers)) continue;
    cues_.push_back({cue, span, negative});
  }
  // "no required dependencies", "does not require a compiler": what is not asked for is a promise, no norm.
  std::erase_if(cues_, [&](const Cue& c) {
    return c.cue == norm && std::any_of(cues_.begin(), cues_.end(), [&](const Cue& n) {
             return n.negative && n.span.begin < c.span.begin && c.span.begin <= n.span.end + 1;
           });
  });
}

Place Scene::place_of(Span cue, Span anchor) const {
  if (clause_of(cue.begin) != clause_of(anchor.begin)) return Place::elsewhere;
  if (cue.begin > anchor.begin && cue.end < anchor.end) return Place::near;  // "is neither fast nor ..."
  if (cue.begin >= anchor.begin) return Place::after;
  if (anchor.begin > cue.end + 4) return Place::before;
  for (auto i = cue.end; i < anchor.begin; ++i)
    if (token(i).kind == TokenKind::sign && token(i).sign == ',') return Place::before;
  return Place::near;
}

bool Scene::is_part_of_trigger(const Cue& cue, const Trigger& trigger) {
  return trigger.span.begin == cue.span.begin && trigger.span.end > cue.span.end;
}

}  // namespace assay::claims
