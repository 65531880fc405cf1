#include "core/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/child.hpp"
#include "core/error.hpp"

namespace assay {
namespace {

constexpr std::array<int, 2> kSignals{SIGINT, SIGTERM};

std::atomic<int> write_end{-1};  // where the handler writes; signals have no other way to carry it

extern "C" void pass_on(int number) {
  const int error = errno;
  const char byte = static_cast<char>(number);
  [[maybe_unused]] const auto written = ::write(write_end.load(), &byte, 1);
  errno = error;
}

}  // namespace

InterruptGuard::InterruptGuard() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw EnvironmentError("cannot open a pipe", "too many files are open: see ulimit -n");
  read_ = FileHandle(ends[0]);
  write_end = ends[1];
  watcher_ = std::thread([this] { watch(); });
  struct sigaction action {};
  action.sa_handler = pass_on;
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) ::sigaction(kSignals[i], &action, nullptr);
  }
}

void InterruptGuard::watch() {
  while (true) {
    char got = 0;
    const auto bytes = ::read(read_.get(), &got, 1);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0 || got == 0) return;
    if (signal_.exchange(got) != 0) {
      kill_all_children();
      _exit(128 + got);
    }
    stop_.request_stop();
  }
}

InterruptGuard::~InterruptGuard() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
  const char end = 0;
  [[maybe_unused]] const auto written = ::write(write_end.load(), &end, 1);
  watcher_.join();
  ::close(write_end.exchange(-1));
}

}  // namespace assay
