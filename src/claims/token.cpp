// Splitting rendered text into tokens and sentences.
// SPDX-License-Identifier: MIT
#include "claims/token.hpp"

#include <algorithm>
#include <array>

#include "claims/vocabulary.hpp"

namespace assay::claims {
namespace {

// Tokens; no person writes more, and what weighs matches against each other is quadratic in them.
constexpr std::uint32_t longest_sentence = 400;

constexpr std::string_view curly_apostrophe = "’";

// What a byte of a word is; `may_join` has to be looked at more closely, 0 ends it.
enum Kind : std::uint8_t { is_lower = 1, is_upper = 2, is_digit = 4, may_join = 8 };
constexpr auto kinds = [] {
  std::array<std::uint8_t, 256> out{};
  for (int c = 'a'; c <= 'z'; ++c) out[static_cast<std::size_t>(c)] = is_lower;
  for (int c = 'A'; c <= 'Z'; ++c) out[static_cast<std::size_t>(c)] = is_upper;
  for (int c = '0'; c <= '9'; ++c) out[static_cast<std::size_t>(c)] = is_digit;
  for (const char c : {'_', ':', '.', '\'', '+', '#', '\xe2'}) out[static_cast<unsigned char>(c)] = may_join;
  for (std::size_t c = 0xc3; c < 0xd0; ++c) out[c] = may_join;
  return out;
}();

// What the letters of a word are.
struct Shape {
  unsigned seen = 0, inner = 0;  // kinds; inner has is_upper where a capital follows a small letter
  bool mark = false, curly = false;
  bool has(Kind kind) const { return (seen & kind) != 0; }
};

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool letter(char c) {
  return (c >= 'a' && c <= 'z') || upper(c);
}

// Typographic signs with a meaning for numbers and clauses, mapped to ASCII. Others in U+2000..2BFF are plain
// signs.
struct Glyph {
  std::string_view bytes;
  char sign;
};
constexpr std::array glyphs{
    Glyph{"×", 'x'}, Glyph{"–", '-'}, Glyph{"—", '-'}, Glyph{"≈", '~'}, Glyph{"∼", '~'},  Glyph{"≤", '<'},
    Glyph{"≥", '>'}, Glyph{"→", '='}, Glyph{"“", '"'}, Glyph{"”", '"'}, Glyph{"‘", '\''}, Glyph{"…", ':'},
    Glyph{"·", ','}, Glyph{"•", ','}, Glyph{"✓", '+'}, Glyph{"✔", '+'}, Glyph{"✅", '+'},  Glyph{"☑", '+'},
    Glyph{"✗", '!'}, Glyph{"🔜", '?'}, Glyph{"🔄", '?'}, Glyph{"✘", '!'}, Glyph{"❌", '!'},  Glyph{"−", '-'},
    Glyph{"±", '~'}, Glyph{"🚧", '?'}};

constexpr std::array<std::string_view, 24> abbreviations{
    "e.g",  "i.e", "eg",   "ie", "vs",  "cf", "fig", "figs", "eq", "sec", "approx", "ca",
    "resp", "dr",  "prof", "mr", "mrs", "no", "vol", "pp",   "al", "st",  "incl",   "ver"};

std::size_t glyph_length(unsigned char c) {
  return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

class Lexer {
 public:
  Lexer(std::string_view text, std::uint32_t offset, Vocabulary& words, Tokens& out)
      : text_(text), offset_(offset), words_(words), out_(out) {}

  void run() {
    while (at_ < text_.size()) one();
  }

 private:
  void one() {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return skip(1);
    if (letter(c)) return word();
    if (c == '\xc2' && text_.substr(at_).starts_with("\xc2\xa0")) return skip(2);
    if (c == Document::cell_break) return push(TokenKind::cell_break, 1);
    if (c == Document::hard_break) return push(TokenKind::hard_break, 1);
    if (digit(c) ||
        (c == '.' && at_ + 1 < text_.size() && digit(text_[at_ + 1]) && (at_ == 0 || !digit(text_[at_ - 1]))))
      return number();
    if (static_cast<unsigned char>(c) >= 0x80) return beyond_ascii();
    hyphen_ = (c == '-' || c == '/') && !space_ && at_ + 1 < text_.size() && text_[at_ + 1] != ' ';
    if (hyphen_ && c == '-' && at_ > 0 && joins(text_[at_ - 1], text_[at_ + 1])) {
      ++at_;  // inside a compound: no token of its own
      return;
    }
    push(TokenKind::sign, 1, c);
  }

  // "GPU-accelerated", "AVX-512"; not "1-4", which is a range.
  static bool joins(char before, char after) {
    return (letter(before) && (letter(after) || digit(after))) || (digit(before) && letter(after));
  }

  void skip(std::size_t blanks) {
    at_ += blanks;
    space_ = true;
  }

  void join() {
    at_ += 3;
    hyphen_ = true;
  }

  void push(TokenKind kind, std::size_t length, char sign = 0) {
    Token& token = out_.list.emplace_back();
    token.text = {offset_ + static_cast<std::uint32_t>(at_),
                  offset_ + static_cast<std::uint32_t>(at_ + length)};
    token.kind = kind;
    token.sign = sign;
    token.space_before = space_;
    token.joined = hyphen_ && kind != TokenKind::sign;
    token.cell = cell_;
    if (kind == TokenKind::cell_break) cell_ = static_cast<std::uint8_t>(std::min(cell_ + 1, 255));
    at_ += length;
    space_ = kind == TokenKind::cell_break || kind == TokenKind::hard_break;
    if (kind != TokenKind::sign) hyphen_ = false;
  }

  void number() {
    auto rest = text_.substr(at_);
    if (rest[0] == '.') {  // ".5x"
      const std::string padded = "0" + std::string(rest.substr(0, 40));
      auto scanned = scan_quantity(padded);
      scanned.quantity.unit = {};
      return add_quantity(scanned.quantity, std::max<std::size_t>(scanned.length, 2) - 1);
    }
    const auto scanned = scan_quantity(rest);
    add_quantity(scanned.quantity, scanned.length);
  }

  void add_quantity(const Quantity& quantity, std::size_t length) {
    const auto index = static_cast<std::uint32_t>(out_.quantities.size());
    out_.quantities.push_back(quantity);
    push(TokenKind::quantity, length);
    out_.list.back().quantity = index;
  }

  static bool begins_url(std::string_view rest) {
    if (rest.size() < 5 || !((rest[0] == 'h' && rest[1] == 't') || (rest[0] == 'w' && rest[1] == 'w')))
      return false;
    return rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("www.");
  }

  // With the apostrophe that word lists use.
  static std::string straightened(std::string_view word) {
    std::string out(word);
    for (auto curly = out.find(curly_apostrophe); curly != std::string::npos;
         curly = out.find(curly_apostrophe))
      out.replace(curly, 3, "'");
    return out;
  }

  void word() {
    const auto rest = text_.substr(at_);
    if (begins_url(rest))
      return push(TokenKind::url, std::min(rest.find_first_of(" \t\n\x1e\x1f)>]"), rest.size()));
    Shape shape;
    std::size_t n = 0;
    while (n < rest.size()) {
      const unsigned kind = kinds[static_cast<unsigned char>(rest[n])];
      if (kind == 0 || (kind == may_join && !goes_on(rest, n, shape))) break;
      if (kind == may_join) continue;
      shape.inner |= kind & (shape.seen << 1);
      shape.seen |= kind;
      ++n;
    }
    n = std::min(n, rest.size());
    if (shape.curly) {
      const auto plain = straightened(rest.substr(0, n));
      push_word(plain, n, shape);
    } else {
      push_word(rest.substr(0, n), n, shape);
    }
  }

  // `plain`: the word as lists write it; n: its bytes in the text.
  void push_word(std::string_view plain, std::size_t n, const Shape& shape) {
    const bool capital = upper(text_[at_]);
    std::size_t possessive = 0;
    if (plain.size() > 1 && plain.back() == 's' && plain[plain.size() - 2] == '\'') {
      possessive = n - plain.size() + 2;
      plain.remove_suffix(2);
    }
    const bool in_place = plain.data() == text_.data() + at_;
    const auto handle = words_.handle(plain, in_place ? text_.size() - at_ : plain.size());
    push(TokenKind::word, n - possessive);
    Token& token = out_.list.back();
    token.sets = handle;
    token.capital = capital;
    token.all_caps = !shape.has(is_lower) && n > 1;
    token.identifier =
        shape.mark || (shape.inner & is_upper) != 0 || (shape.has(is_digit) && shape.has(is_lower));
    at_ += possessive;
  }

  // Whether the sign or foreign letter at `n` belongs to the word; steps over it.
  static bool goes_on(std::string_view rest, std::size_t& n, Shape& shape) {
    const char c = rest[n];
    const bool more = n + 1 < rest.size();
    if (c == '_' || (c == ':' && ((more && rest[n + 1] == ':') || (n && rest[n - 1] == ':')))) {
      shape.mark = true;
    } else if ((c == '.' || c == '\'') && n > 0 && more && (letter(rest[n + 1]) || digit(rest[n + 1]))) {
      if (c == '.') shape.mark |= !(n == 1 || rest[n - 1] == '.' || (n >= 2 && rest[n - 2] == '.'));
    } else if (static_cast<unsigned char>(c) == 0xe2) {
      if (!rest.substr(n).starts_with(curly_apostrophe) || n + 3 >= rest.size() || !letter(rest[n + 3]))
        return false;
      shape.curly = true;
      n += 2;
    } else if (c == '+') {
      if (n == 0 || !more || rest[n + 1] != '+') return false;
      ++n;
    } else if (static_cast<unsigned char>(c) >= 0xc3 && static_cast<unsigned char>(c) < 0xd0) {
      if (rest.substr(n, 2) == "×") return false;
      ++n;  // letters of Latin, Greek
      shape.seen |= is_lower;
    } else if (c != '#' || n != 1) {
      return false;
    }
    ++n;
    return true;
  }

  void beyond_ascii() {
    const auto rest = text_.substr(at_);
    const auto length = std::min(glyph_length(static_cast<unsigned char>(rest[0])), rest.size());
    if (rest.starts_with("\xe2\x80\x91") || rest.starts_with("\xe2\x80\x90"))
      return join();  // typographic hyphens
    for (const auto& glyph : glyphs)
      if (rest.starts_with(glyph.bytes)) return push(TokenKind::sign, glyph.bytes.size(), glyph.sign);
    const auto lead = static_cast<unsigned char>(rest[0]);
    if (lead >= 0xc3 && lead < 0xe2) {  // a word in letters beyond ASCII
      std::size_t n = 0;
      while (n < rest.size() && (static_cast<unsigned char>(rest[n]) >= 0x80 || letter(rest[n]))) ++n;
      return push(TokenKind::word, n);
    }
    push(TokenKind::sign, length, 0);
  }

  std::string_view text_;
  std::uint32_t offset_;
  Vocabulary& words_;
  Tokens& out_;
  std::size_t at_ = 0;
  bool space_ = true, hyphen_ = false;
  std::uint8_t cell_ = 0;
};

// "8× NVIDIA A100", "2x H100" count things; "2x faster", "3.4x Speedup" are ratios.
void ratios_that_count(std::string_view text, std::uint32_t offset, Tokens& out) {
  static constexpr std::array<std::string_view, 10> comparisons{
      "Faster", "Speedup", "Slower", "Less", "More", "Higher", "Lower", "Improvement", "Throughput", "Speed"};
  for (std::size_t i = 0; i + 1 < out.list.size(); ++i) {
    if (out.list[i].kind != TokenKind::quantity) continue;
    Quantity& q = out.quantities[out.list[i].quantity];
    const Token& next = out.list[i + 1];
    if (q.kind != QuantityKind::ratio || q.decimals > 0 || next.kind != TokenKind::word || !next.capital ||
        next.joined)
      continue;
    const auto word = text.substr(next.text.begin - offset, next.text.size());
    if (std::find(comparisons.begin(), comparisons.end(), word) == comparisons.end())
      q.kind = QuantityKind::label;
  }
}

// "Fedora 32", "Fortran 03", "Table 2": a number behind a name within the sentence belongs to the name.
void numbers_of_names(std::string_view text, std::uint32_t offset, Tokens& out) {
  for (std::size_t i = 1; i < out.list.size(); ++i) {
    const Token &name = out.list[i - 1], &number = out.list[i];
    if (number.kind != TokenKind::quantity || out.quantities[number.quantity].kind != QuantityKind::number)
      continue;
    const auto digits = text.substr(number.text.begin - offset, number.text.size());
    const bool padded = digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
    const bool within = i > 1 && out.list[i - 2].kind == TokenKind::word && name.kind == TokenKind::word &&
                        name.capital && !name.all_caps && number.space_before && name.text.size() > 2;
    // "Step 3: ...", "Test 7:"
    const bool counted = name.kind == TokenKind::word && name.capital && i + 1 < out.list.size() &&
                         out.list[i + 1].sign == ':' && !out.list[i + 1].space_before;
    if (padded || within || counted) out.quantities[number.quantity].kind = QuantityKind::label;
  }
}

bool is_abbreviation(std::string_view word) {
  if (word.size() == 1) return upper(word[0]);  // an initial
  std::string small(word);
  for (char& c : small) c = static_cast<char>(upper(c) ? c | 0x20 : c);
  return std::find(abbreviations.begin(), abbreviations.end(), small) != abbreviations.end();
}

class SentenceSplitter {
 public:
  SentenceSplitter(std::string_view text, std::uint32_t offset, Tokens& out)
      : text_(text), offset_(offset), out_(out) {}

  void split(bool whole) {
    const auto& list = out_.list;
    const auto count = static_cast<std::uint32_t>(list.size());
    std::uint32_t begin = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint32_t end = 0;
      if (list[i].kind == TokenKind::hard_break)
        end = i + 1;
      else if (!whole && is_stop(i))
        end = closers(i + 1);
      const bool endless = i - begin >= longest_sentence;
      if (endless && !end) end = i + 1;
      if (!end || end >= count) continue;
      if (!endless && list[i].kind != TokenKind::hard_break && !starts_anew(end)) continue;
      out_.sentences.push_back({begin, end});
      begin = end;
      i = end - 1;
    }
    if (begin < count) out_.sentences.push_back({begin, count});
  }

 private:
  bool is_stop(std::uint32_t i) const {
    const Token& t = out_.list[i];
    const bool glyph = t.text.size() > 1;  // a cross or a building site ends no sentence
    if (t.kind != TokenKind::sign || glyph || (t.sign != '.' && t.sign != '!' && t.sign != '?') ||
        (t.style & opaque))
      return false;
    if (t.sign != '.' || i == 0 || t.space_before) return true;
    const Token& before = out_.list[i - 1];
    // "in plain C. Both": a language, unless another name stands before it ("John C. Smith").
    if (before.text.size() == 1 && i >= 2 && out_.list[i - 2].kind == TokenKind::word &&
        !out_.list[i - 2].capital)
      return true;
    return before.kind != TokenKind::word ||
           !is_abbreviation(text_.substr(before.text.begin - offset_, before.text.size()));
  }

  std::uint32_t closers(std::uint32_t i) const {
    while (i < out_.list.size()) {
      const Token& t = out_.list[i];
      if (t.kind != TokenKind::sign || t.space_before) break;
      if (t.sign != ')' && t.sign != '"' && t.sign != '\'' && t.sign != ']' && t.sign != '.' && t.sign != '!')
        break;
      ++i;
    }
    return i;
  }

  bool starts_anew(std::uint32_t i) const {
    const Token& t = out_.list[i];
    if (!t.space_before) return false;
    if (t.kind == TokenKind::word) return t.capital || t.identifier || (t.style & opaque);
    return true;
  }

  std::string_view text_;
  std::uint32_t offset_;
  Tokens& out_;
};

// Walks the style changes of the document along with the tokens; a stretch of opaque text becomes one token.
class StyledLexer {
 public:
  StyledLexer(const Document& d, const Block& b, Vocabulary& words, std::size_t& cursor, Tokens& out)
      : document_(d), block_(b), words_(words), cursor_(cursor), out_(out) {}

