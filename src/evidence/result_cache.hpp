// Results of tasks by what they depend on, in a folder that several runs may use at once.
// SPDX-License-Identifier: MIT
//
//   <time>-<host>-<process>.results
//     crc32 {"results":"assay/results/v1"}
//     crc32 <outcome with its identity> (outcome_text.hpp)
//
// Each run that has something to add writes a file of its own, a line a result in one write(2), and reads all
// that are there when it begins: no locks, no file that two processes write, nothing that an interrupted run
// can damage. A line that is cut or damaged is passed over. Two runs that compute the same task at the same
// time both add it; the first file counts. Files may be removed at any time: their results are then computed
// again.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/file.hpp"
#include "plan/task.hpp"

namespace assay::evidence {

class ResultCache {
 public:
  /// Makes the folder where it is missing and reads it: about 30 bytes of memory a result. UserError or
  /// EnvironmentError when it cannot be.
  explicit ResultCache(std::filesystem::path folder);
  ~ResultCache();
  ResultCache(const ResultCache&) = delete;
  ResultCache& operator=(const ResultCache&) = delete;

  /// The outcome with this identity (16 letters), read and checked again; nothing when there is none.
  [[nodiscard]] std::optional<plan::Outcome> find(const std::string& identity) const;
  /// Keeps an outcome under an identity, unless there is one. From any thread. EnvironmentError: disk full.
  void add(const std::string& identity, plan::Outcome outcome);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t damaged() const { return damaged_; }  ///< lines passed over

 private:
  struct Place {
    std::uint32_t file = 0;
    std::uint64_t offset = 0;
  };
  using Key = std::array<char, 16>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  void read_segment(const std::filesystem::path& path);
  void open_own();

  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::vector<std::filesystem::path> names_;
  std::vector<FileHandle> files_;
  std::unordered_map<Key, Place, KeyHash> places_;
  std::size_t damaged_ = 0;
  std::optional<std::uint32_t> own_;
  std::uint64_t own_size_ = 0;
};

}  // namespace assay::evidence
