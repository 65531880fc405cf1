// SPDX-License-Identifier: MIT
#include "core/memory_group.hpp"

#include <signal.h>

#include <catch2/catch.hpp>
#include <iostream>
#include <thread>

#include "core/child.hpp"
#include "support/fake_cgroups.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;

// The one thing that a test of files alone cannot show: that the kernel keeps the limit.
TEST_CASE("a child that holds more than its group may is killed by the kernel, and its group goes") {
  std::string why;
  auto group = MemoryGroup::make(32U << 20U, why);
  if (!group) {
    std::cout << "no control group here: " << why << "\n";
    CHECK_FALSE(why.empty());
    return;
  }
  const auto end_of = [](const MemoryGroup& in, const char* block) {
    StartFailure failure;
    auto child =
        Child::start({.program = "/bin/dd",
                      .arguments = {"dd", "if=/dev/zero", "of=/dev/null", block, "count=1", "status=none"},
                      .group = in.entrance()},
                     failure);
    REQUIRE(child);
    return child->wait();
  };
  CHECK(end_of(*group, "bs=1M").exit_code == 0);
  CHECK_FALSE(group->exceeded());
  CHECK(end_of(*group, "bs=100M").signal == SIGKILL);
  CHECK(group->exceeded());
  CHECK(MemoryGroup::unavailable().empty());
}

TEST_CASE("where no group can be made, the reason is said") {
  const test::TemporaryFolder folder;
  test::spill(folder / "own", "0::/user.slice/run.scope\n");
  const MemoryGroup::Places places{.own = folder / "own", .mount = folder.path()};
  std::string why;
  CHECK_FALSE(MemoryGroup::make(1U << 20U, why, places));
  CHECK(why.find("in no control group that can be seen") != std::string::npos);
  // Folders in place of groups: what is made in them has no files, as groups without the controller have not.
  std::filesystem::create_directories(folder / "user.slice/run.scope");
  CHECK_FALSE(MemoryGroup::make(1U << 20U, why, places));
  CHECK(why == "control groups in " + (folder / "user.slice").string() + " have no memory controller");
  CHECK(std::filesystem::is_empty(folder / "user.slice/run.scope"));
}

namespace {

/// A hierarchy of version 2 whose group user.slice/run.scope is ours.
struct Hierarchy {
  test::TemporaryFolder folder;
  std::filesystem::path slice = folder / "mount/user.slice", own = slice / "run.scope";
  MemoryGroup::Places places{.own = folder / "own", .mount = folder / "mount"};
  test::FakeCgroups kernel{folder / "mount"};
  Hierarchy() {
    test::spill(places.own, "9:name=systemd:/\n0::/user.slice/run.scope\n");
    std::filesystem::create_directories(own);
  }
  /// The one group of ours in there.
  [[nodiscard]] static std::filesystem::path made_in(const std::filesystem::path& group) {
    std::filesystem::path found;
    for (const auto& entry : std::filesystem::directory_iterator(group)) {
      if (entry.path().filename().string().rfind("assay-", 0) == 0) found = entry.path();
    }
    return found;
  }
};

}  // namespace

TEST_CASE("version 2: a group is made beside ours, as ours has processes and hands on no controller") {
  Hierarchy h;
  h.kernel.delegate(h.slice);
  std::string why;
  auto group = MemoryGroup::make(32U << 20U, why, h.places);
  REQUIRE(group);
  const auto made = h.made_in(h.slice);
  REQUIRE_FALSE(made.empty());
  CHECK(h.made_in(h.own).empty());
  CHECK(test::slurp(made / "memory.max") == "33554432");
  CHECK(test::slurp(made / "memory.swap.max") == "0");
  CHECK(test::slurp(made / "memory.oom.group") == "1");
  CHECK_FALSE(group->exceeded());
  test::spill(made / "memory.events", "low 0\nhigh 0\nmax 7\noom 1\noom_kill 1\noom_group_kill 0\n");
  CHECK(group->exceeded());
  group.reset();
  CHECK_FALSE(std::filesystem::exists(made));
}

TEST_CASE("version 2: a group is made in ours where that hands the controller on") {
  Hierarchy h;
  h.kernel.delegate(h.own);
  h.kernel.delegate(h.slice);
  std::string why;
  const auto group = MemoryGroup::make(1U << 20U, why, h.places);
  REQUIRE(group);
  CHECK_FALSE(h.made_in(h.own).empty());
  CHECK(h.made_in(h.slice).empty());
}

// A started program shares this memory until it execs; the thread sanitizer takes what it writes there for a
// race.
#if !defined(__SANITIZE_THREAD__)
TEST_CASE("version 2: a child writes itself into its group, and what is left there goes with it") {
  Hierarchy h;
  h.kernel.delegate(h.slice);
  std::string why;
  auto group = MemoryGroup::make(32U << 20U, why, h.places);
  REQUIRE(group);
  StartFailure failure;
  auto child = Child::start(
      {.program = "/bin/sleep", .arguments = {"sleep", "600"}, .group = group->entrance()}, failure);
  REQUIRE(child);
  const auto entrance = h.made_in(h.slice) / "cgroup.procs";
  CHECK(test::slurp(entrance) == "0");
  test::spill(entrance, std::to_string(child->process()) + "\n");  // as the kernel would show it
  group.reset();
  CHECK(h.made_in(h.slice).empty());
  CHECK(child->wait().signal == SIGKILL);
}

TEST_CASE("version 2: a group that no process may enter is none") {
  Hierarchy h;
  h.kernel.delegate(h.slice);
  h.kernel.refuse_entry();
  CHECK(MemoryGroup::unavailable(h.places) ==
        "no process may enter a control group in " + h.slice.string() + ": No space left on device");
}
#endif