  void run() {
    const auto& styles = document_.styles;
    while (cursor_ + 1 < styles.size() && styles[cursor_ + 1].text <= block_.text.begin) ++cursor_;
    Lexer(document_.view(block_.text), block_.text.begin, words_, out_).run();
    const bool plain =
        styles.empty() || (styles[cursor_].text <= block_.text.begin && styles[cursor_].style == 0 &&
                           (cursor_ + 1 == styles.size() || styles[cursor_ + 1].text >= block_.text.end));
    if (!plain) apply();
  }

 private:
  std::uint8_t style_at(std::uint32_t offset) {
    const auto& styles = document_.styles;
    while (cursor_ + 1 < styles.size() && styles[cursor_ + 1].text <= offset) ++cursor_;
    return styles[cursor_].text <= offset ? styles[cursor_].style : std::uint8_t{0};
  }

  void apply() {
    auto& list = out_.list;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
      Token token = list[i];
      token.style = style_at(token.text.begin);
      const bool hidden = (token.style & opaque) != 0 && token.kind != TokenKind::cell_break &&
                          token.kind != TokenKind::hard_break;
      if (hidden && kept > 0 && list[kept - 1].kind == TokenKind::code && list[kept - 1].style == token.style &&
          same_stretch(list[kept - 1], token)) {
        list[kept - 1].text.end = token.text.end;
        continue;
      }
      if (hidden) token.kind = TokenKind::code, token.sets = 0, token.sign = 0;
      list[kept++] = token;
    }
    list.resize(kept);
  }

  // No style change between two tokens: they belong to one code span.
  bool same_stretch(const Token& a, const Token& b) const {
    const auto& styles = document_.styles;
    return styles[cursor_].text <= a.text.begin && a.text.begin < b.text.begin;
  }

  const Document& document_;
  const Block& block_;
  Vocabulary& words_;
  std::size_t& cursor_;
  Tokens& out_;
};

}  // namespace

void tokenize(const Document& document, const Block& block, Vocabulary& words, std::size_t& style_at,
              Tokens& out) {
  out.clear();
  StyledLexer(document, block, words, style_at, out).run();
  ratios_that_count(document.view(block.text), block.text.begin, out);
  numbers_of_names(document.view(block.text), block.text.begin, out);
  const bool whole = block.kind == BlockKind::table_row || block.kind == BlockKind::heading;
  SentenceSplitter(document.view(block.text), block.text.begin, out).split(whole);
}

void tokenize(std::string_view text, Vocabulary& words, Tokens& out) {
  out.clear();
  Lexer(text, 0, words, out).run();
  ratios_that_count(text, 0, out);
  numbers_of_names(text, 0, out);
  SentenceSplitter(text, 0, out).split(true);
}

}  // namespace assay::claims
