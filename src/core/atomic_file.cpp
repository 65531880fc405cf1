#include "core/atomic_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace assay {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBuffer = std::size_t{256} << 10;
constexpr mode_t kNewFileMode = 0666;  // the umask takes its part

std::string temporary_prefix(const fs::path& target) {
  return "." + target.filename().string() + ".assay-";
}

fs::path follow_links(const fs::path& target) {
  std::error_code error;
  if (!fs::is_symlink(target, error)) return target;
  auto followed = fs::weakly_canonical(target, error);
  return error ? target : followed;
}

// A writer holds a lock on its temporary for life, so one that can be locked has lost its writer.
void remove_leftovers(const fs::path& target) {
  const auto prefix = temporary_prefix(target);
  std::error_code error;
  for (fs::directory_iterator entry(folder_of(target), error), end; !error && entry != end;
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    if (name.compare(0, prefix.size(), prefix) != 0) continue;
    const FileHandle file(::open(entry->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file.is_open() && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(entry->path().c_str());
  }
}

}  // namespace

AtomicFile::AtomicFile(fs::path target) : target_(follow_links(target)) {
  if (fs::is_directory(target_)) throw_file_error(EISDIR, "cannot write", target_);
  // A device or pipe (/dev/null, /dev/stdout) is written to, never replaced by a file of its name.
  if (fs::exists(target_) && !fs::is_regular_file(target_)) {
    file_ = FileHandle(::open(target_.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file_.is_open()) throw_file_error(errno, "cannot write", target_);
    return;
  }
  remove_leftovers(target_);
  open_temporary();
  struct stat existing {};
  if (::stat(target_.c_str(), &existing) == 0) ::fchmod(file_.get(), existing.st_mode & 07777U);
}

AtomicFile::~AtomicFile() {
  if (file_.is_open() && !temporary_.empty()) ::unlink(temporary_.c_str());
}

// Between open and lock another process may take the file for a leftover; then it is unlinked and we try again.
void AtomicFile::open_temporary() {
  static std::atomic<unsigned> counter{0};
  while (true) {
    temporary_ = folder_of(target_) / (temporary_prefix(target_) + std::to_string(::getpid()) + "-" +
                                       std::to_string(counter.fetch_add(1)));
    FileHandle file(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFileMode));
    if (!file.is_open()) {
      if (errno == EEXIST) continue;
      throw_file_error(errno, "cannot write", target_);
    }
    struct stat opened {};
    const bool locked = ::flock(file.get(), LOCK_EX | LOCK_NB) == 0 || (errno != EWOULDBLOCK && errno != EINTR);
    if (locked && ::fstat(file.get(), &opened) == 0 && opened.st_nlink > 0) {
      file_ = std::move(file);
      return;
    }
  }
}

void AtomicFile::fail(int error, std::string_view action) {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  file_.close();
  throw_file_error(error, action, target_);
}

void AtomicFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBuffer) flush();
}

void AtomicFile::flush() {
  digest_.update(buffer_);
  bytes_ += buffer_.size();
  if (const int error = write_fully(file_.get(), buffer_)) fail(error, "cannot write");
  buffer_.clear();
}

FileDigest AtomicFile::commit() {
  flush();
  if (temporary_.empty()) {  // no file of ours to make durable or to rename
    file_.close();
    return {digest_.hex(), bytes_};
  }
  if (::fsync(file_.get()) != 0) fail(errno, "cannot make durable");
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno, "cannot replace");
  file_.close();
  sync_folder(folder_of(target_));
  return {digest_.hex(), bytes_};
}

FileDigest write_file_atomically(const fs::path& target, std::string_view bytes) {
  AtomicFile file(target);
  file.write(bytes);
  return file.commit();
}

}  // namespace assay
