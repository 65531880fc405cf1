// Words of the text against the words that triggers need.
// SPDX-License-Identifier: MIT
#include "claims/prefilter.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "claims/quantity.hpp"

namespace assay::claims {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::size_t key_of(const char* word) {
  return (static_cast<std::size_t>(word[0] & 31) << 10) | (static_cast<std::size_t>(word[1] & 31) << 5) |
         static_cast<std::size_t>(word[2] & 31);
}

std::size_t place_of(std::uint64_t hash) {
  return hash >> 40 & 0xffff;
}

char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// The high bit of each of eight bytes that lies within [low, high]; the bytes are below 0x80.
constexpr std::uint64_t within(std::uint64_t bytes, unsigned low, unsigned high) {
  constexpr std::uint64_t ones = 0x0101010101010101ull;
  return (bytes + ones * (0x80 - low)) & ~(bytes + ones * (0x7f - high));
}

// Bit i: byte i of 64 is a letter or digit of ASCII. No branches, since nothing about text is predictable.
std::uint64_t letters_and_digits(const char* text) {
  constexpr std::uint64_t high = 0x8080808080808080ull, gather = 0x0002040810204081ull;
  std::uint64_t out = 0;
  for (unsigned i = 0; i < 8; ++i) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text + 8 * i, 8);
    const auto ascii = bytes & ~high;
    const auto found =
        (within(ascii | 0x2020202020202020ull, 'a', 'z') | within(ascii, '0', '9')) & ~bytes & high;
    out |= ((found >> 7) * gather >> 49 & 0xff) << (8 * i);
  }
  return out;
}

// Whether a number may have a unit: "3x", "5 ms", "40%", "1e-12", "43/43"; not "3.14", "(2)", "in 2019.".
bool may_have_unit(std::string_view number, std::string_view after) {
  if (std::any_of(number.begin(), number.end(), [](char c) { return c > '9'; })) return true;
  while (!after.empty() && (after[0] == '.' || after[0] == ',' || (after[0] >= '0' && after[0] <= '9')))
    after.remove_prefix(1);
  if (after.empty()) return false;
  if (after[0] != ' ')
    return is_alphanumeric(after[0]) || after[0] == '%' || after[0] == '/' || after[0] == '-' ||
           after[0] == '^' || after[0] == '*' || after[0] == '+' || after[0] == '~' || (after[0] & 0x80) != 0;
  after.remove_prefix(1);
  return !after.empty() && (begins_unit(after) || after[0] == '%' || (after[0] & 0x80) != 0 ||
                            after[0] == '-' || after[0] == '/' || (after[0] >= '0' && after[0] <= '9'));
}

}  // namespace

Prefilter::Prefilter(const PatternSet& triggers, const WordSets& sets) : ids_(sets.size(), -1) {
  all_.resize(triggers.patterns().size());
  std::iota(all_.begin(), all_.end(), 0u);
  for (const auto index : all_) {
    const auto& owned = triggers.patterns()[index];
    Need need;
    need.pattern = index;
    need.number = owned.needs_quantity;
    need.unit = owned.needs_quantity && !owned.plain_number;
    for (const SetId set : owned.needed)
      if (set != owned.anchor && need.count < most_needs) need.sets[need.count++] = id_of(set, sets);
    if (!owned.needed.empty()) {
      const Id anchor = id_of(owned.anchor, sets);
      anchors_[anchor / 64] |= std::uint64_t{1} << (anchor % 64);
      by_anchor_.resize(count_);
      by_anchor_[anchor].push_back(need);
    } else if (need.number) {
      without_words_.push_back(need);
    } else {
      always_ = true;
    }
    if (always_) return;
  }
  by_anchor_.resize(count_);
  build();
}

Prefilter::Id Prefilter::id_of(SetId set, const WordSets& sets) {
  if (ids_[set] >= 0) return static_cast<Id>(ids_[set]);
  if (count_ == most_ids) return always_ = true, Id{0};
  const auto id = static_cast<Id>(count_++);
  ids_[set] = id;
  for (const auto& word : sets.words_of(set)) expect(word, id);
  return id;
}

// By the first run of letters and digits, as possible() cuts them.
void Prefilter::expect(const std::string& written, Id id) {
  std::string_view word = written;
  if (word.starts_with('=')) word.remove_prefix(1);
  const auto end =
      static_cast<std::size_t>(std::find_if_not(word.begin(), word.end(), is_alphanumeric) - word.begin());
  if (end == 0) return;  // no token begins like this
  if (end >= 3 && end + 1 == word.size() && word[end] == '*') {
    std::string stem(word.substr(0, end));
    std::transform(stem.begin(), stem.end(), stem.begin(), small);
    stem_words_.emplace_back(std::move(stem), id);
  } else {
    words_.emplace_back(folded_hash(word.substr(0, end)), id);
  }
}

