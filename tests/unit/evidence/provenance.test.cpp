#include "evidence/provenance.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/build_info.hpp"
#include "core/schema.hpp"
#include "core/time.hpp"
#include "evidence/git.hpp"
#include "evidence/host.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using namespace assay::evidence;
using test::spill;

namespace {

bool git(const test::TemporaryFolder& folder, const std::string& words) {
  const auto command =
      "git -c user.name=a -c user.email=a@b.c -C " + folder.path().string() + " " + words + " >/dev/null 2>&1";
  return std::system(command.c_str()) == 0;
}

}  // namespace

TEST_CASE("the host is described without being named") {
  const auto host = host_json();
  CHECK(host["logical_cores"].get<int>() >= 1);
  CHECK(host["memory_bytes"].get<std::int64_t>() > 1000000);
  CHECK(host["machine"].get<std::string>().size() == 16);
  CHECK(host["affinity"].get<std::string>().size() >= 1);
  CHECK(host == host_json());
  CHECK(host_now_json()["load"].size() == 3);
}

TEST_CASE("provenance costs a few milliseconds") {
  const auto start = std::chrono::steady_clock::now();
  host_json();
  host_now_json();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  CHECK(took.count() < 0.25);
}

TEST_CASE("time is RFC 3339 in UTC, and SOURCE_DATE_EPOCH fixes it") {
  CHECK(rfc3339(0) == "1970-01-01T00:00:00Z");
  CHECK(rfc3339(1709210096) == "2024-02-29T12:34:56Z");
  CHECK(has_format(now_rfc3339(), "date-time"));
  ::setenv("SOURCE_DATE_EPOCH", "1709210096", 1);
  CHECK(provenance_json({{"assay"}, ".", nullptr})["run"]["started"] == "2024-02-29T12:34:56Z");
  ::unsetenv("SOURCE_DATE_EPOCH");
}

TEST_CASE("the build is known") {
  CHECK(build_info().compiler.find('.') != std::string::npos);
  CHECK(build_info().floor_flags.find("-ffp-contract=off") != std::string::npos);
  CHECK(tool_json()["name"] == "assay");
}

TEST_CASE("outside of a repository there is no commit") {
  test::TemporaryFolder folder;
  CHECK(git_json(folder.path()).is_null());
}

TEST_CASE("the commit is that of the repository around the folder, loose or packed, and changes show") {
  test::TemporaryFolder folder;
  if (!git(folder, "init -q -b trunk")) {
    WARN("git cannot be run here");
    return;
  }
  CHECK(git_json(folder.path()).is_null());
  spill(folder / "a", "1");
  REQUIRE(git(folder, "add a"));
  REQUIRE(git(folder, "commit -q -m first"));
  std::filesystem::create_directory(folder / "below");
  const auto clean = git_json(folder / "below");
  CHECK(clean["commit"].get<std::string>().size() == 40);
  CHECK(clean["dirty"] == false);
  spill(folder / "untracked", "1");
  CHECK(git_json(folder.path()) == clean);
  spill(folder / "a", "22");
  CHECK(git_json(folder.path())["dirty"] == true);
  REQUIRE(git(folder, "checkout a"));
  REQUIRE(git(folder, "pack-refs --all"));
  CHECK(git_json(folder.path()) == clean);
  REQUIRE(git(folder, "checkout -q --detach"));
  CHECK(git_json(folder.path()) == clean);
}
