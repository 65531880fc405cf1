// SPDX-License-Identifier: MIT
#include "evidence/result_cache.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.hpp"
#include "core/time.hpp"
#include "evidence/journal_scan.hpp"
#include "evidence/outcome_text.hpp"

namespace assay::evidence {
namespace {

constexpr std::string_view kHeader = R"({"results":"assay/results/v1"})";
constexpr const char* kSuffix = ".results";

std::optional<std::array<char, 16>> key_of(std::string_view identity) {
  std::array<char, 16> key{};
  if (identity.size() != key.size()) return std::nullopt;
  std::copy(identity.begin(), identity.end(), key.begin());
  return key;
}

}  // namespace

std::size_t ResultCache::KeyHash::operator()(const Key& key) const {
  std::size_t hash = 0;  // its letters are those of a digest
  std::memcpy(&hash, key.data(), sizeof hash);
  std::size_t rest = 0;
  std::memcpy(&rest, key.data() + sizeof hash, sizeof rest);
  return hash * 31 + rest;
}

ResultCache::ResultCache(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) throw_file_error(error.value(), "cannot make the folder", folder_);
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    if (entry.path().extension() == kSuffix) found.push_back(entry.path());
  }
  if (error) throw_file_error(error.value(), "cannot read the folder", folder_);
  std::sort(found.begin(), found.end());
  for (const auto& path : found) read_segment(path);
}

ResultCache::~ResultCache() {
  if (own_) ::fdatasync(files_[*own_].get());
}

void ResultCache::read_segment(const std::filesystem::path& path) {
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT) return;  // somebody has removed it since
    throw_file_error(errno, "cannot read", path);
  }
  const auto number = static_cast<std::uint32_t>(files_.size());
  std::uint64_t offset = 0;
  bool first = true, ours = false;
  std::string partial;
  const auto take = [&](std::string_view line) {
    std::string_view payload;
    const bool whole = journal_detail::unframed(line, payload);
    if (first) {
      first = false;
      ours = whole && payload == kHeader;
    } else if (ours) {
      const auto key = whole ? key_of(identity_in_outcome(payload)) : std::nullopt;
      if (key) places_.try_emplace(*key, Place{number, offset});
      if (!key) ++damaged_;
    }
    offset += line.size() + 1;
  };
  read_file_in_pieces(path, [&](std::string_view piece) {
    for (auto newline = piece.find('\n'); newline != std::string_view::npos; newline = piece.find('\n')) {
      partial += piece.substr(0, newline);
      take(partial);
      partial.clear();
      piece.remove_prefix(newline + 1);
    }
    partial += piece;
  });
  if (!ours) return;  // a file of somebody's, or one that holds nothing yet
  names_.push_back(path);
  files_.push_back(std::move(file));
}

void ResultCache::open_own() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host = {'h', 'o', 's', 't'};
  const std::string stem = fmt::format("{}-{}-{}", now_rfc3339(), host.data(), ::getpid());
  for (int i = 0;; ++i) {
    const auto path = folder_ / fmt::format("{}{}{}", stem, i == 0 ? "" : fmt::format("-{}", i), kSuffix);
    FileHandle file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.is_open() && errno == EEXIST) continue;
    if (!file.is_open()) throw_file_error(errno, "cannot write", path);
    const std::string header = journal_detail::framed(kHeader);
    if (const int error = write_fully(file.get(), header)) throw_file_error(error, "cannot write", path);
    own_ = static_cast<std::uint32_t>(files_.size());
    own_size_ = header.size();
    names_.push_back(path);
    files_.push_back(std::move(file));
    return;
  }
}

std::optional<plan::Outcome> ResultCache::find(const std::string& identity) const {
  const auto key = key_of(identity);
  if (!key) return std::nullopt;
  Place place;
  int file = -1;
  std::filesystem::path name;
  {
    const std::lock_guard lock(mutex_);
    const auto it = places_.find(*key);
    if (it == places_.end()) return std::nullopt;
    place = it->second;
    file = files_[place.file].get();
    name = names_[place.file];
  }
  const std::string line = journal_detail::read_line(file, name, place.offset);
  std::string_view payload;
  if (!journal_detail::unframed(line, payload) || identity_in_outcome(payload) != identity) return std::nullopt;
  return parse_outcome(payload, name.string());
}

void ResultCache::add(const std::string& identity, plan::Outcome outcome) {
  const auto key = key_of(identity);
  if (!key) return;
  outcome.identity = identity;
  std::string payload;
  append_outcome(payload, outcome);
  const std::string line = journal_detail::framed(payload);
  const std::lock_guard lock(mutex_);
  if (places_.count(*key) > 0) return;
  if (!own_) open_own();
  const int file = files_[*own_].get();
  if (const int error = write_fully(file, line)) {
    // Half a line would be read together with the next one.
    if (::ftruncate(file, static_cast<off_t>(own_size_)) == 0) ::lseek(file, 0, SEEK_END);
    throw_file_error(error, "cannot write", names_[*own_]);
  }
  places_.emplace(*key, Place{*own_, own_size_});
  own_size_ += line.size();
}

std::size_t ResultCache::size() const {
  const std::lock_guard lock(mutex_);
  return places_.size();
}

}  // namespace assay::evidence
