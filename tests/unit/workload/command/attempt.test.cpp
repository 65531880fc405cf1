// SPDX-License-Identifier: MIT
#include "workload/command/attempt.hpp"

#include <catch2/catch.hpp>

#include "support/fake_cgroups.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using namespace assay::workload::command;

#if !defined(__SANITIZE_THREAD__)
TEST_CASE("a control group that lets no process in is done without: the memory is watched instead") {
  const test::TemporaryFolder folder;
  test::FakeCgroups kernel(folder / "mount");
  test::spill(folder / "own", "0::/scope\n");
  std::filesystem::create_directories(folder / "mount/scope");
  kernel.delegate(folder / "mount/scope");
  kernel.refuse_entry();
  AttemptRequest request{
      .child = {.program = "/bin/sh",
                .arguments = {"sh", "-c", "head -c 200000000 /dev/zero | tail -c 190000000 | sleep 60"}},
      .output_part = 1000,
      .seconds = 60.0,
      .group_bytes = 64U << 20U,
      .group_places = {.own = folder / "own", .mount = folder / "mount"}};
  const AttemptResult grown = run_attempt(request);
  CHECK_FALSE(grown.failure);
  CHECK(grown.allowed == request.group_bytes);
  CHECK(grown.too_large > request.group_bytes);
  request.child.arguments = {"sh", "-c", "echo small"};
  const AttemptResult small = run_attempt(request);
  CHECK(small.end.exit_code == 0);
  CHECK(small.out.text() == "small\n");
  for (const auto& entry : std::filesystem::directory_iterator(folder / "mount/scope"))
    CHECK(entry.path().filename() == "cgroup.procs");
}
#endif
