// Local workers: processes of this machine at the other end of a socket pair, started, watched, replaced when
// they end or fall silent, and ended with this process.
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cluster/transport.hpp"
#include "core/child.hpp"
#include "core/file.hpp"

namespace assay::cluster {

/// The program that is started as a worker: this one, unless a test has named another.
std::string worker_program();
void set_worker_program(std::string path);

struct PoolRequest {
  int workers = 1;
  std::vector<std::string> arguments;  ///< of the program, after its name: "worker"
};

/// Of the thread that made it: the kernel ends the workers with that thread.
class Pool final : public Transport {
 public:
  explicit Pool(PoolRequest request);
  /// Ends the workers: those that wait at once, others after two seconds by force.
  ~Pool() override;

  void pump(Manager& manager, double seconds) override;
  [[nodiscard]] bool exhausted() const override { return !may_start(); }
  void send(int worker, const Frame& frame) override;
  void dismiss(int worker) override;

  /// Process ids of the workers, for tests that kill them.
  [[nodiscard]] std::vector<int> processes() const;

 private:
  struct Worker {
    Child child;
    FileHandle socket;
    FrameReader reader;
    std::string unsent;
    bool dismissed = false;
  };
  [[nodiscard]] bool may_start() const;
  void fill_up(Manager& manager);
  void start(Manager& manager);
  void flush(Worker& worker);
  /// False when the worker is at its end.
  bool read_from(int number, Worker& worker, Manager& manager);
  void bury(int number, Manager& manager);

  PoolRequest request_;
  std::map<int, Worker> workers_;
  int next_ = 1;
  std::size_t open_before_ = 0;
  int fruitless_ = 0;  ///< workers started since a task was last done
  std::string why_not_;
};

}  // namespace assay::cluster
