// Keeps as many workers in Slurm's queue as the open tasks need, from a thread of its own: a controller may
// take its time to answer, and the manager's beats must not wait for it.
// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/slurm/cluster.hpp"

namespace assay::engine::slurm {

/// What there is when it is time to decide.
struct Situation {
  int wanted = 0;     ///< elements that the open tasks need
  int queued = 0;     ///< elements that wait or run
  int fruitless = 0;  ///< elements submitted since a task was last done
  int allowed = 0;    ///< of these
};

/// Elements to submit now.
int missing_elements(const Situation& now);
/// Nothing is queued, and nothing more may be submitted: the jobs end before they do anything.
bool hopeless(const Situation& now);

class Keeper {
 public:
  struct Request {
    Job job;
    Limits limits;
    double look_seconds = 15.0;        ///< between two looks at the queue
    double patience_seconds = 3600.0;  ///< without a worker and without an answer of the controller
    std::function<void(const std::string&)> tell;
  };
  /// Looks at the queue and submits what is missing; EnvironmentError when the controller or sbatch refuses.
  Keeper(const Cluster& cluster, Request request, std::size_t open_tasks);
  /// Ends the thread; the jobs stay.
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  /// How many tasks are left; from any thread.
  void open_tasks(std::size_t count);
  /// No more is submitted, and what waits in the queue is cancelled.
  void wind_down();
  /// Why no worker is to be expected any more; empty while one is.
  [[nodiscard]] std::string given_up() const;
  /// Waits a few seconds for the workers to leave by themselves and cancels the others. The thread has ended.
  /// False when the controller did not answer: jobs may be left.
  bool finish();

 private:
  void watch();
  void look();
  void submit(int elements);
  [[nodiscard]] std::string obituary() const;
  void tell(const std::string& text) const;

  const Cluster& cluster_;
  Request request_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::size_t open_ = 0;
  bool over_ = false, winding_down_ = false;
  std::string given_up_;
  // Of the thread, after the first look.
  std::size_t open_before_ = 0;
  int fruitless_ = 0;
  double answered_ = 0.0;
  std::string last_job_, told_reason_;
  bool heard_ = true;  ///< of the thread's end: the controller has taken the word that ends the queue
  std::thread thread_;
};

}  // namespace assay::engine::slurm
