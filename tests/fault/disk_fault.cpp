// A library for LD_PRELOAD that makes the n-th change to a regular file go wrong, so that a test can try
// every n.
//
//   DISK_FAULT_AT=n      the n-th call, from 1, of write, pwrite, fsync, fdatasync, ftruncate, rename and
//                        unlink, and of open with O_CREAT; writes to pipes and terminals do not count
//   DISK_FAULT_HOW=kill  the process dies before the call
//                 torn   half of a write reaches the file, then the process dies
//                 full   this call and every later one that needs room fails with ENOSPC
//                 once   this call fails with EIO, later ones work
//   DISK_FAULT_FIRED=F   the file F is made when the fault strikes; if it is missing, the run made fewer calls
// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <string_view>

namespace {

enum class Room { needed, not_needed };

std::atomic<long> calls{0};

std::string_view setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view(value);
}

long fault_at() {
  static const long at = std::strtol(setting("DISK_FAULT_AT").data(), nullptr, 10);
  return at;
}

// Marks with the bare system call: nothing here may come back through the functions below.
void mark_fired() {
  const auto path = setting("DISK_FAULT_FIRED");
  if (!path.empty())
    ::syscall(SYS_close, ::syscall(SYS_openat, AT_FDCWD, path.data(), O_WRONLY | O_CREAT, 0644));
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  while (true) ::pause();
}

bool regular(int descriptor) {
  struct stat found {};
  return ::fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode);
}

/// True when this call must fail, with errno set.
bool strikes(Room room) {
  const long now = ++calls;
  const auto how = setting("DISK_FAULT_HOW");
  if (fault_at() == 0 || now < fault_at() || (now > fault_at() && how != "full")) return false;
  if (now == fault_at()) mark_fired();
  if (how == "full") {
    errno = ENOSPC;
    return room == Room::needed;
  }
  if (how == "once") {
    errno = EIO;
    return true;
  }
  die();
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

void tear(int descriptor, const void* bytes, size_t count) {
  if (setting("DISK_FAULT_HOW") != "torn" || calls + 1 != fault_at()) return;
  ::syscall(SYS_write, descriptor, bytes, count / 2);
}

int open_call(const char* path, int flags, mode_t mode) {
  if ((flags & O_CREAT) != 0 && strikes(Room::needed)) return -1;
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t count) {
  if (regular(descriptor)) {
    tear(descriptor, bytes, count);
    if (strikes(Room::needed)) return -1;
  }
  return ::syscall(SYS_write, descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) {
  if (regular(descriptor) && strikes(Room::needed)) return -1;
  return ::syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}

int fsync(int descriptor) {
  if (regular(descriptor) && strikes(Room::needed)) return -1;
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

int fdatasync(int descriptor) {
  if (regular(descriptor) && strikes(Room::needed)) return -1;
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

int ftruncate(int descriptor, off_t length) noexcept {
  if (strikes(Room::not_needed)) return -1;
  return static_cast<int>(::syscall(SYS_ftruncate, descriptor, length));
}

int rename(const char* from, const char* to) noexcept {
  if (strikes(Room::needed)) return -1;
  return static_cast<int>(::syscall(SYS_rename, from, to));
}

int unlink(const char* path) noexcept {
  if (strikes(Room::not_needed)) return -1;
  return static_cast<int>(::syscall(SYS_unlink, path));
}

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_call(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_call(path, flags, mode);
}
}
