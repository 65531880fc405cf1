// SPDX-License-Identifier: MIT
#include "workload/command/resident.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace assay::workload::command {
namespace {

constexpr int kMostProcesses = 10'000;  // a tree that changes while it is read must not be read for ever

/// Every thread of a process has children of its own.
void add_children(const std::string& process, std::vector<int>& all) {
  std::error_code gone;  // a process may end while it is looked at
  for (const auto& thread : std::filesystem::directory_iterator(process + "/task", gone)) {
    std::ifstream children(thread.path() / "children");
    for (int child = 0; children >> child;) all.push_back(child);
  }
}

}  // namespace

std::uint64_t resident_bytes(int process) {
  static const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  std::vector<int> all{process};
  std::uint64_t pages = 0;
  for (std::size_t i = 0; i < all.size() && i < kMostProcesses; ++i) {
    const std::string folder = "/proc/" + std::to_string(all[i]);
    std::uint64_t size = 0, resident = 0;
    if (std::ifstream(folder + "/statm") >> size >> resident) pages += resident;
    add_children(folder, all);
  }
  return pages * page;
}

}  // namespace assay::workload::command
