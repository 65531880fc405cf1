// SPDX-License-Identifier: MIT
#include "cluster/ranks.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

namespace assay::cluster {
namespace {

// MPI has no waiting that leaves the core to others: looked at often while there is traffic, seldom without.
constexpr std::chrono::microseconds kShortestNap{20}, kLongestNap{500};
constexpr double kLookEvery = 0.1;  // seconds

Frame frame_of(const std::string& bytes) {
  FrameReader reader;
  reader.add(bytes);
  auto frame = reader.next();
  if (!frame || !reader.empty()) throw ProtocolError("a message that is no whole frame");
  return *std::move(frame);
}

/// A process that our launcher has started, too, and that has not ended. Its number could be another's by now.
bool is_sibling(int process) {
  if (process == 0) return false;
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return false;
  std::istringstream rest(text.substr(std::min(text.rfind(')') + 1, text.size())));
  char state = 0;
  int parent = 0;
  return rest >> state >> parent && state != 'Z' && parent == ::getppid();
}

/// Calls `look` until it says that something was there, or the time is over.
template <class Look>
void look_often(double seconds, const Look& look) {
  const double end = steady_seconds() + seconds;
  for (auto nap = kShortestNap; !look() && steady_seconds() < end; nap = std::min(2 * nap, kLongestNap))
    std::this_thread::sleep_for(nap);
}

}  // namespace

RankTransport::RankTransport(Ranks& ranks) : ranks_(ranks), peers_(static_cast<std::size_t>(ranks.size())) {}

void RankTransport::attach(Manager& manager) {
  for (int rank = 1; rank < ranks_.size(); ++rank) {
    Peer& peer = peers_[static_cast<std::size_t>(rank)];
    if (peer.gone) continue;
    manager.joined(rank, steady_seconds());
    if (peer.hello) manager.received(rank, *peer.hello, steady_seconds());
  }
}

void RankTransport::send(int worker, const Frame& frame) {
  Peer& peer = peers_.at(static_cast<std::size_t>(worker));
  if (peer.gone) return;
  if (frame.kind == kind::release) peer.hello.reset();
  ranks_.send(worker, encoded(frame));
}

void RankTransport::deliver(Manager& manager, int rank, const std::string& bytes) {
  Peer& peer = peers_.at(static_cast<std::size_t>(rank));
  try {
    Frame frame = frame_of(bytes);
    if (frame.kind == kind::hello) {
      const Hello hello = parse_hello(frame);
      if (hello.host == host_name()) peer.process = hello.process;
      peer.hello = frame;
    }
    if (peer.hello) manager.received(rank, frame, steady_seconds());
  } catch (const ProtocolError& e) {
    manager.garbled(rank, e.what(), steady_seconds());
  }
}

void RankTransport::look_for_dead(Manager& manager, double now) {
  if (now - looked_ < kLookEvery) return;
  looked_ = now;
  for (int rank = 1; rank < ranks_.size(); ++rank) {
    Peer& peer = peers_[static_cast<std::size_t>(rank)];
    if (peer.gone || peer.process == 0 || ::kill(peer.process, 0) == 0 || errno != ESRCH) continue;
    peer.gone = true;
    manager.gone(rank, "rank " + std::to_string(rank) + " has died", now);
  }
}

void RankTransport::pump(Manager& manager, double seconds) {
  look_often(seconds, [&] {
    bool any = false;
    while (const auto message = ranks_.receive()) {
      deliver(manager, message->first, message->second);
      any = true;
    }
    return any;
  });
  look_for_dead(manager, steady_seconds());
}

void RankTransport::end_local_workers(double seconds) {
  const double until = steady_seconds() + seconds;
  for (const Peer& peer : peers_) {
    while (is_sibling(peer.process) && steady_seconds() < until) std::this_thread::sleep_for(10 * kLongestNap);
    if (is_sibling(peer.process)) ::kill(peer.process, SIGKILL);
  }
}

bool RankChannel::send(const Frame& frame) {
  ranks_.send(0, encoded(frame));
  return true;
}

std::optional<Frame> RankChannel::receive(double seconds) {
  std::optional<Frame> frame;
  look_often(seconds, [&] {
    if (const auto message = ranks_.receive()) frame = frame_of(message->second);
    return frame.has_value() || woken_.exchange(false);
  });
  return frame;
}

}  // namespace assay::cluster
