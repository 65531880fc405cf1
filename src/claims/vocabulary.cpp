// Word sets and the cache of their answers.
// SPDX-License-Identifier: MIT
#include "claims/vocabulary.hpp"

#include <algorithm>
#include <cstring>

#include "core/text.hpp"

namespace assay::claims {
namespace {

constexpr std::size_t most_kept = 1u << 16;

// Eight bytes at a time; words are short, and a poor hash costs only time.
std::uint64_t hash_of(std::string_view word) {
  std::uint64_t h = word.size() * 0x9e3779b97f4a7c15ull;
  while (!word.empty()) {
    std::uint64_t part = 0;
    const auto n = std::min<std::size_t>(word.size(), 8);
    std::memcpy(&part, word.data(), n);
    h = (h ^ part) * 0xff51afd7ed558ccdull;
    h ^= h >> 32;
    word.remove_prefix(n);
  }
  return h ? h : 1;
}

std::size_t stem_of(std::string_view word) {
  return (static_cast<std::size_t>(word[0] & 31) << 10) | (static_cast<std::size_t>(word[1] & 31) << 5) |
         static_cast<std::size_t>(word[2] & 31);
}

}  // namespace

bool WordSets::begins_stem(std::string_view word) const {
  return word.size() >= 3 && stems_[stem_of(word)];
}

SetId WordSets::define(const std::vector<std::string>& words) {
  std::string key;
  for (const auto& word : words) key += word + '\n';
  if (const auto known = defined_.find(key); known != defined_.end()) return known->second;
  const auto id = static_cast<SetId>(count_++);
  defined_.emplace(std::move(key), id);
  words_.push_back(words);
  marked_.push_back(false);
  for (const auto& word : words) {
    if (word.starts_with('=')) {
      exact_[word.substr(1)].push_back(id);
      members_.set(folded_hash(word.substr(1)) >> 1 & (filter_bits - 1));
      cased_.insert(folded_hash(word.substr(1)));
    } else if (word.size() > 3 && word.ends_with('*')) {
      const auto stem = lower(word.substr(0, word.size() - 1));
      prefixes_[stem.substr(0, 3)].emplace_back(stem, id);
      stems_.set(stem_of(stem));
    } else {
      lower_[lower(word)].push_back(id);
      members_.set(folded_hash(word) >> 1 & (filter_bits - 1));
    }
  }
  return id;
}

std::vector<SetId> Vocabulary::find(std::string_view word) const {
  std::vector<SetId> out;
  const auto small = lower(word);
  if (const auto at = sets_.lower_.find(small); at != sets_.lower_.end()) out = at->second;
  if (const auto at = sets_.exact_.find(std::string(word)); at != sets_.exact_.end())
    out.insert(out.end(), at->second.begin(), at->second.end());
  if (small.size() >= 3)
    if (const auto at = sets_.prefixes_.find(small.substr(0, 3)); at != sets_.prefixes_.end())
      for (const auto& [stem, id] : at->second)
        if (std::string_view(small).starts_with(stem)) out.push_back(id);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Vocabulary::Vocabulary(const WordSets& sets)
    : sets_(sets), table_(sets.size() == 0 ? 1 : 4096), words_a_handle_((sets.size() + 63) / 64 + 1) {
  add_list({});
}

std::uint32_t Vocabulary::add_list(std::vector<SetId> list) {
  std::size_t hash = 0;
  for (const SetId set : list) hash = (hash ^ set) * 0xff51afd7ed558ccdull;
  const auto [first, last] = known_.equal_range(hash);
  for (auto at = first; at != last; ++at)
    if (lists_[at->second] == list) return at->second;
  known_.emplace(hash, static_cast<std::uint32_t>(lists_.size()));
  bits_.resize(bits_.size() + words_a_handle_);
  for (const SetId set : list)
    bits_[lists_.size() * words_a_handle_ + set / 64] |= std::uint64_t{1} << (set % 64);
  marked_.push_back(std::any_of(list.begin(), list.end(), [&](SetId set) { return sets_.marked_[set]; }));
  lists_.push_back(std::move(list));
  return static_cast<std::uint32_t>(lists_.size() - 1);
}

Vocabulary::Slot* Vocabulary::slot_of(std::uint64_t hash) {
  std::size_t at = hash & (table_.size() - 1);
  while (table_[at].hash && table_[at].hash != hash) at = (at + 1) & (table_.size() - 1);
  return &table_[at];
}

void Vocabulary::keep(std::uint64_t hash, std::uint32_t handle, bool cased) {
  if (kept_ >= most_kept) return;
  *slot_of(hash) = Slot{hash, handle, cased};
  if (++kept_ * 2 > table_.size()) grow();
}

std::uint32_t Vocabulary::handle(std::string_view word, std::size_t readable) {
  const auto folded = folded_hash(word.data(), word.size(), readable);
  if (!sets_.may_have(word, folded)) return 0;
  const Slot* slot = slot_of(folded);
  if (slot->hash) return slot->cased ? handle_as_written(word, folded) : slot->handle;
  if (sets_.cased_.contains(folded)) {
    keep(folded, 0, true);
    return handle_as_written(word, folded);
  }
  const auto handle = add_list(find(word));
  keep(folded, handle, false);
  return handle;
}

std::uint32_t Vocabulary::handle_as_written(std::string_view word, std::uint64_t folded) {
  // Of a word in small letters both hashes are the same: their sum, not what they differ in, tells words apart.
  const auto hash = (hash_of(word) + 0x9e3779b97f4a7c15ull * folded) | 1;
  if (const Slot* slot = slot_of(hash); slot->hash) return slot->handle;
  const auto handle = add_list(find(word));
  keep(hash, handle, false);
  return handle;
}

void Vocabulary::grow() {
  std::vector<Slot> old(table_.size() * 2);
  old.swap(table_);
  for (const auto& slot : old) {
    if (!slot.hash) continue;
    std::size_t at = slot.hash & (table_.size() - 1);
    while (table_[at].hash) at = (at + 1) & (table_.size() - 1);
    table_[at] = slot;
  }
}

}  // namespace assay::claims