void Prefilter::build() {
  // The sets of equal keys, key by key.
  const auto each = [&](auto& list, const auto& found) {
    std::sort(list.begin(), list.end());
    for (std::size_t i = 0; i < list.size();) {
      Bits bits{};
      const auto first = i;
      for (; i < list.size() && list[i].first == list[first].first; ++i)
        bits[list[i].second / 64] |= std::uint64_t{1} << (list[i].second % 64);
      found(list[first].first, static_cast<std::uint32_t>(rows_.size()));
      rows_.push_back(bits);
    }
    list.clear();
  };
  rows_.reserve(words_.size() + stem_words_.size());
  table_.resize(std::bit_ceil(2 * words_.size() + 2));
  each(words_, [&](std::uint64_t hash, std::uint32_t row) {
    known_.set(place_of(hash));
    auto at = hash & (table_.size() - 1);
    while (table_[at].hash) at = (at + 1) & (table_.size() - 1);
    table_[at] = {hash, row};
  });
  stem_lists_.resize(1u << 15);
  each(stem_words_, [&](const std::string& letters, std::uint32_t row) {
    auto& list = stem_lists_[key_of(letters.data())];
    if (list == 0) {
      always_ |= stems_.size() == 255;
      stems_.emplace_back();
      list = static_cast<std::uint8_t>(std::min<std::size_t>(stems_.size(), 255));
    }
    stems_[list - 1u].push_back({letters, row});
  });
}

inline void Prefilter::add_row(std::uint32_t row, Seen& seen) const {
  const Bits& bits = rows_[row];
  for (std::size_t i = 0; i < most_words; ++i) seen.sets[i] |= bits[i];
}

inline void Prefilter::look_up(std::string_view text, std::size_t begin, std::size_t end, Seen& seen) const {
  const auto size = end - begin;
  const auto hash = folded_hash(text.data() + begin, size, text.size() - begin);
  if (known_[place_of(hash)]) {
    auto at = hash & (table_.size() - 1);
    while (table_[at].hash && table_[at].hash != hash) at = (at + 1) & (table_.size() - 1);
    if (table_[at].hash) add_row(table_[at].row, seen);
  }
  if (size < 3) return;
  const auto list = stem_lists_[key_of(text.data() + begin)];
  if (list == 0) return;
  for (const auto& stem : stems_[list - 1u])
    if (stem.letters.size() <= size &&
        std::equal(stem.letters.begin(), stem.letters.end(), text.begin() + begin,
                   [](char a, char b) { return a == small(b); }))
      add_row(stem.row, seen);
}

void Prefilter::run(std::string_view text, std::size_t begin, std::size_t end, Seen& seen) const {
  look_up(text, begin, end, seen);
  if (text[begin] > '9') return;
  seen.number = true;
  seen.unit = seen.unit || may_have_unit(text.substr(begin, end - begin), text.substr(end));
  // "10GPUs", "4xH100": the tokens behind the number begin at some letter.
  for (auto i = begin + 1; i < end; ++i)
    if (text[i] > '9') look_up(text, i, end, seen);
}

bool Prefilter::fits(const Need& need, const Seen& seen) {
  if ((need.number && !seen.number) || (need.unit && !seen.unit)) return false;
  return std::all_of(need.sets.begin(), need.sets.begin() + need.count,
                     [&](Id id) { return (seen.sets[id / 64] >> (id % 64) & 1) != 0; });
}

void Prefilter::possible(std::string_view text, std::vector<std::uint32_t>& patterns) const {
  patterns.clear();
  if (always_) return void(patterns = all_);
  Seen seen;
  bool inside = false;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); at += 64) {
    std::array<char, 64> tail{};
    const bool whole = at + 64 <= text.size();
    if (!whole) std::memcpy(tail.data(), text.data() + at, text.size() - at);
    const auto mask = letters_and_digits(whole ? text.data() + at : tail.data());
    // Where runs begin and end, in turn.
    for (auto edges = mask ^ (mask << 1 | std::uint64_t{inside}); edges; edges &= edges - 1) {
      const auto edge = at + static_cast<std::size_t>(std::countr_zero(edges));
      if (inside) run(text, begin, edge, seen);
      begin = edge;
      inside = !inside;
    }
  }
  if (inside) run(text, begin, text.size(), seen);
  const auto add = [&](const std::vector<Need>& needs) {
    for (const auto& need : needs)
      if (fits(need, seen)) patterns.push_back(need.pattern);
  };
  for (std::size_t w = 0; w < most_words; ++w)
    for (auto left = anchors_[w] & seen.sets[w]; left; left &= left - 1)
      add(by_anchor_[w * 64 + static_cast<std::size_t>(std::countr_zero(left))]);
  add(without_words_);
}

}  // namespace assay::claims
