// SIGINT and SIGTERM as a stop request: the first one asks the run to finish its running tasks and keep the
// journal, the second one ends the process and its children at once. A thread waits for the signals, so that no
// work is done in a handler.
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace assay {

/// Alive while a long run is. Threads started later inherit the blocked signals; children (core/child) do not.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  /// The signal that came, 0 for none.
  [[nodiscard]] int signal() const { return signal_.load(); }

 private:
  std::stop_source stop_;
  std::atomic<int> signal_{0};
  std::atomic<bool> done_{false};
  std::thread watcher_;
};

}  // namespace assay
