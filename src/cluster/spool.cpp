// SPDX-License-Identifier: MIT
#include "cluster/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <thread>

#include "core/error.hpp"
#include "core/file.hpp"

namespace assay::cluster {
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds kShortestNap{50}, kLongestNap{500};
constexpr double kFarewellSeconds = 2.0;
constexpr double kSeeOffSeconds = 1.0;
constexpr double kLookEvery = 1.0;  // seconds: how late a new worker is seen

std::uint64_t microseconds_now() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
}

fs::path made(fs::path folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw_file_error(error.value(), "cannot make the folder", folder);
  return folder;
}

fs::path folder_of_worker(const fs::path& spool) {
  return made(spool / "workers") / (host_name() + "-" + std::to_string(::getpid()));
}

/// Names of messages, the oldest first.
std::vector<fs::path> messages_in(const fs::path& folder) {
  std::vector<fs::path> all;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension().empty()) all.push_back(it->path());
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

bool SpoolBox::exists() const {
  std::error_code error;
  return fs::is_directory(folder_, error);
}

bool SpoolBox::put(const Frame& frame) {
  // Rising, also after a clock has gone back, and after those of an earlier process.
  last_ = std::max(last_ + 1, microseconds_now());
  const fs::path path = folder_ / fmt::format("{:020}", last_);
  const std::string next = path.string() + ".new";
  const FileHandle file(::open(next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.is_open() || write_fully(file.get(), encoded(frame)) != 0) return false;
  return ::rename(next.c_str(), path.c_str()) == 0;
}

std::optional<Frame> SpoolBox::take() {
  for (const auto& path : messages_in(folder_)) {
    std::string bytes;
    try {
      bytes = read_file(path);
    } catch (const Error&) {
      continue;  // a network file system may show a name before it gives the file
    }
    ::unlink(path.c_str());
    FrameReader reader;
    reader.add(bytes);
    auto frame = reader.next();
    if (!frame || !reader.empty()) throw ProtocolError("a file that is no whole message: " + path.string());
    return frame;
  }
  return std::nullopt;
}

SpoolTransport::SpoolTransport(const fs::path& folder, double patience)
    : workers_(made(folder / "workers")), patience_(patience), last_seen_(steady_seconds()) {
  lock_.emplace(folder);
}

void SpoolTransport::look_for_workers() {
  std::error_code error;
  for (fs::directory_iterator it(workers_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (it->path().extension() == ".new" || numbers_.count(name) > 0) continue;
    numbers_[name] = next_;
    Peer peer{SpoolBox(it->path() / "in"), SpoolBox(it->path() / "out")};
    peer.in.put(text_frame(kind::release, ""));  // one that had another manager greets again
    peers_.emplace(next_++, std::move(peer));
  }
}

bool SpoolTransport::read_from(int number, Peer& peer, Manager& manager) {
  bool any = false;
  try {
    while (const auto frame = peer.out.take()) {
      any = true;
      if (frame->kind == kind::hello && !peer.greeted) {
        peer.greeted = true;
        manager.joined(number, steady_seconds());
      }
      if (peer.greeted) manager.received(number, *frame, steady_seconds());
    }
  } catch (const ProtocolError& e) {
    manager.garbled(number, e.what(), steady_seconds());
  }
  return any;
}

void SpoolTransport::pump(Manager& manager, double seconds) {
  const double end = steady_seconds() + seconds;
  bool any = false;
  for (auto nap = kShortestNap; true; nap = std::min(2 * nap, kLongestNap)) {
    const double now = steady_seconds();
    if (now - looked_ > kLookEvery) {
      look_for_workers();
      looked_ = now;
    }
    for (auto it = peers_.begin(); it != peers_.end();) {
      const bool there = it->second.out.exists();
      any = read_from(it->first, it->second, manager) || any;
      if (there) {
        ++it;
        continue;
      }
      if (it->second.greeted) manager.gone(it->first, "its folder in the spool has gone", now);
      it = peers_.erase(it);
    }
    if (manager.alive() > 0) last_seen_ = now;
    if (any || now > end) return;
    std::this_thread::sleep_for(nap);
  }
}

bool SpoolTransport::exhausted() const {
  return steady_seconds() - last_seen_ > patience_;
}

void SpoolTransport::send(int worker, const Frame& frame) {
  const auto it = peers_.find(worker);
  if (it != peers_.end()) it->second.in.put(frame);
}

void SpoolTransport::dismiss(int worker) {
  send(worker, text_frame(kind::stop, std::string(kFinish)));
  if (const auto it = peers_.find(worker); it != peers_.end()) it->second.dismissed = true;
}

void SpoolTransport::see_off() {
  for (const double until = steady_seconds() + kSeeOffSeconds; steady_seconds() < until;) {
    bool any = false;
    for (auto& [number, peer] : peers_) {
      if (!peer.dismissed || !peer.out.exists()) continue;
      any = true;
      try {
        while (peer.out.take()) {
        }
      } catch (const ProtocolError&) {  // whatever it was: nothing is asked of this worker any more
      }
    }
    if (!any) return;
    std::this_thread::sleep_for(kShortestNap);
  }
}

SpoolChannel::SpoolChannel(const fs::path& spool)
    : folder_(folder_of_worker(fs::absolute(spool))), in_(folder_ / "in"), out_(folder_ / "out") {
  const fs::path next = folder_.string() + ".new";
  made(next / "in");
  made(next / "out");
  std::error_code error;
  fs::rename(next, folder_, error);  // whole, or not there
  if (error) throw_file_error(error.value(), "cannot make the folder", folder_);
}

SpoolChannel::~SpoolChannel() {
  // What was said last must be read first; a manager that is there does so at its next look.
  const double until = steady_seconds() + kFarewellSeconds;
  while (!closed_ && !messages_in(folder_ / "out").empty() && steady_seconds() < until)
    std::this_thread::sleep_for(kShortestNap);
  std::error_code ignored;  // nothing depends on it
  fs::remove_all(folder_, ignored);
}

bool SpoolChannel::send(const Frame& frame) {
  if (!closed_ && !out_.put(frame)) closed_ = true;
  return !closed_;
}

std::optional<Frame> SpoolChannel::receive(double seconds) {
  const double end = steady_seconds() + seconds;
  for (auto nap = kShortestNap; true; nap = std::min(2 * nap, kLongestNap)) {
    if (auto frame = in_.take()) return frame;
    closed_ = closed_ || !in_.exists();
    if (closed_ || woken_.exchange(false) || steady_seconds() >= end) return std::nullopt;
    std::this_thread::sleep_for(nap);
  }
}

}  // namespace assay::cluster
