#include "gate/input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "core/error.hpp"

namespace assay::gate {
namespace {

std::string kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe (FIFO)";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  if (S_ISSOCK(mode)) return "a socket";
  return "not a regular file";
}

[[noreturn]] void cannot_open(const std::string& name, int error) {
  std::string hint;
  if (error == ENOENT)
    hint = "check the path; a file that was never written does not count as equal to anything";
  if (error == ELOOP) hint = "its symbolic links lead back to themselves";
  throw UserError(Problem{.what = "cannot open \"" + name + "\": " + std::strerror(error),
                          .expected = "a readable regular file",
                          .hint = hint});
}

}  // namespace

Input::Input(const std::filesystem::path& path) : name_(path.string()) {
  struct stat status {};
  // Looked at before it is opened: opening a device can already have an effect.
  if (::stat(path.c_str(), &status) != 0) cannot_open(name_, errno);
  if (S_ISREG(status.st_mode)) {
    fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd_ < 0 || ::fstat(fd_, &status) != 0) cannot_open(name_, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    if (fd_ >= 0) ::close(fd_);
    throw UserError(Problem{.what = "cannot compare \"" + name_ + "\"",
                            .expected = "a regular file",
                            .found = kind_of(status.st_mode),
                            .hint = "write it to a file first"});
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
  ::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

Input::~Input() {
  if (fd_ >= 0) ::close(fd_);
}

std::size_t Input::read_at(std::uint64_t offset, std::span<char> buffer) const {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t n =
        ::pread(fd_, buffer.data() + filled, buffer.size() - filled, static_cast<off_t>(offset + filled));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      throw EnvironmentError("cannot read \"" + name_ + "\" at byte " + std::to_string(offset + filled) + ": " +
                             std::strerror(errno));
    }
    if (n == 0) break;
    filled += static_cast<std::size_t>(n);
  }
  return filled;
}

std::size_t Input::read(std::span<char> buffer) {
  const std::size_t n = read_at(position_, buffer);
  position_ += n;
  return n;
}

NpySource npy_source(const Input& input) {
  return {input.name(), input.size(),
          [&input](std::uint64_t offset, std::span<char> into) { return input.read_at(offset, into); }};
}

bool bytes_equal(const Input& a, const Input& b) {
  if (a.size() != b.size()) return false;
  constexpr std::size_t piece = 256 * 1024;
  std::vector<char> x(piece), y(piece);
  for (std::uint64_t at = 0;; at += piece) {
    const std::size_t n = a.read_at(at, x);
    const std::size_t m = b.read_at(at, y);
    if (n != m || std::memcmp(x.data(), y.data(), n) != 0) return false;
    if (n < piece) return true;
  }
}

}  // namespace assay::gate
