// Compiling and matching token patterns.
// SPDX-License-Identifier: MIT
#include "claims/pattern.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <unordered_map>

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

namespace {

// Words that most sentences have, and those that most pages of technical prose have.
constexpr auto everywhere = std::to_array<std::string_view>(
    {"the",  "a",       "an",    "of",     "and",   "to",      "in",   "is",    "are",   "be",      "for",
     "on",   "with",    "by",    "this",   "that",  "it",      "as",   "from",  "at",    "or",      "can",
     "will", "not",     "if",    "when",   "which", "all",     "has",  "have",  "no",    "may",     "only",
     "also", "into",    "than",  "any",    "each",  "both",    "one",  "two",   "we",    "our",     "your",
     "you",  "so",      "do",    "does",   "over",  "through", "like", "other", "these", "between", "more",
     "same", "without", "under", "within", "up",    "out",     "first"});
constexpr auto frequent = std::to_array<std::string_view>(
    {"use",    "used",   "using",   "run",     "runs",      "set",      "get",      "new",
     "code",   "data",   "file",    "files",   "support",   "supports", "based",    "value",
     "make",   "time",   "node",    "nodes",   "error",     "buffer",   "http",     "https",
     "test",   "tests",  "module",  "default", "name",      "type",     "function", "string",
     "number", "option", "require", "add",     "build",     "import",   "source",   "release",
     "user",   "class",  "line",    "current", "available", "provided", "command",  "output",
     "input",  "read",   "write",   "system",  "package",   "version",  "called"});

// How often a sentence has a word of the set, roughly.
std::size_t weight_of(const std::vector<std::string>& words) {
  static const auto common = [] {
    std::unordered_map<std::string_view, std::size_t> out;
    for (const auto word : frequent) out.emplace(word, 50);
    for (const auto word : everywhere) out.emplace(word, 1000);
    return out;
  }();
  std::size_t weight = words.size();
  for (const auto& word : words)
    if (const auto known = common.find(word); known != common.end()) weight += known->second;
  return weight;
}

}  // namespace

void Present::set(const Tokens& tokens, Sentence sentence, const Vocabulary& words) {
  lexical.clear();
  quantities.clear();
  marked = collected_ = false;
  for (std::uint32_t at = sentence.begin; at < sentence.end; ++at) {
    const Token& token = tokens.list[at];
    if (token.sets != 0) {
      lexical.push_back(at);
      marked |= words.is_marked(token.sets);
    } else if (token.kind == TokenKind::quantity) {
      quantities.push_back(at);
      marked = true;
    }
  }
}

void Present::collect(const Tokens& tokens, const Vocabulary& words) {
  if (collected_) return;
  collected_ = true;
  sets_.clear();
  words.collect(0, sets_);
  for (const auto at : lexical) words.collect(tokens.list[at].sets, sets_);
}

std::optional<SetId> PatternSet::add(Pattern pattern, std::uint32_t owner, const WordSets& sets) {
  const auto index = static_cast<std::uint32_t>(patterns_.size());
  Owned owned;
  owned.pattern = std::move(pattern);
  owned.owner = owner;
  // "12 tests" is found by its words; "12 ms" by the unit.
  constexpr auto without_unit =
      1u << static_cast<unsigned>(QuantityKind::number) | 1u << static_cast<unsigned>(QuantityKind::label);
  std::size_t best = 0;
  for (const auto& element : owned.pattern.elements) {
    if (element.optional) continue;
    owned.needs_quantity |= element.kind == Element::Kind::quantity;
    owned.plain_number |=
        element.kind == Element::Kind::quantity && (element.quantity_kinds & without_unit) != 0;
    if (element.kind != Element::Kind::words) continue;
    owned.needed.push_back(element.set);
    const auto weight = weight_of(sets.words_of(element.set));
    if (owned.needed.size() == 1 || weight < best) best = weight, owned.anchor = element.set;
  }
  const bool anchored = !owned.needed.empty();
  const SetId anchor = owned.anchor;
  if (!anchored) {
    (owned.needs_quantity ? by_quantity_ : others_).push_back(index);
  } else {
    if (by_anchor_.size() <= anchor) by_anchor_.resize(anchor + 1u);
    by_anchor_[anchor].push_back(index);
    if (anchors_.size() <= anchor / 64u) anchors_.resize(anchor / 64u + 1);
    anchors_[anchor / 64] |= std::uint64_t{1} << (anchor % 64);
  }
  patterns_.push_back(std::move(owned));
  return anchored ? std::optional(anchor) : std::nullopt;
}

