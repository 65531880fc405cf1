// A file that appears whole or not at all: written under a temporary name beside its target, made durable,
// renamed.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/file.hpp"
#include "core/sha256.hpp"

namespace assay {

/// A streaming writer. Until commit() the target is untouched; without commit(), or when any call throws, the
/// temporary is removed. A process that is killed leaves its temporary (".NAME.assay-PID-N") behind: the next
/// AtomicFile for the same target removes it, unless another living process holds it. A target that is a
/// symbolic link is followed; an existing file's permissions are kept. A target that is a device or a pipe is
/// written in place: there is nothing to replace.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Buffered in pieces of 256 KiB; digested as it passes.
  void write(std::string_view bytes);
  /// fsync, rename, fsync of the folder: when it returns, the file survives a power cut. Gives size and
  /// SHA-256.
  FileDigest commit();

  [[nodiscard]] const std::filesystem::path& target() const { return target_; }

 private:
  void open_temporary();
  void flush();
  [[noreturn]] void fail(int error, std::string_view action);

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  FileHandle file_;
  std::string buffer_;
  Sha256 digest_;
  std::uint64_t bytes_ = 0;
};

FileDigest write_file_atomically(const std::filesystem::path& target, std::string_view bytes);

}  // namespace assay
