#include "workload/command/task_folder.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "core/file.hpp"
#include "support/temporary_folder.hpp"
#include "workload/workload.hpp"

using namespace assay;
namespace fs = std::filesystem;
using workload::command::stays_inside;

namespace {

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// A command whose config stands in `folder`.
std::unique_ptr<workload::Workload> made(const fs::path& folder, const std::string& toml) {
  write(folder / "c.toml", "workload = \"command\"\n" + toml);
  Config config = Config::from_file(folder / "c.toml");
  auto workload = workload::make(config);
  config.reject_unknown();
  return workload;
}

workload::Surroundings around(const fs::path& folder, workload::Keep keep = workload::Keep::failed) {
  workload::Surroundings s;
  s.folder = folder;
  s.limits.keep = keep;
  return s;
}

const std::string kTemplate =
    "[parameters]\nx = 1\n[templates]\n\"in/a.txt\" = \"a.tpl\"\n[observables]\no = { output = true }\n";

}  // namespace

TEST_CASE("paths that leave the folder are told") {
  for (const char* good : {"a", "a/b.txt", ".hidden", "a..b", "./a"}) CHECK(stays_inside(good));
  for (const char* bad : {"", ".", "..", "../a", "a/../../b", "/a", "a/..", "a/../b", "a/"})
    CHECK_FALSE(stays_inside(bad));
}

TEST_CASE(
    "each task runs in a fresh folder with its templates; a good one's folder goes, a failed one's stays") {
  const test::TemporaryFolder config, run;
  write(config.path() / "a.tpl", "x is {x} {{x}} {\"json\": {}}\n");
  const auto workload =
      made(config.path(), kTemplate +
                              "[command]\nrun = [\"sh\", \"-c\", \"cat in/a.txt; ls; [ \\\"$1\\\" != 2 ]\", "
                              "\"t\", \"{x}\"]\n");
  const auto body = workload->bind(around(run.path()));
  fs::create_directories(run.path() / "tasks/0");
  write(run.path() / "tasks/0/old", "from a try that was killed");
  const auto good = body->evaluate({0, {{"x", std::int64_t{1}}}, 0}, {});
  CHECK(std::get<std::string>(good.observables.at(0).second) == "x is 1 {x} {\"json\": {}}\nin");
  CHECK_FALSE(fs::exists(run.path() / "tasks/0"));
  CHECK(body->evaluate({1, {{"x", std::int64_t{2}}}, 0}, {}).status == plan::Status::failed);
  CHECK(read_file(run.path() / "tasks/1/in/a.txt").substr(0, 6) == "x is 2");
  const auto all = workload->bind(around(run.path(), workload::Keep::all));
  all->evaluate({2, {}, 0}, {});
  CHECK(fs::exists(run.path() / "tasks/2/in/a.txt"));
}

TEST_CASE(
    "a template that leaves the folder, is not there or has an unknown field is refused before anything runs") {
  const test::TemporaryFolder folder;
  write(folder.path() / "a.tpl", "{x} {y}\n");
  const std::string run = "[command]\nrun = [\"true\"]\n[parameters]\nx = 1\n";
  CHECK_THROWS_WITH(made(folder.path(), run + "[templates]\n\"a\" = \"a.tpl\"\n"),
                    Catch::Contains("{y} is no parameter") && Catch::Contains("a.tpl"));
  CHECK_THROWS_WITH(made(folder.path(), run + "[templates]\n\"../a\" = \"a.tpl\"\n"),
                    Catch::Contains("leaves the task's folder"));
  CHECK_THROWS_AS(made(folder.path(), run + "[templates]\n\"a\" = \"none.tpl\"\n"), UserError);
  write(folder.path() / "a.tpl", "nothing\n");
  CHECK_THROWS_WITH(made(folder.path(), run + "[templates]\n\"a\" = \"a.tpl\"\n"),
                    Catch::Contains("used nowhere"));
}

TEST_CASE("a task's identity changes with each thing that its result depends on, and with nothing else") {
  const test::TemporaryFolder folder;
  write(folder.path() / "a.tpl", "{x}\n");
  write(folder.path() / "sim.sh", "#!/bin/sh\ncat in/a.txt\n");
  fs::permissions(folder.path() / "sim.sh", fs::perms::owner_all);
  write(folder.path() / "data1", "one");
  write(folder.path() / "data2", "two");
  write(folder.path() / "common", "all");
  const std::string toml = kTemplate +
                           "[command]\nrun = [\"./sim.sh\"]\ninputs = [\"common\", \"data{x}\"]\n"
                           "identity_environment = [\"ASSAY_TEST_MODE\"]\nversion = [\"cat\", \"common\"]\n";
  const auto of = [&](std::int64_t x) { return made(folder.path(), toml)->identity({0, {{"x", x}}, 0}); };
  const auto one = of(1), two = of(2);
  CHECK(one.size() == 16);
  CHECK(one != two);
  CHECK(one == of(1));
  write(folder.path() / "data2", "TWO!");
  CHECK(of(1) == one);
  CHECK(of(2) != two);
  ::setenv("ASSAY_TEST_MODE", "fast", 1);
  CHECK(of(1) != one);
  ::unsetenv("ASSAY_TEST_MODE");
  CHECK(of(1) == one);
  for (const char* file : {"common", "sim.sh", "a.tpl"}) {
    INFO(file);
    const auto before = of(1);
    const std::string text = read_file(folder.path() / file);
    write(folder.path() / file, text + "# more\n");
    CHECK(of(1) != before);
    write(folder.path() / file, text);
    CHECK(of(1) == before);
  }
  fs::remove(folder.path() / "data1");
  CHECK_THROWS_WITH(of(1), Catch::Contains("declared input data1 is not there"));
  fs::remove(folder.path() / "common");
  CHECK_THROWS_AS(made(folder.path(), toml)->check_ready(), EnvironmentError);
}
