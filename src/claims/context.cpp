// Names of the documented system, headings, lead-ins, tables.
// SPDX-License-Identifier: MIT
#include "claims/context.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/text.hpp"

namespace assay::claims {
namespace {

bool letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

std::string squeezed(std::string_view words) {
  std::string out;
  for (const char c : words)
    if (letter_or_digit(c)) out += small(c);
  return out;
}

// Words that begin titles or sentences and are no names.
constexpr std::array common_words = std::to_array<std::string_view>({"the",
                                                                     "a",
                                                                     "an",
                                                                     "introduction",
                                                                     "overview",
                                                                     "readme",
                                                                     "welcome",
                                                                     "about",
                                                                     "documentation",
                                                                     "performance",
                                                                     "benchmarks",
                                                                     "benchmark",
                                                                     "installation",
                                                                     "to",
                                                                     "getting",
                                                                     "started",
                                                                     "user",
                                                                     "guide",
                                                                     "api",
                                                                     "new",
                                                                     "release",
                                                                     "changelog",
                                                                     "contributing",
                                                                     "license",
                                                                     "faq",
                                                                     "usage",
                                                                     "there",
                                                                     "this",
                                                                     "that",
                                                                     "these",
                                                                     "those",
                                                                     "here",
                                                                     "it",
                                                                     "what",
                                                                     "each",
                                                                     "all",
                                                                     "both",
                                                                     "some",
                                                                     "many",
                                                                     "most",
                                                                     "our",
                                                                     "we",
                                                                     "if",
                                                                     "when",
                                                                     "for",
                                                                     "in",
                                                                     "on",
                                                                     "with",
                                                                     "note",
                                                                     "currently",
                                                                     "now"});

// Title separators: what follows is a description.
bool separates(const Token& t) {
  return t.kind == TokenKind::sign &&
         (t.sign == ':' || t.sign == '-' || t.sign == ',' || t.sign == '(' || t.sign == '|');
}

// A row whose first cell is a continuation mark or empty.
bool is_variant(std::string_view row) {
  const auto cell = row.substr(0, row.find(Document::cell_break));
  const auto first = cell.find_first_not_of(' ');
  if (first == std::string_view::npos) return false;
  const auto rest = cell.substr(first);
  return (rest[0] == '-' || rest[0] == '+')
             ? rest.size() > 1 && rest[1] == ' '
             : rest.starts_with("–") || rest.starts_with("↳") || rest.starts_with("└") || rest.starts_with("•");
}

// "CHANGELOG.md", "NEWS", "release_notes_v2.rst": what has become of each version, from beginning to end.
bool is_change_log(std::string_view path) {
  const auto name = lower(path.substr(path.find_last_of('/') + 1));
  constexpr auto beginnings = std::to_array<std::string_view>(
      {"changelog", "changes", "change_log", "news.", "history.", "release_notes", "release-notes",
       "releasenotes", "relnotes", "whatsnew", "what_is_new", "whats_new"});
  return name == "news" || name == "history" ||
         std::any_of(beginnings.begin(), beginnings.end(), [&](auto b) { return name.starts_with(b); });
}

}  // namespace

DocumentContext::DocumentContext(const Document& document, const RuleSet& rules, const FeatureSpace& features,
                                 Vocabulary& words)
    : document_(document), rules_(rules), features_(features), words_(words) {
  said_.resize(document.blocks.size());
  tables_.resize(document.tables.size());
  for (const auto name : {"column-speed", "column-accuracy", "column-tests", "column-value", "column-platform",
                          "column-device", "column-language"})
    if (const auto cue = features.cue(name); cue != 0xff) measuring_ |= CueMask{1} << cue;
  change_log_ = is_change_log(document.name);
  find_names();
}

void DocumentContext::add_name(std::string_view word) {
  auto name = lower(word);
  if (name.size() < 2 || std::find(common_words.begin(), common_words.end(), name) != common_words.end())
    return;
  if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(std::move(name));
}

void DocumentContext::add_phrase(std::string_view words) {
  constexpr std::size_t shortest = 5;
  auto phrase = squeezed(words);
  if (phrase.size() >= shortest && std::find(phrases_.begin(), phrases_.end(), phrase) == phrases_.end())
    phrases_.push_back(std::move(phrase));
}

void DocumentContext::find_names() {
  const auto& blocks = document_.blocks;
  introduction_end_ = static_cast<std::int32_t>(blocks.size());
  int headings = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].kind != BlockKind::heading) continue;
    ++headings;
    if (headings == 1 && i < 8) title_ = static_cast<std::int32_t>(i);
    if (headings == 2) {
      introduction_end_ = static_cast<std::int32_t>(i);
      break;
    }
  }
  Tokens tokens;
  if (title_ != none) name_of_title(blocks[static_cast<std::size_t>(title_)], tokens);
  names_of_paragraphs(tokens);
}

