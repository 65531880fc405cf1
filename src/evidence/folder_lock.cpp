#include "evidence/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <thread>

#include "core/error.hpp"
#include "core/time.hpp"

namespace assay::evidence {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kNap{20};

std::string this_host() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return host.data();
}

std::string introduction() {
  return "process " + std::to_string(::getpid()) + " on " + this_host() + ", since " + now_rfc3339();
}

/// "node7" of "process 12 on node7, since ..."; empty where it does not say.
std::string host_of(const std::string& holder) {
  const auto on = holder.find(" on "), comma = holder.find(", since");
  return on == std::string::npos || comma == std::string::npos ? "" : holder.substr(on + 4, comma - on - 4);
}

/// When a file of the folder was last written, by the clock of whoever keeps it: the sign of life of a process
/// that cannot be asked.
std::string last_written(const fs::path& folder) {
  time_t newest = 0;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    struct stat status {};
    if (::stat(it->path().c_str(), &status) == 0) newest = std::max(newest, status.st_mtime);
  }
  return rfc3339(newest);
}

[[noreturn]] void throw_in_use(const fs::path& folder, const fs::path& lock, const std::string& holder) {
  Problem problem{.what = "the folder " + folder.string() + " is in use by another run",
                  .found = holder + "; last written " + last_written(folder),
                  .hint = "wait until it has finished, or give another folder with --out"};
  if (const std::string host = host_of(holder); !host.empty() && host != this_host())
    problem.hint += "; if " + host +
                    " has died, the file server frees the folder after a while (often within two "
                    "minutes); if that process has ended for certain, rm " +
                    lock.string();
  throw UserError(std::move(problem));
}

[[noreturn]] void throw_no_lock(int error, const fs::path& path) {
  if (error != ENOSYS && error != ENOLCK && error != EOPNOTSUPP) throw_file_error(error, "cannot lock", path);
  throw EnvironmentError(Problem{
      .what = "cannot lock " + path.string() + ": " + std::generic_category().message(error),
      .hint = "this file system gives no locks (Lustre: mount option flock; NFS: its lock service); without "
              "one two runs could write here at once: choose a folder on another one"});
}

std::string holder(int descriptor) {
  std::array<char, 512> text{};
  const auto got = ::pread(descriptor, text.data(), text.size() - 1, 0);
  return got > 0 ? std::string(text.data(), static_cast<std::size_t>(got)) : "another process";
}

bool still_named(int descriptor, const std::filesystem::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

std::string holder_now(const std::filesystem::path& folder) {
  const FileHandle file(::open((folder / ".assay.lock").c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return {};
  if (::flock(file.get(), LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK) return {};
  return holder(file.get());
}

}  // namespace

// The holder removes the file before it lets go, so a lock may be won on a file that has no name any more:
// then again.
FolderLock::FolderLock(const fs::path& folder) : path_(folder / ".assay.lock") {
  const auto until = Clock::now() + kLockGrace;
  while (true) {
    file_ = FileHandle(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!file_.is_open()) throw_file_error(errno, "cannot write", path_);
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) throw_no_lock(errno, path_);
      if (Clock::now() > until) throw_in_use(folder, path_, holder(file_.get()));
      std::this_thread::sleep_for(kNap);
      continue;
    }
    if (still_named(file_.get(), path_)) break;
  }
  if (::ftruncate(file_.get(), 0) == 0) write_fully(file_.get(), introduction());
}

std::string lock_holder(const fs::path& folder, std::chrono::milliseconds grace) {
  const auto until = Clock::now() + grace;
  while (true) {
    const std::string found = holder_now(folder);
    if (found.empty() || Clock::now() >= until) return found;
    std::this_thread::sleep_for(kNap);
  }
}

FolderLock::~FolderLock() {
  // Somebody may have removed ours, and another process made its own.
  if (file_.is_open() && still_named(file_.get(), path_)) ::unlink(path_.c_str());
}

}  // namespace assay::evidence
