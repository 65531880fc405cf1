// The machine as the program sees it, held against what the kernel and nproc say.
// SPDX-License-Identifier: MIT
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/host.hpp"

using namespace assay;

TEST_CASE("the allowed cores are ascending, and some are usable") {
  const auto cores = allowed_cores();
  REQUIRE_FALSE(cores.empty());
  CHECK(std::is_sorted(cores.begin(), cores.end()));
  CHECK(usable_cores() >= 1);
  CHECK(usable_cores() <= static_cast<int>(cores.size()));
}

TEST_CASE("a process that is bound to one core sees that one") {
  const int last = allowed_cores().back();
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(last, &one);
    const bool bound = ::sched_setaffinity(0, sizeof one, &one) == 0;
    ::_exit(bound && allowed_cores() == std::vector<int>{last} && usable_cores() == 1 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

TEST_CASE("what the system does not say is empty, and a quota is a number of cores") {
  CHECK(system_line("/proc/no-such-file").empty());
  CHECK(proc_entry("meminfo", "NoSuchKey:").empty());
  CHECK_FALSE(proc_entry("meminfo", "MemTotal:").empty());
  CHECK(kernel_release().rfind("Linux ", 0) == 0);
  if (const auto quota = cgroup_cores()) CHECK(*quota > 0.0);
  if (const auto bytes = cgroup_memory_bytes()) CHECK(*bytes > 0.0);
}
