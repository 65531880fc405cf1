#include "core/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/error.hpp"

namespace assay {

namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10;

// What to do about an errno, and whether the person or the machine has to change.
struct Advice {
  bool environment;
  std::string text;
};

Advice advice_for(int error, const std::filesystem::path& path) {
  const auto folder = folder_of(path).string();
  switch (error) {
    case ENOSPC:
      return {true, "free space on the file system of " + folder + " or choose another folder, then run again"};
    case EDQUOT: return {true, "free space in your disk quota or choose another folder, then run again"};
    case EROFS: return {true, "the file system is read-only: choose another folder, or mount it writable"};
    case EFBIG: return {true, "the file size limit is reached (ulimit -f, or the file system's own): raise it"};
    case EMFILE:
    case ENFILE: return {true, "too many open files (ulimit -n): raise the limit"};
    case ENOENT: return {false, "check the path; a folder on the way may be missing (mkdir -p " + folder + ")"};
    case ENOTDIR: return {false, "a part of the path is a file where a folder is needed"};
    case EISDIR: return {false, "this is a folder where a file is needed"};
    case EACCES:
    case EPERM: return {false, "check the permissions of the file and of " + folder};
    case ELOOP: return {false, "its symbolic links lead back to themselves"};
    case ENAMETOOLONG: return {false, "choose a shorter name"};
    default: return {true, "check the file system of " + folder};
  }
}

/// A named pipe that nobody writes to would be waited for without end, a device has none. What a shell hands
/// over as <(command) or /dev/stdin ends, and is read.
void refuse_endless(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return;  // opening it says why
  if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) return;
  const std::string name = path.string();
  for (const std::string_view handed : {"/dev/fd/", "/dev/stdin", "/proc/", "/dev/null"}) {
    if (name.starts_with(handed)) return;
  }
  const std::string kind = S_ISFIFO(status.st_mode)   ? "a named pipe"
                           : S_ISSOCK(status.st_mode) ? "a socket"
                                                      : "a device";
  throw UserError(Problem{.what = "cannot read " + name + ": it is " + kind,
                          .expected = "a file",
                          .found = {},
                          .hint = "write it into a file first: cat " + name + " > FILE"});
}

}  // namespace

void throw_file_error(int error, std::string_view action, const std::filesystem::path& path) {
  auto advice = advice_for(error, path);
  Problem problem;
  problem.what = std::string(action) + " " + path.string() + ": " + std::generic_category().message(error);
  problem.hint = std::move(advice.text);
  if (advice.environment) throw EnvironmentError(std::move(problem));
  throw UserError(std::move(problem));
}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = other.release();
  }
  return *this;
}

int FileHandle::release() {
  return std::exchange(descriptor_, -1);
}

void FileHandle::close() {
  if (is_open()) ::close(release());
}

void read_file_in_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& use) {
  refuse_endless(path);
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) throw_file_error(errno, "cannot open", path);
  std::string buffer(kPiece, '\0');
  while (true) {
    const auto got = ::read(file.get(), buffer.data(), buffer.size());
    if (got == 0) return;
    if (got > 0) {
      use(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
    } else if (errno != EINTR) {
      throw_file_error(errno, "cannot read", path);
    }
  }
}

std::string read_file(const std::filesystem::path& path) {
  refuse_endless(path);
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) throw_file_error(errno, "cannot open", path);
  struct stat status {};
  const bool known = ::fstat(file.get(), &status) == 0 && status.st_size > 0;
  // One byte more than the file is said to have, so that one read sees its end; pipes and the like grow as they
  // come.
  std::string bytes(known ? static_cast<std::size_t>(status.st_size) + 1 : kPiece, '\0');
  std::size_t size = 0;
  while (true) {
    if (size == bytes.size()) bytes.resize(2 * size);
    const auto got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got == 0) break;
    if (got > 0)
      size += static_cast<std::size_t>(got);
    else if (errno != EINTR)
      throw_file_error(errno, "cannot read", path);
  }
  bytes.resize(size);
  return bytes;
}

int write_fully(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto wrote = ::write(descriptor, bytes.data(), bytes.size());
    if (wrote > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(wrote));
    } else if (wrote == 0) {
      return EIO;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

void sync_folder(const std::filesystem::path& folder) {
  const FileHandle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.is_open()) throw_file_error(errno, "cannot open", folder);
  if (::fsync(handle.get()) != 0 && errno != EINVAL && errno != EROFS)
    throw_file_error(errno, "cannot sync", folder);
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
  const auto parent = file.parent_path();
  return parent.empty() ? std::filesystem::path(".") : parent;
}

}  // namespace assay
