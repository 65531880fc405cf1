// A library for LD_PRELOAD that makes the machine short of something, or its clock jump.
//
//   MACHINE_FAULT_CALL=clone   starting a process fails with EAGAIN, as at the limit of processes
//                      pipe2   opening a pipe fails with EMFILE, as at the limit of descriptors
//                      flock   locking a file fails with ENOLCK, as on a file system that has no locks
//   MACHINE_FAULT_FROM=n       from the n-th call on, counted from 1
//   MACHINE_FAULT_COUNT=m      so many calls fail; without it all that follow
//   MACHINE_CLOCK_JUMPS=s      the time of day is s seconds earlier and later by turns, from call to call
// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdlib>
#include <string_view>

namespace {

std::atomic<long> calls{0}, looks{0};

long number(const char* name, long otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtol(value, nullptr, 10);
}

bool strikes(std::string_view call) {
  const char* wanted = std::getenv("MACHINE_FAULT_CALL");
  if (wanted == nullptr || call != wanted) return false;
  static const long from = number("MACHINE_FAULT_FROM", 1), count = number("MACHINE_FAULT_COUNT", LONG_MAX / 2);
  const long now = ++calls;
  return now >= from && now < from + count;
}

}  // namespace

extern "C" {

int clone(int (*function)(void*), void* stack, int flags, void* argument, ...) noexcept {
  va_list more;
  va_start(more, argument);
  auto* parent_id = va_arg(more, pid_t*);
  va_end(more);
  if (strikes("clone")) {
    errno = EAGAIN;
    return -1;
  }
  using Clone = int (*)(int (*)(void*), void*, int, void*, ...);
  static const auto next = reinterpret_cast<Clone>(::dlsym(RTLD_NEXT, "clone"));
  return next(function, stack, flags, argument, parent_id, nullptr, nullptr);
}

int pipe2(int* ends, int flags) noexcept {
  if (strikes("pipe2")) {
    errno = EMFILE;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_pipe2, ends, flags));
}

int flock(int descriptor, int how) noexcept {
  if (strikes("flock")) {
    errno = ENOLCK;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_flock, descriptor, how));
}

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const auto result = static_cast<int>(::syscall(SYS_clock_gettime, clock, now));
  static const long jump = number("MACHINE_CLOCK_JUMPS", 0);
  if (result == 0 && clock == CLOCK_REALTIME && jump != 0) now->tv_sec += ++looks % 2 == 0 ? jump : -jump;
  return result;
}
}
