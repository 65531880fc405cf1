// SPDX-License-Identifier: MIT
#include "core/memory_group.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

#include "core/child.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;

constexpr int kRemovals =
    50;  // tries, two milliseconds apart: the kernel takes a moment after the last process
constexpr std::uint64_t kProbeBytes = std::uint64_t{1} << 30;

bool write_text(const fs::path& path, const std::string& text) {
  const FileHandle file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file.is_open() && write_fully(file.get(), text) == 0;
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

/// The folder of our group that has the memory controller: of version 1 where that has it, else of version 2.
fs::path own_group(const MemoryGroup::Places& places) {
  std::ifstream groups(places.own);
  fs::path second;
  for (std::string line; std::getline(groups, line);) {
    const auto first_colon = line.find(':'), second_colon = line.find(':', first_colon + 1);
    if (second_colon == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first_colon + 1, second_colon - first_colon - 1) + ",";
    const fs::path path = fs::path(line.substr(second_colon + 1)).relative_path();
    if (controllers.find(",memory,") != std::string::npos) return places.mount / "memory" / path;
    if (controllers == ",,") second = places.mount / path;
  }
  return second;
}

/// The file of the limit: of version 2 or 1; empty when the group has no memory controller.
fs::path limit_of(const fs::path& group) {
  for (const char* name : {"memory.max", "memory.limit_in_bytes"}) {
    if (is_there(group / name)) return group / name;
  }
  return {};
}

fs::path fresh_name(const fs::path& in) {
  static std::atomic<unsigned> next{0};
  return in / ("assay-" + std::to_string(::getpid()) + "-" + std::to_string(next++));
}

}  // namespace

std::optional<MemoryGroup> MemoryGroup::make(std::uint64_t bytes, std::string& why, const Places& places) {
  const fs::path own = own_group(places);
  if (own.empty() || !is_there(own)) {
    why = "this process is in no control group that can be seen under " + places.mount.string();
    return std::nullopt;
  }
  for (const fs::path& in : {own, own.parent_path()}) {
    const fs::path folder = fresh_name(in);
    if (::mkdir(folder.c_str(), 0755) != 0) {
      why = "no control group can be made in " + in.string() + ": " + std::strerror(errno);
      continue;
    }
    const fs::path limit = limit_of(folder);
    FileHandle entrance(::open((folder / "cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
    if (limit.empty()) {
      why = "control groups in " + in.string() + " have no memory controller";
    } else if (!write_text(limit, std::to_string(bytes)) || !entrance.is_open()) {
      why = "a control group in " + in.string() + " takes no limit or no process: " + std::strerror(errno);
    } else {
      // Swap would only make it slow; and one process killed alone leaves a torso. Neither is everywhere.
      write_text(folder / "memory.swap.max", "0");
      write_text(folder / "memory.oom.group", "1");
      write_text(folder / "memory.memsw.limit_in_bytes", std::to_string(bytes));
      return MemoryGroup(folder, std::move(entrance));
    }
    ::rmdir(folder.c_str());
  }
  return std::nullopt;
}

std::string MemoryGroup::unavailable(const Places& places) {
  std::string why;
  const auto group = make(kProbeBytes, why, places);
  if (!group) return why;
  StartFailure failure;
  auto probe =
      Child::start({.program = "/bin/true", .arguments = {"true"}, .group = group->entrance()}, failure);
  if (probe) probe->wait();
  if (probe || failure.step != kEnteringGroup) return {};
  return "no process may enter a control group in " + group->folder_.parent_path().string() + ": " +
         std::strerror(failure.error);
}

MemoryGroup::MemoryGroup(fs::path folder, FileHandle entrance)
    : folder_(std::move(folder)), entrance_(std::move(entrance)) {}

MemoryGroup::MemoryGroup(MemoryGroup&& other) noexcept
    : folder_(std::move(other.folder_)), entrance_(std::move(other.entrance_)) {
  other.folder_.clear();
}

MemoryGroup::~MemoryGroup() {
  if (folder_.empty()) return;
  for (int i = 0; i < kRemovals && ::rmdir(folder_.c_str()) != 0 && errno == EBUSY; ++i) {
    std::ifstream inside(folder_ / "cgroup.procs");
    for (int process = 0; inside >> process;) ::kill(process, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

bool MemoryGroup::exceeded() const {
  for (const char* name : {"memory.events", "memory.oom_control"}) {
    std::ifstream events(folder_ / name);
    std::string word;
    for (long count = 0; events >> word >> count;) {
      if (word == "oom_kill" && count > 0) return true;
    }
  }
  return false;
}

}  // namespace assay
