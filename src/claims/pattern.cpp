// Compiling and matching token patterns.
// SPDX-License-Identifier: MIT
#include "claims/pattern.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace assay::claims {
namespace {

constexpr std::array<QuantityKind, 9> all_kinds{
    QuantityKind::number, QuantityKind::ratio, QuantityKind::percent,  QuantityKind::time, QuantityKind::size,
    QuantityKind::rate,   QuantityKind::error, QuantityKind::fraction, QuantityKind::label};

std::vector<std::string> split(std::string_view text, char mark) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at <= text.size()) {
    const auto end = std::min(text.find(mark, at), text.size());
    if (end > at) out.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::uint16_t kinds_of(std::string_view names) {
  std::uint16_t mask = 0;
  for (const auto& name : split(names, '|')) {
    std::uint16_t found = 0;
    for (const auto kind : all_kinds)
      if (name_of(kind) == name || (name == "any" && kind != QuantityKind::label))
        found |= static_cast<std::uint16_t>(1u << static_cast<unsigned>(kind));
    if (!found) throw std::invalid_argument("unknown quantity <" + name + ">");
    mask |= found;
  }
  return mask;
}

void add_words(std::string_view item, const WordLists& lists, std::vector<std::string>& out) {
  if (!item.starts_with('$')) return out.emplace_back(item), void();
  const auto list = lists.find(std::string(item.substr(1)));
  if (list == lists.end()) throw std::invalid_argument("unknown word list " + std::string(item));
  out.insert(out.end(), list->second.begin(), list->second.end());
}

Element compile_element(std::string_view item, const WordLists& lists, WordSets& sets) {
  Element e;
  if (item.size() > 1 && item.ends_with('?')) {
    e.optional = true;
    item.remove_suffix(1);
  }
  if (item == "^") {
    e.kind = Element::Kind::begin;
  } else if (item.size() == 3 && item.front() == '\'' && item.back() == '\'') {
    e.kind = Element::Kind::sign;
    e.sign = item[1];
  } else if (item.starts_with('<') && item.ends_with('>')) {
    const auto name = item.substr(1, item.size() - 2);
    if (name == "name")
      e.kind = Element::Kind::name;
    else if (name == "code")
      e.kind = Element::Kind::code;
    else if (name == "end")
      e.kind = Element::Kind::end;
    else
      e.kind = Element::Kind::quantity, e.quantity_kinds = kinds_of(name);
  } else {
    std::vector<std::string> words;
    if (item.starts_with('(')) {
      if (!item.ends_with(')')) throw std::invalid_argument("missing ')' after " + std::string(item));
      for (const auto& part : split(item.substr(1, item.size() - 2), '|')) add_words(part, lists, words);
    } else {
      add_words(item, lists, words);
    }
    if (words.empty()) throw std::invalid_argument("an empty group");
    e.set = sets.define(words);
  }
  return e;
}

bool is_break(const Token& t) {
  return t.kind == TokenKind::cell_break || t.kind == TokenKind::hard_break;
}

bool accepts(const Element& e, const Token& t, const Tokens& tokens, bool first, const Vocabulary& words) {
  switch (e.kind) {
    case Element::Kind::words: return t.sets != 0 && words.contains(t.sets, e.set);
    case Element::Kind::quantity:
      return t.kind == TokenKind::quantity &&
             (e.quantity_kinds >> static_cast<unsigned>(tokens.quantities[t.quantity].kind) & 1) != 0;
    case Element::Kind::name:
      return t.kind == TokenKind::code ||
             (t.kind == TokenKind::word && (t.identifier || (t.capital && !first)));
    case Element::Kind::code: return t.kind == TokenKind::code;
    case Element::Kind::sign: return t.kind == TokenKind::sign && t.sign == e.sign;
    default: return false;
  }
}

struct Walk {
  const Pattern& pattern;
  const Tokens& tokens;
  Sentence sentence;
  const Vocabulary& words;

  // End of the match of elements[e..] from token `at` on, or 0. Depth is bounded by the pattern's length.
  std::uint32_t from(std::size_t e, std::uint32_t at) const {
    if (e == pattern.elements.size()) return at;
    const Element& element = pattern.elements[e];
    if (element.kind == Element::Kind::begin) return at == sentence.begin ? from(e + 1, at) : 0;
    if (element.kind == Element::Kind::end) return only_stops_after(at) ? from(e + 1, at) : 0;
    for (std::uint32_t skip = 0; skip <= element.gap && at + skip < sentence.end; ++skip) {
      const Token& token = tokens.list[at + skip];
      if (accepts(element, token, tokens, at + skip == sentence.begin, words))
        if (const auto end = from(e + 1, at + skip + 1)) return end;
      if (is_break(token)) break;
    }
    return element.optional ? from(e + 1, at) : 0;
  }

  bool only_stops_after(std::uint32_t at) const {
    for (; at < sentence.end; ++at)
      if (tokens.list[at].kind != TokenKind::sign && !is_break(tokens.list[at])) return false;
    return true;
  }
};

}  // namespace

