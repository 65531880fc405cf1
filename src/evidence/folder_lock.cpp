#include "evidence/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "core/error.hpp"
#include "core/time.hpp"

namespace assay::evidence {

namespace {

std::string introduction() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return "process " + std::to_string(::getpid()) + " on " + host.data() + ", since " + now_rfc3339();
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

}  // namespace

// The holder removes the file before it lets go, so a lock may be won on a file that has no name any more:
// then again.
FolderLock::FolderLock(const std::filesystem::path& folder) : path_(folder / ".assay.lock") {
  while (true) {
    file_ = FileHandle(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!file_.is_open()) throw_file_error(errno, "cannot write", path_);
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) throw_file_error(errno, "cannot lock", path_);
      Problem problem;
      problem.what = "the folder " + folder.string() + " is in use by another run";
      problem.found = holder(file_.get());
      problem.hint = "wait until it has finished, or give another folder with --out";
      throw UserError(std::move(problem));
    }
    if (still_named(file_.get(), path_)) break;
  }
  if (::ftruncate(file_.get(), 0) == 0) write_fully(file_.get(), introduction());
}

std::string lock_holder(const std::filesystem::path& folder) {
  const FileHandle file(::open((folder / ".assay.lock").c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return {};
  if (::flock(file.get(), LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK) return {};
  return holder(file.get());
}

FolderLock::~FolderLock() {
  if (file_.is_open()) ::unlink(path_.c_str());
}

}  // namespace assay::evidence
