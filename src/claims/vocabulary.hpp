// Which word sets ("$device", "faster|quicker", "accelerat*") a word belongs to. Sets are defined once, when
// the rules are loaded; the answer for a word is computed when it is first met and kept.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assay::claims {

using SetId = std::uint16_t;

// Words: "fast" (any case), "=Metal" (as written), "accelerat*" (any ending).
class WordSets {
 public:
  SetId define(const std::vector<std::string>& words);  // the same words give the same set
  std::size_t size() const { return count_; }

 private:
  friend class Vocabulary;
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

  std::uint32_t handle(std::string_view word);  // 0: belongs to no set
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
    std::uint64_t hash = 0;  // 0: free
    std::uint32_t handle = 0;
  };
  std::vector<SetId> find(std::string_view word) const;
  void grow();
  std::uint32_t add_list(std::vector<SetId> list);

  const WordSets& sets_;
  std::vector<Slot>
      table_;  // open addressing; bounded (most_kept), since documents may hold any number of words
  std::size_t kept_ = 0;
  std::vector<std::vector<SetId>> lists_;  // by handle
  std::vector<std::uint64_t> bits_;        // the same, for contains()
  std::size_t words_a_handle_ = 0;
};

}  // namespace assay::claims
