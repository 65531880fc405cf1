// A regular file opened for comparison. Whatever could hang or never end (a pipe, a device, a loop of links) is
// refused when it is opened.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "core/npy.hpp"

namespace assay::gate {

class Input {
 public:
  /// UserError for a path that is missing, a folder, a FIFO, a device, a loop of symbolic links or unreadable.
  explicit Input(const std::filesystem::path& path);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Fills the buffer as far as the file goes from here; a short count means the end.
  std::size_t read(std::span<char> buffer);
  /// The same at an offset, the position of read() stays.
  std::size_t read_at(std::uint64_t offset, std::span<char> buffer) const;
  void seek(std::uint64_t offset) { position_ = offset; }

 private:
  int fd_ = -1;
  std::string name_;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
};

/// An array file to be read through it; it must outlive this.
NpySource npy_source(const Input& input);

/// Whether both files are the same bytes; costs one read of both, at most up to the first difference.
bool bytes_equal(const Input& a, const Input& b);

}  // namespace assay::gate