void PatternSet::try_at(std::uint32_t index, const Tokens& tokens, Sentence sentence, std::uint32_t at,
                        const Vocabulary& words, std::vector<PatternMatch>& out) const {
  const auto end = Walk{patterns_[index].pattern, tokens, sentence, words}.from(0, at);
  if (end) out.push_back({patterns_[index].owner, at, std::max(end, at + 1)});
}

void PatternSet::try_pattern(std::uint32_t index, const Tokens& tokens, Sentence sentence,
                             const Vocabulary& words, const Present& present,
                             std::vector<PatternMatch>& out) const {
  const Owned& owned = patterns_[index];
  const Element& first = owned.pattern.elements.front();
  if (first.kind == Element::Kind::begin) return try_at(index, tokens, sentence, sentence.begin, words, out);
  if (first.kind == Element::Kind::quantity) {
    for (const auto at : present.quantities) try_at(index, tokens, sentence, at, words, out);
    return;
  }
  for (const auto at : present.lexical)
    if (words.contains(tokens.list[at].sets, first.set)) try_at(index, tokens, sentence, at, words, out);
}

void PatternSet::find(const Tokens& tokens, Sentence sentence, const Vocabulary& words, Present& present,
                      std::vector<PatternMatch>& out) const {
  present.collect(tokens, words);
  const auto before = out.size();
  const auto attempt = [&](std::uint32_t index) {
    const Owned& owned = patterns_[index];
    if (owned.needs_quantity && present.quantities.empty()) return;
    for (const SetId set : owned.needed)
      if (!present.has(set)) return;
    try_pattern(index, tokens, sentence, words, present, out);
  };
  for (const auto index : others_) attempt(index);
  if (!present.quantities.empty())
    for (const auto index : by_quantity_) attempt(index);
  for (std::size_t w = 0; w < anchors_.size(); ++w)
    for (auto left = anchors_[w] & present.sets(w); left; left &= left - 1)
      for (const auto index : by_anchor_[w * 64 + static_cast<std::size_t>(std::countr_zero(left))])
        attempt(index);
  put_in_order(out, before);
}

void PatternSet::find_among(const std::vector<std::uint32_t>& patterns, const Tokens& tokens, Sentence sentence,
                            const Vocabulary& words, const Present& present,
                            std::vector<PatternMatch>& out) const {
  const auto before = out.size();
  for (const auto index : patterns)
    if (!patterns_[index].needs_quantity || !present.quantities.empty())
      try_pattern(index, tokens, sentence, words, present, out);
  if (out.size() > before + 1) put_in_order(out, before);
}

void PatternSet::put_in_order(std::vector<PatternMatch>& matches, std::size_t from) {
  const auto added = matches.begin() + static_cast<std::ptrdiff_t>(from);
  std::sort(added, matches.end(), [](const PatternMatch& a, const PatternMatch& b) {
    return std::tie(a.begin, a.owner, b.end) < std::tie(b.begin, b.owner, a.end);  // the longest first
  });
  const auto same = [](const PatternMatch& a, const PatternMatch& b) {
    return a.begin == b.begin && a.owner == b.owner;
  };
  matches.erase(std::unique(added, matches.end(), same), matches.end());
}

}  // namespace assay::claims
