// Reading a journal's lines without trusting them. Internal to evidence/journal.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/journal.hpp"

namespace assay::evidence::journal_detail {

inline constexpr std::uint64_t kNoRecord = ~std::uint64_t{0};

/// "crc32 payload\n".
std::string framed(std::string_view payload);
std::string header_payload(const JournalIdentity& identity);

/// The payload of a line without its newline; false when the checksum does not fit.
bool unframed(std::string_view line, std::string_view& payload);
/// The task and its outcome's text in a record's payload; false when there is none.
bool split_record(std::string_view payload, std::size_t& index, std::string_view& outcome);

/// The identity of each task's last record; nothing is held while no record has one.
class Identities {
 public:
  void set(std::size_t index, std::string_view identity, std::size_t tasks);
  [[nodiscard]] std::string get(std::size_t index) const;

 private:
  static constexpr std::size_t kLength = 16;
  std::vector<std::array<char, kLength>> texts_;
};

struct Scan {
  bool has_header = false;  ///< false: empty, or cut short within its first line; nothing is lost then
  std::vector<std::uint64_t> offsets;  ///< of each task's last record, or kNoRecord
  std::vector<plan::Status> statuses;  ///< of each task's last record
  Identities identities;
  std::size_t tasks = 0;
  std::uint64_t valid_bytes = 0;
  std::uint64_t dropped_bytes = 0;
};

/// Reads the whole file in pieces, about 0.5 GB/s; memory: a line and 8 bytes a task. Throws UserError for
/// damage and for another plan's or version's journal.
Scan scan(const std::filesystem::path& path, const JournalIdentity& expected);

/// The line that begins at an offset, without its newline. Throws when there is no end to it.
std::string read_line(int descriptor, const std::filesystem::path& path, std::uint64_t offset);

/// One record from an open journal, checked again.
plan::Outcome read_record(int descriptor, const std::filesystem::path& path, std::size_t index,
                          std::uint64_t offset);

}  // namespace assay::evidence::journal_detail
