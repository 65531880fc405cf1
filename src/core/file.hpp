// Files through system calls, with errors that say which file, what the system said and what to do.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace assay {

/// Throws what `error` (an errno) means for `path`: UserError for a wrong path or missing permission,
/// EnvironmentError for a full disk, a read-only file system, a quota, a device error. `action` reads like
/// "cannot write".
[[noreturn]] void throw_file_error(int error, std::string_view action, const std::filesystem::path& path);

/// A file descriptor that is closed once. Closing never throws: whoever needs the data durable calls fsync
/// first.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  ~FileHandle() { close(); }
  FileHandle(FileHandle&& other) noexcept : descriptor_(other.release()) {}
  FileHandle& operator=(FileHandle&& other) noexcept;

  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  int release();
  void close();

 private:
  int descriptor_ = -1;
};

/// The whole file as bytes.
std::string read_file(const std::filesystem::path& path);

/// The same in pieces of up to 256 KiB: bounded memory.
void read_file_in_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& use);

/// Writes all bytes, whatever the kernel takes at a time and however often a signal interrupts; 0 or an errno.
int write_fully(int descriptor, std::string_view bytes);

/// Makes the names in a folder durable (after a rename or a removal). Some file systems cannot: that is no
/// error.
void sync_folder(const std::filesystem::path& folder);

/// The folder that holds a file; "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& file);

}  // namespace assay
