// SPDX-License-Identifier: MIT
#include "core/guardian.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <mutex>
#include <vector>

#include "core/file.hpp"

namespace assay::guardian {
namespace {

constexpr std::size_t kSlots = 4096;
constexpr std::size_t kTableBytes = kSlots * sizeof(Slot);

// NOLINTBEGIN: raw system calls: this runs in a copy of a process with threads, where only they are safe
#define ASSAY_RAW __attribute__((no_sanitize_address, no_sanitize_thread, no_sanitize_undefined, noinline))

/// Keeps nothing of its parent alive: no file, no folder, no terminal.
ASSAY_RAW void detach(int pipe) {
  ::syscall(SYS_setsid);
  ::syscall(SYS_prctl, PR_SET_NAME, "assay-guardian", 0, 0, 0);
  ::syscall(SYS_chdir, "/");
  if (pipe > 0) ::syscall(SYS_close_range, 0, pipe - 1, 0);
  ::syscall(SYS_close_range, pipe + 1, UINT_MAX, 0);
}

ASSAY_RAW void guard(int pipe, const Slot* table) {
  detach(pipe);
  char byte = 0;
  long got = 0;
  do {
    got = ::syscall(SYS_read, pipe, &byte, 1);
  } while (got > 0 || (got < 0 && errno == EINTR));
  for (std::size_t i = 0; i < kSlots; ++i) {
    const int group = __atomic_load_n(table + i, __ATOMIC_RELAXED);
    if (group > 1) ::syscall(SYS_kill, -group, SIGKILL);
  }
  ::syscall(SYS_exit_group, 0);
}
// NOLINTEND

class Guardian {
 public:
  Slot* take() {
    const std::lock_guard lock(mutex_);
    if (!start()) return nullptr;
    if (free_.empty()) return nullptr;
    Slot* slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void release(Slot* slot) {
    __atomic_store_n(slot, 0, __ATOMIC_SEQ_CST);
    const std::lock_guard lock(mutex_);
    free_.push_back(slot);
  }

 private:
  bool start() {
    if (table_ != nullptr) return true;
    void* memory = ::mmap(nullptr, kTableBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return false;
    auto* table = static_cast<Slot*>(memory);  // zero, as the kernel gives it
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0 || !fork_guardian(ends, table)) {
      ::munmap(memory, kTableBytes);
      return false;
    }
    table_ = table;
    for (std::size_t i = kSlots; i > 0; --i) free_.push_back(table + i - 1);
    return true;
  }

  bool fork_guardian(const std::array<int, 2>& ends, Slot* table) {
    const FileHandle read(ends[0]);
    held_open_ = FileHandle(ends[1]);
    sigset_t all, before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);  // the guardian keeps every signal blocked
    // A fork without a signal at its end: a wait for any child of ours does not see it.
    const long pid = ::syscall(SYS_clone, 0, nullptr, nullptr, nullptr, nullptr);
    if (pid == 0) guard(ends[0], table);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0) held_open_.close();
    return pid > 0;
  }

  std::mutex mutex_;
  Slot* table_ = nullptr;
  FileHandle held_open_;  ///< until this process ends
  std::vector<Slot*> free_;
};

/// Never destroyed: the pipe is to close when the process ends, not before.
Guardian& instance() {
  static auto* guardian = new Guardian;
  return *guardian;
}

}  // namespace

Slot* take() {
  return instance().take();
}
void release(Slot* slot) {
  instance().release(slot);
}

}  // namespace assay::guardian
