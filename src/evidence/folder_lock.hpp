// One writer a folder: a second process on the same output fails within a second and is told who is there.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "core/file.hpp"

namespace assay::evidence {

/// How long a lock is waited for. A process that was just killed is seen for a moment longer: until it is dead,
/// and its guardian, if it had only just been made, has closed what it inherited. That is milliseconds.
constexpr std::chrono::milliseconds kLockGrace{1000};

/// Holds `.assay.lock` in a folder, which must exist, until destroyed; the kernel lets go when the process
/// dies, however it dies; for a machine that dies, the file server does, in its time. UserError with the
/// process id, host and start time of the holder when there is one, and what to do; EnvironmentError when the
/// file system has no locks.
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

/// Who holds the lock of a folder ("process 12 on host, since ..."); empty when nobody does, now or within
/// `grace`.
std::string lock_holder(const std::filesystem::path& folder, std::chrono::milliseconds grace = {});

}  // namespace assay::evidence
