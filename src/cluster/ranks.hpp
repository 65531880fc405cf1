// Manager and workers as ranks of an MPI program, without MPI: the library is behind an interface, so that the
// plain program neither links nor loads it. Rank 0 is the manager. No collective is used after the start: it
// would never return once a rank is dead.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cluster/channel.hpp"
#include "cluster/transport.hpp"

namespace assay::cluster {

/// Messages between ranks, in order for each pair. By one thread of a rank, the one that began MPI.
class Ranks {
 public:
  virtual ~Ranks() = default;
  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  /// Returns at once, whatever the other rank does.
  virtual void send(int to, std::string bytes) = 0;
  /// A message that is there, and whose it is.
  virtual std::optional<std::pair<int, std::string>> receive() = 0;
};

/// The manager's side. It lives as long as the ranks do: one study after the other.
class RankTransport final : public Transport {
 public:
  explicit RankTransport(Ranks& ranks);
  /// The workers are this manager's from here on. What they had to say to the last one is not passed on.
  void attach(Manager& manager);
  void pump(Manager& manager, double seconds) override;
  /// Ranks do not come back; a frozen one may, but nobody waits for that when all others are gone.
  [[nodiscard]] bool exhausted() const override { return true; }
  void send(int worker, const Frame& frame) override;
  void dismiss(int) override {}

  /// Gives workers of this machine so long to end, then ends them: a frozen one would keep the launcher
  /// waiting.
  void end_local_workers(double seconds);

  /// A rank was lost: the end must not wait for it.
  [[nodiscard]] bool broken() const { return broken_; }
  void note_losses(const Counts& counts) { broken_ = broken_ || counts.lost + counts.refused > 0; }

 private:
  struct Peer {
    std::optional<Frame> hello;  ///< since its last release: it waits for a study
    int process = 0;             ///< on this machine, to see at once when it dies; 0: elsewhere
    bool gone = false;
  };
  void deliver(Manager& manager, int rank, const std::string& bytes);
  void look_for_dead(Manager& manager, double now);
  Ranks& ranks_;
  std::vector<Peer> peers_;
  bool broken_ = false;
  double looked_ = 0.0;
};

/// A worker's side.
class RankChannel final : public Channel {
 public:
  explicit RankChannel(Ranks& ranks) : ranks_(ranks) {}
  bool send(const Frame& frame) override;
  std::optional<Frame> receive(double seconds) override;
  [[nodiscard]] bool closed() const override { return false; }
  void wake() override { woken_ = true; }

 private:
  Ranks& ranks_;
  std::atomic<bool> woken_{false};
};

}  // namespace assay::cluster