// "Foo", "Foo: a fast solver", "Fast Grid generation in C++".
void DocumentContext::name_of_title(const Block& title, Tokens& tokens) {
  tokenize(document_.view(title.text), words_, tokens);
  const auto text = document_.view(title.text);
  const auto& list = tokens.list;
  const auto words = [&](std::size_t from, std::size_t to) {
    return text.substr(list[from].text.begin, list[to - 1].text.end - list[from].text.begin);
  };
  std::size_t n = 0, capitals = 0;
  while (n < list.size() && !separates(list[n])) ++n;
  while (capitals < n && list[capitals].kind == TokenKind::word && list[capitals].capital) ++capitals;
  if (n <= 3 || (n < list.size() && n <= 4))
    for (std::size_t i = 0; i < n; ++i)
      if (list[i].kind == TokenKind::word && list[i].sets == 0) add_name(words(i, i + 1));
  if (n == 1 && !list.empty()) add_name(words(0, 1));
  if (capitals >= 2 && capitals <= 4) add_phrase(words(0, capitals));
}

// What the first tokens of a block are, without the cost of all of them.
void DocumentContext::tokenize_opening(const Block& block, std::size_t& style_cursor, Tokens& tokens) {
  constexpr std::uint32_t bytes = 160;
  constexpr std::size_t needed = 16;  // the last of a cut text may be others than those of the whole
  Block opening = block;
  opening.text.end = std::min(block.text.end, block.text.begin + bytes);
  const std::size_t cursor = style_cursor;
  tokenize(document_, opening, words_, style_cursor, tokens);
  if (opening.text.end == block.text.end || tokens.list.size() >= needed) return;
  style_cursor = cursor;
  tokenize(document_, block, words_, style_cursor, tokens);
}

// "NAME is a ...", "**fast-grid** provides ..." at the start of the first paragraphs.
void DocumentContext::names_of_paragraphs(Tokens& tokens) {
  const auto& blocks = document_.blocks;
  int paragraphs = 0;
  std::size_t cursor = 0;
  const auto copula = rules_.find("context.copula"), provides = rules_.find("context.assert");
  for (std::size_t i = 0; i < blocks.size() && paragraphs < 4; ++i) {
    if (blocks[i].kind != BlockKind::paragraph) continue;
    ++paragraphs;
    tokenize_opening(blocks[i], cursor, tokens);
    const auto count = static_cast<std::uint32_t>(tokens.list.size());
    if (count < 3) continue;
    const Token& first = tokens.list[0];
    std::uint32_t marked = 0;  // a name that markup sets apart
    while (marked < 5 && marked < count && first.style != 0 && tokens.list[marked].style == first.style)
      ++marked;
    const bool named = first.kind == TokenKind::code || first.identifier ||
                       (first.kind == TokenKind::word && first.capital && first.sets == 0);
    if (!named && marked == 0) continue;
    std::vector<PatternMatch> found;
    const Sentence opening{0, std::min<std::uint32_t>(5 + marked, count)};
    Present present;
    present.set(tokens, opening, words_);
    rules_.match_context(tokens, opening, {}, words_, present, found);
    for (const auto& m : found) {
      const Rule* rule = &rules_.rules()[m.owner];
      if ((rule != copula && rule != provides) || m.begin == 0) continue;
      if (marked > 0 && m.begin == marked)
        add_phrase(document_.view({first.text.begin, tokens.list[marked - 1].text.end}));
      if (m.begin > 3) continue;
      if (!named) break;
      add_name(document_.text.substr(first.text.begin, first.text.size()));
      return;  // whoever is introduced first
    }
  }
}

bool DocumentContext::begins_with_own_name(std::string_view text) const {
  if (phrases_.empty()) return false;
  const auto start = std::find_if(text.begin(), text.end(), [](char c) { return letter_or_digit(c); });
  text.remove_prefix(static_cast<std::size_t>(start - text.begin()));
  return std::any_of(phrases_.begin(), phrases_.end(), [&](const std::string& phrase) {
    std::size_t at = 0, joints = 0;
    for (std::size_t n = 0; n < phrase.size(); ++at) {
      if (at == text.size() || joints > 6) return false;
      if (!letter_or_digit(text[at]))
        ++joints;
      else if (small(text[at]) != phrase[n++])
        return false;
    }
    return at == text.size() || !letter_or_digit(text[at]);
  });
}

