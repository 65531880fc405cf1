// What --resume runs again, and what --recheck finds.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "run/output.hpp"
#include "run/run_record.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

struct Ran {
  run::Report report;
  std::vector<std::string> explained;
};

/// A scan of cat over data1 ... data4, in folder/out.
Ran scan(const std::filesystem::path& folder, const run::SelectionText& select = {}) {
  write(folder / "c.toml",
        "workload = \"command\"\n[parameters]\nn = 1\n[command]\nrun = [\"cat\", \"data{n}\"]\n"
        "inputs = [\"data{n}\", \"common\"]\n[scan.axes]\nn = \"1:4\"\n");
  const auto study = run::Study::make(Config::from_file(folder / "c.toml"), {}, run::Scope::scan);
  run::Output output(study,
                     {.kind = "scan", .folder = folder / "out", .resume = true, .config_folder = folder});
  Ran ran;
  ran.report = run::execute(study, output.store(),
                            {.select = select,
                             .explain = [&](const std::string& text) { ran.explained.push_back(text); },
                             .record = &output.record_before(),
                             .folder = folder / "out"});
  output.write(ran.report, {});
  return ran;
}

}  // namespace

TEST_CASE("resume runs what has no outcome and what has changed, and says what it was") {
  const test::TemporaryFolder folder;
  for (const char* name : {"data1", "data2", "data3", "common"}) write(folder.path() / name, "7\n");
  auto ran = scan(folder.path());
  CHECK(ran.report.tally.ok == 3);
  CHECK(ran.report.tally.failed == 1);
  CHECK(scan(folder.path()).report.executed == 1);  // its input is still not there: it is no task that was done
  write(folder.path() / "data4", "8\n");
  ran = scan(folder.path());
  CHECK(ran.report.executed == 1);
  CHECK(ran.report.tally.ok == 4);
  CHECK(scan(folder.path()).report.executed == 0);
  write(folder.path() / "data2", "9\n");
  ran = scan(folder.path());
  CHECK(ran.report.executed == 1);
  CHECK(ran.explained.at(1) == "  an input of the task's own");
  write(folder.path() / "common", "other\n");
  ran = scan(folder.path());
  CHECK(ran.report.executed == 4);
  CHECK(ran.explained.at(0) == "4 tasks: what the result depends on has changed");
  CHECK_THAT(ran.explained.at(1), Catch::StartsWith("  input common ("));
}

TEST_CASE("recheck runs finished tasks again on another engine and finds a result that is no longer the same") {
  const test::TemporaryFolder folder;
  for (const char* name : {"data1", "data2", "data3", "data4", "common"}) write(folder.path() / name, "7\n");
  scan(folder.path());
  auto ran = scan(folder.path(), {.recheck = "100%"});
  CHECK(ran.report.rechecked == 4);
  CHECK(ran.report.differences.empty());
  CHECK(ran.report.engine.used == "serial");
  write(folder.path() / "data3", "6\n");
  ran = scan(folder.path(), {.recheck = "4"});
  REQUIRE(ran.report.differences.size() == 1);
  CHECK(ran.report.differences[0] == "task 2: result 7.0 before, 6.0 now");
  CHECK(scan(folder.path()).report.executed == 1);  // a recheck replaces nothing
}

TEST_CASE("a folder of another plan is refused with the keys that differ") {
  const Json a = {{"x", 1}, {"t", {{"p", 1}, {"q", {1, 2}}}}}, b = {{"x", 1}, {"t", {{"p", 2}, {"r", 0}}}};
  CHECK(run::config_changes(a, b) == std::vector<std::string>{"t.p", "t.q", "t.r"});
  CHECK(run::config_changes(a, b, 2).back() == "1 more");
}
