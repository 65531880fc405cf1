// Words of the text against the words that triggers need.
// SPDX-License-Identifier: MIT
#include "claims/prefilter.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "claims/quantity.hpp"

namespace assay::claims {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Of the first three letters.
std::size_t key_of(std::uint64_t head) {
  return (head & 31) << 10 | (head >> 8 & 31) << 5 | (head >> 16 & 31);
}

std::size_t place_of(std::uint64_t hash) {
  return hash >> 40 & 0xffff;
}

char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

#ifdef __SSE2__
// Bit i: byte i of 64 is a letter or digit of ASCII. No branches, since nothing about text is predictable.
std::uint64_t letters_and_digits(const char* text) {
  // Bytes as signed numbers, moved so that the range ends at the largest one: what is greater than its
  // beginning lies within.
  const auto within = [](__m128i bytes, char low, char high) {
    const auto moved = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(127 - high)));
    return _mm_cmpgt_epi8(moved, _mm_set1_epi8(static_cast<char>(126 - high + low)));
  };
  std::uint64_t out = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + 16 * i));
    const auto found =
        _mm_or_si128(within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z'), within(bytes, '0', '9'));
    out |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(found))) << (16 * i);
  }
  return out;
}
#else
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
#endif

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
  each(stem_words_, [&](const std::string& letters, std::uint32_t row) {
    const auto size = std::min<std::size_t>(letters.size(), 8);
    std::uint64_t eight = 0;
    std::memcpy(&eight, letters.data(), size);
    const auto head = folded_head(eight, size);
    stems_.push_back({head, ~std::uint64_t{0} >> (8 * (8 - size)), letters.substr(size), row});
    stem_known_.set(key_of(head));
  });
  std::stable_sort(stems_.begin(), stems_.end(),
                   [](const Stem& a, const Stem& b) { return key_of(a.head) < key_of(b.head); });
  stem_begin_.assign(stem_known_.size() + 1, 0);
  for (const Stem& stem : stems_) ++stem_begin_[key_of(stem.head) + 1];
  std::partial_sum(stem_begin_.begin(), stem_begin_.end(), stem_begin_.begin());
}

inline void Prefilter::add_row(std::uint32_t row, Seen& seen) const {
  const Bits& bits = rows_[row];
  for (std::size_t i = 0; i < most_words; ++i) seen.sets[i] |= bits[i];
}

void Prefilter::add_stems(std::uint64_t head, std::size_t key, std::string_view word, Seen& seen) const {
  for (auto i = stem_begin_[key]; i < stem_begin_[key + 1]; ++i) {
    const Stem& stem = stems_[i];
    if ((head & stem.mask) != stem.head) continue;
    const bool whole = stem.tail.empty() || (word.size() >= 8 + stem.tail.size() &&
                                             std::equal(stem.tail.begin(), stem.tail.end(), word.begin() + 8,
                                                        [](char a, char b) { return a == small(b); }));
    if (whole) add_row(stem.row, seen);
  }
}

// Eight bytes may be read from any place of the text, without a look at how far its end is.
class Prefilter::Text {
 public:
  explicit Text(std::string_view text)
      : text_(text), near_end_(text.size() - std::min(text.size(), end_.size() / 2)) {
    std::memcpy(end_.data(), text.data() + near_end_, text.size() - near_end_);
  }
  std::string_view all() const { return text_; }
  std::uint64_t eight(std::size_t at) const {
    std::uint64_t out = 0;
    std::memcpy(&out, at < near_end_ ? text_.data() + at : end_.data() + (at - near_end_), 8);
    return out;
  }

 private:
  std::string_view text_;
  std::array<char, 16> end_{};  // its last eight bytes, and zeros
  std::size_t near_end_;
};

inline void Prefilter::look_up(const Text& text, std::size_t begin, std::size_t end, Seen& seen) const {
  const auto size = end - begin;
  const auto head = folded_head(text.eight(begin), size);
  const auto hash = size <= 8 ? folded_hash_of_head(head, size)
                              : folded_hash(text.all().data() + begin, size, text.all().size() - begin);
  if (known_[place_of(hash)]) add_word(hash, seen);
  const auto key = key_of(head);
  if (stem_known_[key]) add_stems(head, key, text.all().substr(begin, size), seen);
}

void Prefilter::add_word(std::uint64_t hash, Seen& seen) const {
  auto at = hash & (table_.size() - 1);
  while (table_[at].hash && table_[at].hash != hash) at = (at + 1) & (table_.size() - 1);
  if (table_[at].hash) add_row(table_[at].row, seen);
}

void Prefilter::look_up_number(const Text& text, std::size_t begin, std::size_t end, Seen& seen) const {
  const auto all = text.all();
  seen.number = true;
  seen.unit = seen.unit || may_have_unit(all.substr(begin, end - begin), all.substr(end));
  // "10GPUs", "4xH100": the tokens behind the number begin at some letter.
  for (auto i = begin + 1; i < end; ++i)
    if (all[i] > '9') look_up(text, i, end, seen);
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
  const Text words(text);
  bool inside = false;
  std::size_t begin = 0;
  const auto run = [&](std::size_t end) {
    look_up(words, begin, end, seen);
    if (text[begin] <= '9') look_up_number(words, begin, end, seen);
  };
  for (std::size_t at = 0; at < text.size(); at += 64) {
    std::array<char, 64> tail{};
    const bool whole = at + 64 <= text.size();
    if (!whole) std::memcpy(tail.data(), text.data() + at, text.size() - at);
    const auto mask = letters_and_digits(whole ? text.data() + at : tail.data());
    // Where runs begin and end, in turn.
    for (auto edges = mask ^ (mask << 1 | std::uint64_t{inside}); edges; edges &= edges - 1) {
      const auto edge = at + static_cast<std::size_t>(std::countr_zero(edges));
      if (inside) run(edge);
      begin = edge;
      inside = !inside;
    }
  }
  if (inside) run(text.size());
  const auto add = [&](const std::vector<Need>& needs) {
    for (const auto& need : needs)
      if (fits(need, seen)) patterns.push_back(need.pattern);
  };
  for (std::size_t w = 0; 64 * w < count_; ++w)
    for (auto left = anchors_[w] & seen.sets[w]; left; left &= left - 1)
      add(by_anchor_[w * 64 + static_cast<std::size_t>(std::countr_zero(left))]);
  add(without_words_);
}

}  // namespace assay::claims
