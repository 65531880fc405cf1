// Folders that behave as control groups of version 2: mkdir and rmdir of this program are the kernel's where a
// fake hierarchy stands. Include it in one file of a test program.
// SPDX-License-Identifier: MIT
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace assay::test {

/// One at a time.
class FakeCgroups {
 public:
  explicit FakeCgroups(std::filesystem::path mount) : mount_(std::move(mount)) { current() = this; }
  ~FakeCgroups() { current() = nullptr; }
  FakeCgroups(const FakeCgroups&) = delete;
  FakeCgroups& operator=(const FakeCgroups&) = delete;

  /// What "+memory" in cgroup.subtree_control does: groups made in this one have the controller.
  void delegate(const std::filesystem::path& group) { delegated_.insert(group); }
  /// No process may enter a group that is made from now on: the writer may not move processes between the two.
  void refuse_entry() { entry_ = false; }

  static FakeCgroups*& current() {
    static FakeCgroups* instance = nullptr;
    return instance;
  }
  void made(const std::filesystem::path& group) const {
    if (group.string().rfind(mount_.string(), 0) != 0) return;
    if (entry_) {
      std::ofstream(group / "cgroup.procs").flush();
    } else {
      std::filesystem::create_symlink("/dev/full", group / "cgroup.procs");
    }
    if (delegated_.count(group.parent_path()) == 0) return;
    for (const char* name : {"memory.max", "memory.swap.max", "memory.oom.group"})
      std::ofstream(group / name).flush();
    std::ofstream(group / "memory.events") << "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n";
  }
  /// False with EBUSY while a process is in it.
  [[nodiscard]] bool removable(const std::filesystem::path& group) const {
    if (group.string().rfind(mount_.string(), 0) != 0) return true;
    std::ifstream inside(group / "cgroup.procs");
    for (int process = 0; inside >> process;) {
      std::string text;
      std::getline(std::ifstream("/proc/" + std::to_string(process) + "/stat"), text);
      if (process > 0 && !text.empty() && text.find(") Z") == std::string::npos) return errno = EBUSY, false;
    }
    for (const char* name :
         {"cgroup.procs", "memory.max", "memory.swap.max", "memory.oom.group", "memory.events"})
      ::unlink((group / name).c_str());
    return true;
  }

 private:
  std::filesystem::path mount_;
  std::set<std::filesystem::path> delegated_;
  bool entry_ = true;
};

}  // namespace assay::test

extern "C" int mkdir(const char* path, mode_t mode) noexcept {
  const auto done = static_cast<int>(::syscall(SYS_mkdirat, AT_FDCWD, path, mode));
  if (const auto* groups = assay::test::FakeCgroups::current(); done == 0 && groups != nullptr)
    groups->made(path);
  return done;
}

extern "C" int rmdir(const char* path) noexcept {
  const auto* groups = assay::test::FakeCgroups::current();
  if (groups != nullptr && !groups->removable(path)) return -1;
  return static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}
