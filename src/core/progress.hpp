// Progress of long work on stderr: on a terminal a bar with rate and time left, at most ten times a second;
// elsewhere a plain line now and then. Nothing at all when told to be quiet.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <ostream>
#include <string>

namespace assay {

class Progress {
 public:
  enum class Style { none, lines, bar };
  Progress(std::ostream& err, Style style, std::string what, std::size_t total, std::size_t already_done = 0);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// From any thread.
  void advance(std::size_t done = 1, std::size_t failed = 0);
  /// Removes the bar; called by the destructor too.
  void finish();

 private:
  void show(std::chrono::steady_clock::time_point now);
  std::mutex mutex_;
  std::ostream& err_;
  Style style_;
  std::string what_;
  std::size_t total_, done_, start_done_, failed_ = 0;
  std::chrono::steady_clock::time_point start_, shown_;
  bool on_screen_ = false;
};

/// 75 -> "1:15", 3700 -> "1:01:40".
std::string duration_text(double seconds);

}  // namespace assay
