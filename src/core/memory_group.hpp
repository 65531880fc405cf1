// A control group with a limit of memory, for one child and all that it starts: the kernel counts what they
// hold together, and ends them when it is too much.
// SPDX-License-Identifier: MIT
//
// Made in our own control group, or else beside it: a group of version 2 that has processes of its own, as ours
// has, may hand no controller to groups inside. Beside it a user may under a systemd of one's own
// (systemd-run --user --scope) or as root; with version 1 inside is enough. Costs six system calls a child.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/file.hpp"

namespace assay {

class MemoryGroup {
 public:
  /// Where the kernel shows groups; tests have others.
  struct Places {
    std::filesystem::path own = "/proc/self/cgroup";
    std::filesystem::path mount = "/sys/fs/cgroup";
  };
  /// Nothing, with the reason in `why`, where this process may make none.
  static std::optional<MemoryGroup> make(std::uint64_t bytes, std::string& why, const Places& places);
  static std::optional<MemoryGroup> make(std::uint64_t bytes, std::string& why) { return make(bytes, why, {}); }
  /// Why there can be none here, or none that a process may enter; empty when there can. Starts a program.
  static std::string unavailable(const Places& places);
  static std::string unavailable() { return unavailable({}); }

  /// Kills what is left in it, and removes it.
  ~MemoryGroup();
  MemoryGroup(MemoryGroup&& other) noexcept;
  MemoryGroup& operator=(MemoryGroup&&) = delete;

  /// A process that writes "0" here is in the group (ChildSpec::group).
  [[nodiscard]] int entrance() const { return entrance_.get(); }
  /// The kernel has killed a process of it for its limit.
  [[nodiscard]] bool exceeded() const;

 private:
  MemoryGroup(std::filesystem::path folder, FileHandle entrance);
  std::filesystem::path folder_;
  FileHandle entrance_;
};

}  // namespace assay
