// SPDX-License-Identifier: MIT
#include "cluster/pool.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "core/error.hpp"

namespace assay::cluster {
namespace {

constexpr int kEndMilliseconds = 2000;
constexpr int kSpareStarts = 8;
constexpr int kReadsInARow = 16;  // of one worker, before the others have their turn

std::string& named_program() {
  static std::string path;
  return path;
}

/// Waits for a child that has been told to end, and helps where that is not enough.
ChildEnd end_of(Child& child) {
  pollfd watched{child.descriptor(), POLLIN, 0};
  if (::poll(&watched, 1, kEndMilliseconds) <= 0) child.signal(SIGKILL);
  return child.wait();
}

}  // namespace

std::string worker_program() {
  if (!named_program().empty()) return named_program();
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

void set_worker_program(std::string path) {
  named_program() = std::move(path);
}

Pool::Pool(PoolRequest request) : request_(std::move(request)) {}

Pool::~Pool() {
  for (auto& [number, worker] : workers_) worker.socket.close();  // they see the end of their input
  for (auto& [number, worker] : workers_) end_of(worker.child);
}

std::vector<int> Pool::processes() const {
  std::vector<int> all;
  for (const auto& [number, worker] : workers_) all.push_back(worker.child.process());
  return all;
}

bool Pool::may_start() const {
  return why_not_.empty() && fruitless_ < 2 * request_.workers + kSpareStarts;
}

void Pool::start(Manager& manager) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw EnvironmentError("cannot connect a worker: " + std::string(std::strerror(errno)),
                           "too many files are open: see ulimit -n, or use fewer --workers");
  FileHandle ours(ends[0]);
  const FileHandle theirs(ends[1]);
  std::vector<std::string> arguments{"assay"};
  arguments.insert(arguments.end(), request_.arguments.begin(), request_.arguments.end());
  const ChildSpec spec{
      .program = worker_program(), .arguments = std::move(arguments), .in = theirs.get(), .out = theirs.get()};
  StartFailure failure;
  auto child = Child::start(spec, failure);
  if (!child) {
    why_not_ = "cannot " + std::string(failure.step) + " " + spec.program + ": " + std::strerror(failure.error);
    if (workers_.empty()) throw EnvironmentError(why_not_, "see ulimit -u and free -m, or use fewer --workers");
    return;
  }
  workers_.emplace(next_, Worker{std::move(*child), std::move(ours), {}, {}});
  ++fruitless_;
  manager.joined(next_++, steady_seconds());
}

void Pool::fill_up(Manager& manager) {
  if (manager.open_tasks() != open_before_) {
    open_before_ = manager.open_tasks();
    fruitless_ = 0;
  }
  while (!manager.stopping() && manager.alive() < static_cast<std::size_t>(request_.workers) && may_start() &&
         manager.alive() < manager.open_tasks())
    start(manager);
}

void Pool::flush(Worker& worker) {
  while (!worker.unsent.empty()) {
    const auto sent =
        ::send(worker.socket.get(), worker.unsent.data(), worker.unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return;  // full, or broken: reading will tell
    worker.unsent.erase(0, static_cast<std::size_t>(sent));
  }
}

void Pool::send(int number, const Frame& frame) {
  const auto it = workers_.find(number);
  if (it == workers_.end()) return;
  it->second.unsent += encoded(frame);
  flush(it->second);
}

void Pool::dismiss(int number) {
  const auto it = workers_.find(number);
  if (it != workers_.end()) it->second.dismissed = true;
}

bool Pool::read_from(int number, Worker& worker, Manager& manager) {
  std::array<char, 65536> piece{};
  for (int i = 0; i < kReadsInARow; ++i) {
    const auto got = ::recv(worker.socket.get(), piece.data(), piece.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    if (got <= 0) return false;
    try {
      worker.reader.add({piece.data(), static_cast<std::size_t>(got)});
      while (const auto frame = worker.reader.next()) manager.received(number, *frame, steady_seconds());
    } catch (const ProtocolError& e) {
      manager.garbled(number, e.what(), steady_seconds());
      return false;
    }
    if (static_cast<std::size_t>(got) < piece.size()) return true;
  }
  return true;
}

void Pool::bury(int number, Manager& manager) {
  const auto it = workers_.find(number);
  Worker worker = std::move(it->second);
  workers_.erase(it);
  worker.socket.close();
  const ChildEnd end = end_of(worker.child);
  manager.gone(number, describe(end), steady_seconds());
}

void Pool::pump(Manager& manager, double seconds) {
  fill_up(manager);
  std::vector<pollfd> watched;
  std::vector<int> numbers;
  for (auto& [number, worker] : workers_) {
    watched.push_back(
        {worker.socket.get(), static_cast<short>(POLLIN | (worker.unsent.empty() ? 0 : POLLOUT)), 0});
    numbers.push_back(number);
  }
  const auto milliseconds = static_cast<int>(std::ceil(seconds * 1000.0));
  if (::poll(watched.data(), watched.size(), milliseconds) <= 0) return;
  for (std::size_t i = 0; i < watched.size(); ++i) {
    Worker& worker = workers_.at(numbers[i]);
    if ((watched[i].revents & POLLOUT) != 0) flush(worker);
    if ((watched[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !read_from(numbers[i], worker, manager))
      bury(numbers[i], manager);
  }
}

}  // namespace assay::cluster
