// From tokens to figures.
// SPDX-License-Identifier: MIT
#include "claims/binding/figure.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "claims/figures.hpp"
#include "claims/vocabulary.hpp"
#include "core/text.hpp"

namespace assay::claims {
namespace {

struct DirectionWord {
  std::string_view word;
  Direction direction;
};
using enum Direction;
constexpr std::array direction_words{
    DirectionWord{"faster", better},   DirectionWord{"speedup", better}, DirectionWord{"speedups", better},
    DirectionWord{"speed-up", better}, DirectionWord{"quicker", better}, DirectionWord{"acceleration", better},
    DirectionWord{"faster,", better},  DirectionWord{"higher", better},  DirectionWord{"improvement", better},
    DirectionWord{"slower", worse},    DirectionWord{"slowdown", worse}, DirectionWord{"longer", worse},
    DirectionWord{"slow-down", worse}, DirectionWord{"less", less},      DirectionWord{"fewer", less},
    DirectionWord{"reduction", less},  DirectionWord{"reduces", less},   DirectionWord{"reduced", less},
    DirectionWord{"saves", less},      DirectionWord{"shorter", less},   DirectionWord{"lower", less},
    DirectionWord{"savings", less},    DirectionWord{"saving", less}};

Direction direction_of(std::string_view word) {
  const auto small = lower(word);
  for (const auto& [known, direction] : direction_words)
    if (known == small) return direction;
  return Direction::unsaid;
}

// "time [ms]", "time (ms)": the unit that a column's head gives to its cells.
std::string unit_in_head(const std::string& head) {
  for (const auto& [open, close] : {std::pair{'[', ']'}, std::pair{'(', ')'}}) {
    const auto begin = head.rfind(open), end = head.rfind(close);
    if (begin != std::string::npos && end != std::string::npos && begin + 1 < end)
      return head.substr(begin + 1, end - begin - 1);
  }
  return {};
}

Direction direction_in(std::string_view text) {
  Direction found = Direction::unsaid;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" ,([", at), text.size());
    if (const auto d = direction_of(text.substr(at, end - at)); d != Direction::unsaid) found = d;
    at = end + 1;
  }
  return found;
}

class Reader {
 public:
  Reader(const Document& document, const Block& block, const Tokens& tokens)
      : document_(document), block_(block), tokens_(tokens) {}

  void read(BlockText& out) const {
    for (const Sentence s : tokens_.sentences) {
      out.sentences.push_back({tokens_.list[s.begin].text.begin, tokens_.list[s.end - 1].text.end});
      for (auto i = s.begin; i < s.end; ++i)
        if (tokens_.list[i].kind == TokenKind::quantity && !(tokens_.list[i].style & opaque)) add(s, i, out);
    }
  }

 private:
  const Token& token(std::uint32_t i) const { return tokens_.list[i]; }

  void add(Sentence s, std::uint32_t i, BlockText& out) const {
    const Quantity& q = tokens_.quantities[token(i).quantity];
    Figure figure;
    figure.text = token(i).text;
    figure.kind = q.kind;
    figure.label = q.kind == QuantityKind::label;
    figure.comparator = q.comparator;
    figure.unit = q.unit;
    figure.numbers = printed_numbers(document_.view(figure.text), q);
    if (i > s.begin && token(i - 1).kind == TokenKind::sign && token(i - 1).sign == '-' &&
        !token(i).space_before)
      figure.negative = i == s.begin + 1 || token(i - 1).space_before || token(i - 2).kind != TokenKind::word;
    const auto from = token(i > s.begin + 3 ? i - 4 : s.begin).text.begin;
    if (const auto before = comparator_before(document_.view({from, figure.text.begin}))) {
      figure.comparator = before->comparator;
      figure.up_to = before->words == "up to" || before->words == "within";
    }
    add_head(i, figure);
    if (figure.direction == Direction::unsaid) figure.direction = near(s, i);
    if (q.kind == QuantityKind::fraction && figure.numbers.size() == 2) return split(figure, out);
    out.figures.push_back(std::move(figure));
  }

  // "43/43" is two figures.
  static void split(const Figure& both, BlockText& out) {
    for (const auto& number : both.numbers) {
      Figure one = both;
      one.kind = QuantityKind::number;
      one.text = {both.text.begin + number.begin, both.text.begin + number.end};
      one.numbers = {number};
      one.numbers[0].end -= one.numbers[0].begin;
      one.numbers[0].begin = 0;
      out.figures.push_back(std::move(one));
    }
  }

  void add_head(std::uint32_t i, Figure& figure) const {
    if (block_.table == none) return;
    const auto& heads = document_.tables[static_cast<std::size_t>(block_.table)].headers;
    if (token(i).cell >= heads.size()) return;
    const auto& head = heads[token(i).cell];
    if (figure.unit.empty()) figure.unit = unit_in_head(head);
    figure.direction = direction_in(head);
  }

  // The nearest word within six tokens, behind the figure before in front of it, in the same cell.
  Direction near(Sentence s, std::uint32_t i) const {
    for (auto j = i + 1; j < s.end && j <= i + 6; ++j) {
      if (token(j).kind == TokenKind::cell_break || token(j).kind == TokenKind::quantity) break;
      if (const auto d = direction_of(document_.view(token(j).text)); d != Direction::unsaid) return d;
    }
    for (auto j = i; j > s.begin && i - j < 6; --j) {
      if (token(j - 1).kind == TokenKind::cell_break || token(j - 1).kind == TokenKind::quantity) break;
      if (const auto d = direction_of(document_.view(token(j - 1).text)); d != Direction::unsaid) return d;
    }
    return Direction::unsaid;
  }

  const Document& document_;
  const Block& block_;
  const Tokens& tokens_;
};

}  // namespace

BlockText read_block(const Document& document, std::size_t block, Vocabulary& words,
                     std::size_t& style_cursor) {
  Tokens tokens;
  tokenize(document, document.blocks[block], words, style_cursor, tokens);
  BlockText out;
  Reader(document, document.blocks[block], tokens).read(out);
  return out;
}

}  // namespace assay::claims
