#include "evidence/journal_scan.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/crc32.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/json.hpp"
#include "evidence/outcome_text.hpp"

namespace assay::evidence::journal_detail {

constexpr std::string_view kFormat = "assay/journal/v2";

namespace {

constexpr std::size_t kChecksum = 8;
constexpr std::size_t kReadAtOnce = 512;  // most records fit; a longer one takes a second read

std::string removal_hint(const std::filesystem::path& path) {
  return "to start again, remove " + path.string() + " or give another folder with --out";
}

[[noreturn]] void refuse(const std::filesystem::path& path, std::string what, std::string expected,
                         std::string found, std::string hint) {
  Problem problem;
  problem.what = path.string() + ": " + what;
  problem.expected = std::move(expected);
  problem.found = std::move(found);
  problem.hint = std::move(hint);
  throw UserError(std::move(problem));
}

void check_header(const std::filesystem::path& path, std::string_view payload,
                  const JournalIdentity& expected) {
  Json header;
  try {
    header = parse_json(payload, path.string());
  } catch (const UserError&) {
    refuse(path, "its first line is no journal header", std::string(kFormat), {}, removal_hint(path));
  }
  const auto text = [&](const char* key) {
    return header.is_object() && header.contains(key) && header[key].is_string()
               ? header[key].get<std::string>()
               : "";
  };
  if (text("journal") != kFormat)
    refuse(path, "not a journal that this version reads", std::string(kFormat), text("journal"),
           "finish it with the version of assay that started it (" + text("tool") + "); " + removal_hint(path));
  if (text("plan_sha256") != expected.plan_sha256)
    refuse(path, "the journal belongs to another plan", "plan " + expected.plan_sha256,
           "plan " + text("plan_sha256"),
           "resume with the config and flags that it was started with; " + removal_hint(path));
  if (text("tool") != expected.tool)
    refuse(path, "the journal was written by another version of assay", expected.tool, text("tool"),
           "results of two versions are not mixed: resume with the version that started it; " +
               removal_hint(path));
  if (!header.contains("tasks") || header["tasks"] != expected.tasks)
    refuse(path, "the journal counts other tasks", std::to_string(expected.tasks) + " tasks",
           header.contains("tasks") ? to_text(header["tasks"], 0) : "no number", removal_hint(path));
}

class Scanner {
 public:
  Scanner(const std::filesystem::path& path, const JournalIdentity& expected)
      : path_(path), expected_(expected) {
    scan_.offsets.assign(expected.tasks, kNoRecord);
    scan_.statuses.assign(expected.tasks, plan::Status::skipped);
  }

  void feed(std::string_view piece) {
    while (!piece.empty()) {
      const auto newline = piece.find('\n');
      if (newline == std::string_view::npos) {
        partial_ += piece;
        return;
      }
      partial_ += piece.substr(0, newline);
      take_line(partial_);
      partial_.clear();
      piece.remove_prefix(newline + 1);
    }
  }

  // Only a beginning of the very header that would be written now may count as an empty journal: anything
  // else may be a file of the user's.
  Scan finish() {
    if (!scan_.has_header && !partial_.empty() && framed(header_payload(expected_)).rfind(partial_, 0) != 0)
      refuse_header(partial_);
    const auto size = line_start_ + partial_.size();
    scan_.dropped_bytes = size - scan_.valid_bytes;
    return std::move(scan_);
  }

 private:
  void take_line(std::string_view line) {
    ++number_;
    std::string_view payload;
    const bool whole = unframed(line, payload);
    if (!scan_.has_header) {
      if (!whole) refuse_header(line);
      check_header(path_, payload, expected_);
      scan_.has_header = true;
    } else if (!whole) {
      if (!damaged_) damaged_ = {line_start_, number_};
      line_start_ += line.size() + 1;
      return;
    } else {
      take_record(payload);
    }
    line_start_ += line.size() + 1;
    scan_.valid_bytes = line_start_;
  }

  void take_record(std::string_view payload) {
    if (damaged_)
      refuse(path_, fmt::format("damaged at byte {} (line {})", damaged_->first, damaged_->second),
             "a line whose checksum fits", "whole lines after it, so this is no interrupted write",
             "restore the file from a copy; " + removal_hint(path_));
    std::size_t index = 0;
    std::string_view outcome;
    if (!split_record(payload, index, outcome) || index >= expected_.tasks)
      refuse(path_, fmt::format("a record that cannot be one at byte {} (line {})", line_start_, number_),
             fmt::format("a task from 0 to {}", static_cast<std::int64_t>(expected_.tasks) - 1),
             std::string(payload.substr(0, 40)), removal_hint(path_));
    if (scan_.offsets[index] == kNoRecord) ++scan_.tasks;
    scan_.offsets[index] = line_start_;
    scan_.statuses[index] = status_in_outcome(outcome);
    scan_.identities.set(index, identity_in_outcome(outcome), expected_.tasks);
  }

