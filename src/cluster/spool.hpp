// Messages as files in a folder that manager and workers both see: for workers that any scheduler has started,
// on machines that share nothing but a file system.
// SPDX-License-Identifier: MIT
//
//   SPOOL/workers/<host>-<process>/in/<number>     to the worker, a frame a file
//   SPOOL/workers/<host>-<process>/out/<number>    from it
//
// A message is written under another name and renamed, so that nobody sees half of one; whoever has read it
// removes it; numbers rise. Both sides look for files, every 50 ms to a second: this is for batches of seconds.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <string>

#include "cluster/channel.hpp"
#include "cluster/transport.hpp"
#include "evidence/folder_lock.hpp"

namespace assay::cluster {

/// One direction: a folder of messages.
class SpoolBox {
 public:
  explicit SpoolBox(std::filesystem::path folder) : folder_(std::move(folder)) {}
  /// False when it cannot be written: the folder has gone.
  bool put(const Frame& frame);
  /// The oldest message, removed. ProtocolError when it is none.
  std::optional<Frame> take();
  [[nodiscard]] bool exists() const;

 private:
  std::filesystem::path folder_;
  std::uint64_t last_ = 0;
};

/// The manager's side. Holds a lock on the folder: one manager a spool.
class SpoolTransport final : public Transport {
 public:
  /// The folder is made. `patience`: seconds without a worker after which none is expected any more.
  SpoolTransport(const std::filesystem::path& folder, double patience);
  void pump(Manager& manager, double seconds) override;
  [[nodiscard]] bool exhausted() const override;
  void send(int worker, const Frame& frame) override;
  /// Its worker ends: a job has done its work.
  void dismiss(int worker) override;
  /// Reads what dismissed workers say last, until they have gone or a second is over: they wait for that.
  void see_off();

 private:
  struct Peer {
    SpoolBox in, out;
    bool greeted = false;
    bool dismissed = false;
  };
  void look_for_workers();
  bool read_from(int number, Peer& peer, Manager& manager);
  std::filesystem::path workers_;
  std::optional<evidence::FolderLock> lock_;
  double patience_;
  double last_seen_;
  double looked_ = 0.0;
  int next_ = 1;
  std::map<std::string, int> numbers_;
  std::map<int, Peer> peers_;
};

/// A worker's side. Its folder is made with it, and goes with it.
class SpoolChannel final : public Channel {
 public:
  explicit SpoolChannel(const std::filesystem::path& spool);
  ~SpoolChannel() override;
  SpoolChannel(const SpoolChannel&) = delete;
  SpoolChannel& operator=(const SpoolChannel&) = delete;
  bool send(const Frame& frame) override;
  std::optional<Frame> receive(double seconds) override;
  [[nodiscard]] bool closed() const override { return closed_; }
  void wake() override { woken_ = true; }

 private:
  std::filesystem::path folder_;
  SpoolBox in_, out_;
  bool closed_ = false;
  std::atomic<bool> woken_{false};
};

}  // namespace assay::cluster
