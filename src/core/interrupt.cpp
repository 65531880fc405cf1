#include "core/interrupt.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "core/child.hpp"

namespace assay {
namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGUSR1);  // wakes the watcher at the end
  return set;
}

}  // namespace

InterruptGuard::InterruptGuard() {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  watcher_ = std::thread([this, set] {
    while (true) {
      int got = 0;
      if (sigwait(&set, &got) != 0 || done_.load()) return;
      if (got == SIGUSR1) continue;
      if (signal_.exchange(got) != 0) {
        kill_all_children();
        _exit(128 + got);
      }
      stop_.request_stop();
    }
  });
}

InterruptGuard::~InterruptGuard() {
  done_ = true;
  pthread_kill(watcher_.native_handle(), SIGUSR1);
  watcher_.join();
  const sigset_t set = watched();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace assay
