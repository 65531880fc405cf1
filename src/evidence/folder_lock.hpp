// One writer a folder: a second process on the same output fails at once and is told who is there.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "core/file.hpp"

namespace assay::evidence {

/// Holds `.assay.lock` in a folder, which must exist, until destroyed; the kernel lets go when the process
/// dies, however it dies. UserError with the process id, host and start time of the holder when there is one.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept = default;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  std::filesystem::path path_;
  FileHandle file_;
};

/// Who holds the lock of a folder now ("process 12 on host, since ..."); empty when nobody does.
std::string lock_holder(const std::filesystem::path& folder);

}  // namespace assay::evidence
