// SIGINT and SIGTERM as a stop request: the first one asks the run to finish its running tasks and keep the
// journal, the second one ends the process and its children at once. The handler only passes the signal on to a
// thread that waits for it, whichever thread the kernel chose: libraries start threads of their own that nobody
// can make block a signal.
// SPDX-License-Identifier: MIT
#pragma once

#include <signal.h>

#include <array>
#include <atomic>
#include <stop_token>
#include <thread>

#include "core/file.hpp"

namespace assay {

/// Alive while a long run is; one at a time. A signal that the process was started to ignore stays ignored.
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
  void watch();
  std::stop_source stop_;
  std::atomic<int> signal_{0};
  FileHandle read_;
  std::array<struct sigaction, 2> before_{};
  std::thread watcher_;
};

}  // namespace assay
