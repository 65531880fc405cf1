// Which word sets ("$device", "faster|quicker", "accelerat*") a word belongs to. Sets are defined once, when
// the rules are loaded; the answer for a word is computed when it is first met and kept.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace assay::claims {

using SetId = std::uint16_t;

// The first eight bytes of a word in small letters (digits stay what they are), zero behind its end. `eight`:
// the bytes from its first on, whatever follows it.
inline std::uint64_t folded_head(std::uint64_t eight, std::size_t size) {
  constexpr std::uint64_t small_letters = 0x2020202020202020ull;
  const std::uint64_t head = eight | small_letters;
  return size < 8 ? head & ~(~std::uint64_t{0} << (8 * size)) : head;
}

// One step of the hash below.
inline std::uint64_t mix_word(std::uint64_t h, std::uint64_t part) {
  h = (h ^ part) * 0xff51afd7ed558ccdull;
  return h ^ h >> 32;
}
// The hash below of a word of at most eight bytes.
inline std::uint64_t folded_hash_of_head(std::uint64_t head, std::size_t size) {
  return mix_word(size * 0x9e3779b97f4a7c15ull, head) | 1;
}

// Of a word in whatever case; never 0. Eight bytes at a time: `readable` bytes from its first on may be read,
// so that a word within a longer text needs no copy. A poor hash costs only time.
inline std::uint64_t folded_hash(const char* word, std::size_t size, std::size_t readable) {
  std::uint64_t h = size * 0x9e3779b97f4a7c15ull;
  for (; size > 0; word += 8, readable -= 8) {
    std::uint64_t part = 0;
    if (readable >= 8)
      std::memcpy(&part, word, 8);
    else
      std::memcpy(&part, word, size);
    h = mix_word(h, folded_head(part, size));
    if (size <= 8) break;
    size -= 8;
  }
  return h | 1;
}
inline std::uint64_t folded_hash(std::string_view word) {
  return folded_hash(word.data(), word.size(), word.size());
}

// Words: "fast" (any case), "=Metal" (as written), "accelerat*" (any ending).
class WordSets {
 public:
  SetId define(const std::vector<std::string>& words);  // the same words give the same set
  std::size_t size() const { return count_; }
  // False: the word, whose hash this is, belongs to no set. A few words that belong to none pass, too.
  bool may_have(std::string_view word, std::uint64_t folded) const {
    return members_[folded >> 1 & (filter_bits - 1)] || begins_stem(word);
  }
  // Marked sets are those without which (and without a quantity) no sentence matters.
  void mark(SetId set) { marked_[set] = true; }
  const std::vector<std::string>& words_of(SetId set) const { return words_[set]; }

 private:
  friend class Vocabulary;
  static constexpr std::size_t filter_bits = 1u << 16;
  bool begins_stem(std::string_view word) const;

  std::vector<std::vector<std::string>> words_;  // by set, as they were given
  std::vector<bool> marked_;                     // by set
  std::unordered_set<std::uint64_t> cased_;      // folded hashes of words that count only as written
  std::bitset<filter_bits> members_;             // 8 KiB: stays in the nearest cache
  std::bitset<1u << 15> stems_;                  // by the first three letters
  std::unordered_map<std::string, std::vector<SetId>> lower_, exact_;
  std::unordered_map<std::string, std::vector<std::pair<std::string, SetId>>>
      prefixes_;  // by first three letters
  std::unordered_map<std::string, SetId> defined_;
  std::size_t count_ = 0;
};

// One a thread: the cache is not shared.
class Vocabulary {
 public:
  explicit Vocabulary(const WordSets& sets);

  // 0: belongs to no set. `readable`: bytes from its first on that may be read, where it lies in a longer text.
  std::uint32_t handle(std::string_view word, std::size_t readable);
  std::uint32_t handle(std::string_view word) { return handle(word, word.size()); }
  bool is_marked(std::uint32_t handle) const { return marked_[handle]; }
  const std::vector<SetId>& sets_of(std::uint32_t handle) const { return lists_[handle]; }
  // Adds the sets of a handle to a set of sets, one bit each.
  void collect(std::uint32_t handle, std::vector<std::uint64_t>& bits) const {
    bits.resize(words_a_handle_);
    for (std::size_t i = 0; i < words_a_handle_; ++i) bits[i] |= bits_[handle * words_a_handle_ + i];
  }
  bool contains(std::uint32_t handle, SetId set) const {
    return (bits_[handle * words_a_handle_ + set / 64] >> (set % 64) & 1) != 0;
  }

 private:
  // The word itself is not kept: 2^16 words meet in 64 bits of hash once in 10^10 documents, and a hit in the
  // cache of the processor is what makes this fast.
  struct Slot {
    std::uint64_t hash = 0;  // 0: free; of the word in whatever case
    std::uint32_t handle = 0;
    bool cased = false;  // the case decides: it is kept under the hash of the word as written
  };
  std::vector<SetId> find(std::string_view word) const;
  std::uint32_t handle_as_written(std::string_view word, std::uint64_t folded);
  Slot* slot_of(std::uint64_t hash);  // the one that has it, or the free one where it would be
  void keep(std::uint64_t hash, std::uint32_t handle, bool cased);
  void grow();
  std::uint32_t add_list(std::vector<SetId> list);

  const WordSets& sets_;
  std::vector<Slot>
      table_;  // open addressing; bounded (most_kept), since documents may hold any number of words
  std::size_t kept_ = 0;
  std::vector<std::vector<SetId>> lists_;                      // by handle
  std::unordered_multimap<std::size_t, std::uint32_t> known_;  // handles by the hash of their list
  std::vector<std::uint64_t> bits_;                            // the same, for contains()
  std::vector<bool> marked_;                                   // by handle
  std::size_t words_a_handle_ = 0;
};

}  // namespace assay::claims