bool DocumentContext::is_own_name(std::string_view word) const {
  if (word.size() < 2 || names_.empty()) return false;
  const auto same = [](std::string_view a, std::string_view name) {
    return std::equal(a.begin(), a.end(), name.begin(), name.end(),
                      [](char x, char y) { return small(x) == y; });
  };
  return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) {
    if (word.size() < name.size() && word.size() < 3) return false;
    if (same(word, name)) return true;
    if (word.size() < 3 || name.size() < 3) return false;  // XXH64 of xxHash, libfoo of Foo
    const bool longer = word.size() > name.size();
    if (longer && same(word.substr(0, name.size()), name)) return true;
    if (longer && name.size() > 4 && same(word.substr(word.size() - name.size()), name)) return true;
    return same(word.substr(0, 3), std::string_view(name).substr(0, 3)) &&
           word.find_first_of("0123456789") != std::string_view::npos;
  });
}

CueMask DocumentContext::match(std::string_view text) {
  Tokens tokens;
  tokenize(text, words_, tokens);
  std::vector<PatternMatch> found;
  for (const Sentence s : tokens.sentences) rules_.match_heading(tokens, s, words_, found);
  CueMask mask = 0;
  for (const auto& m : found) mask |= CueMask{1} << features_.cue_of_rule(m.owner);
  return mask;
}

CueMask DocumentContext::says(std::int32_t block) {
  auto& [known, mask] = said_[static_cast<std::size_t>(block)];
  if (!known) {
    mask = match(document_.view(document_.blocks[static_cast<std::size_t>(block)].text).substr(0, 400));
    known = true;
  }
  return mask;
}

CueMask DocumentContext::nearest_heading(std::int32_t block) {
  const auto above = document_.blocks[static_cast<std::size_t>(block)].heading;
  return above == none || above == title_ ? 0 : says(above);
}

CueMask DocumentContext::headings_above(std::int32_t block) {
  CueMask mask = 0;
  int steps = 0;
  for (auto above = document_.blocks[static_cast<std::size_t>(block)].heading; above != none && steps < 6;
       ++steps) {
    if (above != title_) mask |= says(above);
    above = document_.blocks[static_cast<std::size_t>(above)].heading;
  }
  return mask;
}

CueMask DocumentContext::lead_in(std::int32_t block) {
  CueMask mask = 0;
  int steps = 0;
  for (auto lead = document_.blocks[static_cast<std::size_t>(block)].lead_in; lead != none && steps < 4;
       ++steps) {
    const Block& text = document_.blocks[static_cast<std::size_t>(lead)];
    // A lead-in is short or ends with a colon; a long paragraph before a list says little about the items.
    const auto words = document_.view(text.text);
    const auto last = words.find_last_not_of(" *_\n");
    if (words.size() < 80 || (last != std::string_view::npos && words[last] == ':')) mask |= says(lead);
    lead = text.lead_in;
  }
  return mask;
}

// "v2.1.0 (2025-03-27)", "[0.9.1] - 2020-07-17", "Version 1.4", "Unreleased"; not "3.1 The second step", a
// section.
static bool names_release(std::string_view heading) {
  while (!heading.empty() && (heading[0] == '[' || heading[0] == ' ' || heading[0] == '('))
    heading.remove_prefix(1);
  bool said = false;
  for (const std::string_view word : {"Version ", "version ", "Release ", "release ", "v", "V"})
    if (!said && heading.starts_with(word)) heading.remove_prefix(word.size()), said = true;
  if (heading.starts_with("Unreleased") || heading.starts_with("unreleased")) return true;
  std::size_t n = 0, digits = 0, dots = 0;
  for (; n < heading.size() && (std::isdigit(static_cast<unsigned char>(heading[n])) || heading[n] == '.'); ++n)
    ++(heading[n] == '.' ? dots : digits);
  if (digits == 0) return false;
  const auto rest = heading.substr(n);
  const auto next = rest.find_first_not_of(" ])-:");
  const bool alone = next == std::string_view::npos;
  const bool dated = !alone && (rest[next] == '(' || std::isdigit(static_cast<unsigned char>(rest[next])));
  if (dots == 0) return digits == 4 && rest.starts_with('-') && dated;  // 2025-03-27
  return said || dots > 1 || alone || dated;
}

