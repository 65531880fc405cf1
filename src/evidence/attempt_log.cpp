// SPDX-License-Identifier: MIT
#include "evidence/attempt_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "core/atomic_file.hpp"
#include "core/crc32.hpp"
#include "core/error.hpp"
#include "core/json.hpp"

namespace assay::evidence {
namespace {

constexpr std::size_t kStreamBytes = 64 * 1024;
constexpr std::size_t kChecksum = 9;  // eight digits and a space

std::string cut(const std::string& stream) {
  if (stream.size() <= kStreamBytes) return stream;
  const std::size_t half = kStreamBytes / 2;
  return stream.substr(0, half) + "\n[... cut ...]\n" + stream.substr(stream.size() - half);
}

std::string record_of(std::size_t task, std::size_t number, const plan::Attempt& a) {
  const std::string out = cut(a.out), err = cut(a.err);
  Json head = {{"task", task}, {"attempt", number}, {"cause", a.cause}};
  if (!a.message.empty()) head["message"] = a.message;
  if (a.exit_code != 0) head["exit"] = a.exit_code;
  if (a.signal != 0) head["signal"] = a.signal;
  head["started"] = a.started;
  head["wall"] = a.wall_seconds;
  head["cpu"] = a.cpu_seconds;
  head["peak_kib"] = a.peak_kib;
  head["out"] = {out.size(), a.out_bytes};
  head["err"] = {err.size(), a.err_bytes};
  const std::string body = to_text(head, 0) + "\n" + out + err + "\n";
  return fmt::format("{:08x} {}", crc32(body), body);
}

plan::Attempt attempt_of(const Json& head, std::string_view streams) {
  plan::Attempt a{.cause = head.at("cause").get<std::string>(),
                  .message = head.value("message", ""),
                  .exit_code = head.value("exit", 0),
                  .signal = head.value("signal", 0),
                  .started = head.at("started").get<double>(),
                  .wall_seconds = head.at("wall").get<double>(),
                  .cpu_seconds = head.at("cpu").get<double>(),
                  .peak_kib = head.at("peak_kib").get<long>()};
  const auto out = head.at("out").at(0).get<std::size_t>();
  a.out = streams.substr(0, out);
  a.err = streams.substr(out, head.at("err").at(0).get<std::size_t>());
  a.out_bytes = head.at("out").at(1).get<std::uint64_t>();
  a.err_bytes = head.at("err").at(1).get<std::uint64_t>();
  return a;
}

}  // namespace

AttemptLog::AttemptLog(std::filesystem::path path, bool overwrite)
    : path_(std::move(path)), overwrite_(overwrite) {
  if (overwrite_) ::unlink(path_.c_str());
}

std::string attempts_text(std::size_t task, const plan::Outcome& outcome) {
  std::string text;
  for (std::size_t i = 0; i < outcome.log.size(); ++i) {
    const auto& a = outcome.log[i];
    if (a.cause == "ok" && i == 0 && a.out_bytes + a.err_bytes == 0) continue;
    text += record_of(task, i + 1, a);
  }
  return text;
}

void AttemptLog::append(std::size_t task, const plan::Outcome& outcome) {
  const std::string text = attempts_text(task, outcome);
  if (text.empty()) return;
  const std::lock_guard lock(mutex_);
  if (!file_.is_open()) {
    file_ = FileHandle(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (!file_.is_open()) throw_file_error(errno, "cannot write", path_);
  }
  const auto before = ::lseek(file_.get(), 0, SEEK_END);
  if (const int error = write_fully(file_.get(), text)) {
    // Half a record would hide those after it.
    if (::ftruncate(file_.get(), before) != 0) file_.close();
    throw_file_error(error, "cannot write", path_);
  }
}

void read_attempts(const std::filesystem::path& path, const UseAttempt& use) {
  if (std::filesystem::exists(path)) read_attempts_text(read_file(path), use);
}

void read_attempts_text(std::string_view rest, const UseAttempt& use) {
  while (!rest.empty()) {
    const auto newline = rest.find('\n');
    if (newline == std::string_view::npos || newline < kChecksum) return;
    try {
      const Json head = parse_json(rest.substr(kChecksum, newline - kChecksum), "a record of attempts");
      const std::size_t streams =
          head.at("out").at(0).get<std::size_t>() + head.at("err").at(0).get<std::size_t>();
      const std::size_t end = newline + 1 + streams + 1;
      if (end > rest.size()) return;
      if (rest.substr(0, kChecksum) != fmt::format("{:08x} ", crc32(rest.substr(kChecksum, end - kChecksum))))
        return;
      const auto attempt = attempt_of(head, rest.substr(newline + 1, streams));
      if (!use(head.at("task").get<std::size_t>(), head.at("attempt").get<int>(), attempt)) return;
      rest.remove_prefix(end);
    } catch (const std::exception&) {
      return;  // not a whole record: the end of what was written
    }
  }
}

void renumber_attempts(const std::filesystem::path& path,
                       const std::unordered_map<std::size_t, std::size_t>& numbers) {
  if (!std::filesystem::exists(path)) return;
  AtomicFile next(path);
  read_attempts(path, [&](std::size_t task, int number, const plan::Attempt& attempt) {
    if (const auto it = numbers.find(task); it != numbers.end())
      next.write(record_of(it->second, static_cast<std::size_t>(number), attempt));
    return true;
  });
  next.commit();
}

}  // namespace assay::evidence
