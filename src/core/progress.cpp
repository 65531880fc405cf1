#include "core/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay {
namespace {
constexpr std::chrono::milliseconds kBarEvery{100};
constexpr std::chrono::seconds kLineEvery{30};
constexpr int kBarWidth = 30;
}  // namespace

std::string duration_text(double seconds) {
  const auto s = static_cast<long>(std::max(0.0, seconds) + 0.5);
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

Progress::Progress(std::ostream& err, Style style, std::string what, std::size_t total,
                   std::size_t already_done)
    : err_(err),
      style_(style),
      what_(std::move(what)),
      total_(total),
      done_(already_done),
      start_done_(already_done),
      start_(std::chrono::steady_clock::now()),
      shown_(start_) {}

Progress::~Progress() {
  finish();
}

void Progress::advance(std::size_t done, std::size_t failed) {
  if (style_ == Style::none) return;
  const std::lock_guard lock(mutex_);
  done_ += done;
  failed_ += failed;
  const auto now = std::chrono::steady_clock::now();
  const auto every =
      style_ == Style::bar ? std::chrono::nanoseconds(kBarEvery) : std::chrono::nanoseconds(kLineEvery);
  if (now - shown_ < every) return;
  shown_ = now;
  show(now);
}

void Progress::show(std::chrono::steady_clock::time_point now) {
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const double rate = static_cast<double>(done_ - start_done_) / std::max(elapsed, 1e-9);
  const double left = rate > 0 ? static_cast<double>(total_ - std::min(done_, total_)) / rate : 0.0;
  const std::string failures = failed_ > 0 ? fmt::format(", {} not ok", failed_) : "";
  const std::string counts =
      fmt::format("{} {}/{}, {:.3g}/s, {} left{}", what_, done_, total_, rate, duration_text(left), failures);
  if (style_ == Style::lines) {
    err_ << counts << '\n' << std::flush;
    return;
  }
  const int filled = total_ == 0 ? kBarWidth
                                 : static_cast<int>(static_cast<double>(std::min(done_, total_)) /
                                                    static_cast<double>(total_) * kBarWidth);
  err_ << "\r\033[K[" << std::string(filled, '#') << std::string(kBarWidth - filled, '.') << "] " << counts
       << std::flush;
  on_screen_ = true;
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  if (on_screen_) err_ << "\r\033[K" << std::flush;
  on_screen_ = false;
}

}  // namespace assay