bool DocumentContext::under_release(std::int32_t block) {
  if (change_log_) return true;
  const auto above = document_.blocks[static_cast<std::size_t>(block)].heading;
  if (above == none || above == title_) return false;
  if (release_.first == above) return release_.second;
  int steps = 0;
  bool found = false;
  for (auto h = above; h != none && steps < 6 && !found; ++steps) {
    const Block& heading = document_.blocks[static_cast<std::size_t>(h)];
    found = h != title_ && names_release(document_.view(heading.text));
    h = heading.heading;
  }
  release_ = {above, found};
  return found;
}

bool DocumentContext::is_dated(std::int32_t block) const {
  auto words = document_.view(document_.blocks[static_cast<std::size_t>(block)].text);
  while (!words.empty() &&
         (words[0] == '[' || words[0] == '(' || words[0] == '*' || words[0] == 'v' || words[0] == ' '))
    words.remove_prefix(1);
  std::size_t digits = 0, marks = 0, n = 0;
  for (; n < words.size() && (std::isdigit(static_cast<unsigned char>(words[n])) || words[n] == '.' ||
                              words[n] == '-' || words[n] == '/');
       ++n)
    ++(std::isdigit(static_cast<unsigned char>(words[n])) ? digits : marks);
  const bool ends = n < words.size() && (words[n] == ']' || words[n] == ')' || words[n] == ':' ||
                                         words[n] == ' ' || words[n] == ',');
  return ends && marks >= 2 && digits >= 3;
}

static bool ends_name(char c) {
  static constexpr auto table = [] {
    std::array<bool, 256> out{};
    for (const char sign : {' ', Document::cell_break, '(', ')', '/', ',', ':', '*', '`'})
      out[static_cast<unsigned char>(sign)] = true;
    return out;
  }();
  return table[static_cast<unsigned char>(c)];
}

// "Ours", "This work", "Custom kernel".
static bool says_own(std::string_view word) {
  if (word.size() < 3 || word.size() > 6) return false;
  constexpr auto own = std::to_array<std::string_view>({"ours", "our", "custom", "this"});
  return std::any_of(own.begin(), own.end(), [&](std::string_view name) {
    return std::equal(word.begin(), word.end(), name.begin(), name.end(),
                      [](char a, char b) { return small(a) == b; });
  });
}

bool DocumentContext::row_is_own(const Block& row) const {
  // "- int8" below "NAME 1.0": a variant of the system named above.
  const Block* owner = &row;
  while (is_variant(document_.view(owner->text)) && owner != document_.blocks.data() &&
         owner[-1].table == row.table)
    --owner;
  if (owner != &row) return row_is_own(*owner);
  const auto words = document_.view(row.text);
  if (begins_with_own_name(words)) return true;
  std::size_t cells = 0, at = 0;
  while (at < words.size() && cells < 2) {
    auto end = at;
    while (end < words.size() && !ends_name(words[end])) ++end;
    const auto word = words.substr(at, end - at);
    if (is_own_name(word) || says_own(word)) return true;
    if (end < words.size() && words[end] == Document::cell_break) ++cells;
    at = end + 1;
  }
  return false;
}

bool DocumentContext::measures(std::int32_t index) {
  if (index == none) return false;
  const auto& heads = table_heads(index);
  return (heads.any & measuring_) != 0 || (heads.own_column != none && table(index).own_column != none);
}

CueMask DocumentContext::row_head(const Block& row) {
  const auto words = document_.view(row.text);
  return match(words.substr(0, words.find(Document::cell_break)));
}

TableContext& DocumentContext::table_heads(std::int32_t index) {
  KnownTable& known = tables_[static_cast<std::size_t>(index)];
  TableContext& context = known.context;
  if (known.heads_known) return context;
  known.heads_known = true;
  for (const auto& head : document_.tables[static_cast<std::size_t>(index)].headers) {
    context.columns.push_back(match(head));
    context.any |= context.columns.back();
    const auto first = std::string_view(head).substr(0, head.find(' '));
    if (context.columns.size() > 1 && (is_own_name(first) || begins_with_own_name(head)))
      context.own_column = static_cast<std::int32_t>(context.columns.size()) - 1;
  }
  return context;
}

const TableContext& DocumentContext::table(std::int32_t index) {
  TableContext& context = table_heads(index);
  bool& rows = tables_[static_cast<std::size_t>(index)].rows_known;
  if (rows) return context;
  rows = true;
  for (std::size_t b = document_.tables[static_cast<std::size_t>(index)].first_row;
       b < document_.blocks.size() && document_.blocks[b].table == index; ++b) {
    (row_is_own(document_.blocks[b]) ? context.has_own_row : context.has_other_row) = true;
    if (context.has_own_row && context.has_other_row) break;
  }
  if (context.has_own_row) context.own_column = none;
  return context;
}

}  // namespace assay::claims