std::vector<Pattern> compile_pattern(std::string_view text, const WordLists& lists, WordSets& sets) {
  Pattern pattern;
  std::uint8_t gap = 0;
  for (const auto& item : split(text, ' ')) {
    if (item.size() == 3 && item.starts_with("..") && item[2] >= '0' && item[2] <= '9') {
      gap = static_cast<std::uint8_t>(item[2] - '0');
      continue;
    }
    pattern.elements.push_back(compile_element(item, lists, sets));
    pattern.elements.back().gap = gap;
    gap = 0;
  }
  std::vector<Pattern> out;
  while (!pattern.elements.empty()) {
    const Element first = pattern.elements.front();
    Pattern one = pattern;
    one.elements.front().optional = false;
    out.push_back(std::move(one));
    if (!first.optional) break;
    pattern.elements.erase(pattern.elements.begin());
  }
  if (out.empty()) throw std::invalid_argument("an empty pattern");
  for (const auto& p : out) {
    const auto kind = p.elements.front().kind;
    const bool indexed =
        kind == Element::Kind::words || kind == Element::Kind::quantity || kind == Element::Kind::begin;
    if (!indexed) throw std::invalid_argument("a pattern begins with a word, a quantity or ^");
  }
  return out;
}

void PatternSet::add(Pattern pattern, std::uint32_t owner) {
  const auto index = static_cast<std::uint32_t>(patterns_.size());
  std::vector<SetId> needed;
  for (std::size_t e = 1; e < pattern.elements.size(); ++e)
    if (pattern.elements[e].kind == Element::Kind::words && !pattern.elements[e].optional)
      needed.push_back(pattern.elements[e].set);
  const Element& first = pattern.elements.front();
  if (first.kind == Element::Kind::words) {
    if (by_set_.size() <= first.set) by_set_.resize(first.set + 1u);
    by_set_[first.set].push_back(index);
  } else if (first.kind == Element::Kind::quantity) {
    by_quantity_.push_back(index);
  } else {
    at_begin_.push_back(index);
  }
  patterns_.push_back({std::move(pattern), owner, std::move(needed)});
}

void PatternSet::try_at(std::uint32_t index, const Tokens& tokens, Sentence sentence, std::uint32_t at,
                        const Vocabulary& words, const std::vector<std::uint64_t>& present,
                        std::vector<PatternMatch>& out) const {
  const auto& [pattern, owner, needed] = patterns_[index];
  for (const SetId set : needed)
    if (!(present[set / 64] >> (set % 64) & 1)) return;
  const auto end = Walk{pattern, tokens, sentence, words}.from(0, at);
  if (!end) return;
  for (auto seen = out.rbegin(); seen != out.rend() && seen->begin == at; ++seen)
    if (seen->owner == owner) return void(seen->end = std::max(seen->end, end));
  out.push_back({owner, at, std::max(end, at + 1)});
}

void PatternSet::find(const Tokens& tokens, Sentence sentence, const Vocabulary& words,
                      std::vector<PatternMatch>& out) const {
  // Which word sets the sentence has at all: most patterns lack one, and are passed over without a walk.
  thread_local std::vector<std::uint64_t> present;
  present.clear();
  words.collect(0, present);
  for (std::uint32_t at = sentence.begin; at < sentence.end; ++at)
    if (tokens.list[at].sets != 0) words.collect(tokens.list[at].sets, present);
  for (std::uint32_t at = sentence.begin; at < sentence.end; ++at) {
    const Token& token = tokens.list[at];
    if (at == sentence.begin)
      for (const auto index : at_begin_) try_at(index, tokens, sentence, at, words, present, out);
    if (token.kind == TokenKind::quantity) {
      for (const auto index : by_quantity_) try_at(index, tokens, sentence, at, words, present, out);
    } else if (token.sets != 0) {
      for (const SetId set : words.sets_of(token.sets))
        if (set < by_set_.size())
          for (const auto index : by_set_[set]) try_at(index, tokens, sentence, at, words, present, out);
    }
  }
}

}  // namespace assay::claims