  [[noreturn]] void refuse_header(std::string_view line) {
    refuse(path_, "its first line is damaged, or the file is no journal", "a header whose checksum fits",
           "\"" + to_text(Json(std::string(line.substr(0, 60))), 0) + "\"", removal_hint(path_));
  }

  const std::filesystem::path& path_;
  const JournalIdentity& expected_;
  Scan scan_;
  std::string partial_;
  std::uint64_t line_start_ = 0;
  std::size_t number_ = 0;
  std::optional<std::pair<std::uint64_t, std::size_t>> damaged_;
};

}  // namespace

void Identities::set(std::size_t index, std::string_view identity, std::size_t tasks) {
  if (texts_.empty() && identity.empty()) return;
  texts_.resize(tasks);
  texts_[index] = {};
  if (identity.size() == kLength) std::copy(identity.begin(), identity.end(), texts_[index].begin());
}

std::string Identities::get(std::size_t index) const {
  if (index >= texts_.size() || texts_[index][0] == '\0') return {};
  return {texts_[index].data(), kLength};
}

std::string framed(std::string_view payload) {
  std::string line = fmt::format("{:08x} ", crc32(payload));
  line += payload;
  line += '\n';
  return line;
}

std::string header_payload(const JournalIdentity& identity) {
  const Json header = {{"journal", kFormat},
                       {"tool", identity.tool},
                       {"plan_sha256", identity.plan_sha256},
                       {"tasks", identity.tasks}};
  return to_text(header, 0);
}

bool unframed(std::string_view line, std::string_view& payload) {
  if (line.size() < kChecksum + 1 || line[kChecksum] != ' ') return false;
  payload = line.substr(kChecksum + 1);
  std::uint32_t told = 0;
  const auto parsed = std::from_chars(line.data(), line.data() + kChecksum, told, 16);
  // A checksum has one spelling: capital letters are damage.
  const bool upper =
      std::any_of(line.begin(), line.begin() + kChecksum, [](char c) { return c >= 'A' && c <= 'F'; });
  return parsed.ec == std::errc() && parsed.ptr == line.data() + kChecksum && !upper && told == crc32(payload);
}

bool split_record(std::string_view payload, std::size_t& index, std::string_view& outcome) {
  const auto parsed = std::from_chars(payload.data(), payload.data() + payload.size(), index);
  const auto length = static_cast<std::size_t>(parsed.ptr - payload.data());
  if (parsed.ec != std::errc() || length >= payload.size() || payload[length] != ' ') return false;
  outcome = payload.substr(length + 1);
  return true;
}

std::string read_line(int descriptor, const std::filesystem::path& path, std::uint64_t offset) {
  std::string line;
  auto newline = std::string::npos;
  for (std::size_t want = kReadAtOnce; newline == std::string::npos; want *= 4) {
    const auto have = line.size();
    line.resize(have + want);
    const auto got = ::pread(descriptor, line.data() + have, want, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) {
      line.resize(have);
      continue;
    }
    if (got <= 0) throw_file_error(got < 0 ? errno : EIO, "cannot read the journal", path);
    line.resize(have + static_cast<std::size_t>(got));
    newline = line.find('\n', have);
  }
  line.resize(newline);
  return line;
}

plan::Outcome read_record(int descriptor, const std::filesystem::path& path, std::size_t index,
                          std::uint64_t offset) {
  const std::string line = read_line(descriptor, path, offset);
  std::string_view payload;
  std::size_t found = 0;
  std::string_view outcome;
  if (!unframed(line, payload) || !split_record(payload, found, outcome) || found != index)
    throw EnvironmentError(
        fmt::format("{}: the record of task {} at byte {} changed while in use", path.string(), index, offset),
        "find out which other program writes to this file");
  return parse_outcome(outcome, fmt::format("{} (task {})", path.string(), index));
}

Scan scan(const std::filesystem::path& path, const JournalIdentity& expected) {
  Scanner scanner(path, expected);
  read_file_in_pieces(path, [&](std::string_view piece) { scanner.feed(piece); });
  return scanner.finish();
}

}  // namespace assay::evidence::journal_detail

namespace assay::evidence {

std::optional<JournalIdentity> journal_identity(const std::filesystem::path& path) {
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return std::nullopt;
  std::array<char, 4096> head{};
  const auto got = ::pread(file.get(), head.data(), head.size(), 0);
  const std::string_view text(head.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  std::string_view payload;
  if (text.find('\n') == std::string_view::npos ||
      !journal_detail::unframed(text.substr(0, text.find('\n')), payload))
    return std::nullopt;
  try {
    const Json header = parse_json(payload, path.string());
    if (header.value("journal", "") != journal_detail::kFormat) return std::nullopt;
    return JournalIdentity{.plan_sha256 = header.at("plan_sha256").get<std::string>(),
                           .tasks = header.at("tasks").get<std::size_t>(),
                           .tool = header.at("tool").get<std::string>()};
  } catch (const std::exception&) {
    return std::nullopt;  // not a header; whoever opens the journal says what is wrong
  }
}

}  // namespace assay::evidence
