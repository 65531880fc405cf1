// SPDX-License-Identifier: MIT
#include "core/memory_group.hpp"

#include <signal.h>

#include <catch2/catch.hpp>
#include <iostream>

#include "core/child.hpp"
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
