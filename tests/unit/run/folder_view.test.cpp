#include "run/folder_view.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "evidence/folder_lock.hpp"
#include "run/output.hpp"
#include "run/task_table.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;

namespace {

/// Ten tasks of which one fails, begun and ended early after four.
void scan(const std::filesystem::path& out, const run::SelectionText& select) {
  const auto study = run::Study::make(
      Config::from_text("", "the command line"),
      {.axes = {"x=1:10"}, .command = {"sh", "-c", "echo \"a,$1\"; exit $(($1 == 2))", "t", "{x}"}},
      run::Scope::scan);
  run::Output output(study, {.kind = "scan", .folder = out, .resume = true, .config_folder = out});
  run::execute(study, output.store(), {.select = select});
}

std::string table(const run::FolderView& view, run::TableForm form) {
  std::string text;
  run::write_table(view, form, [&](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace

TEST_CASE("a folder tells how far its run is, in task order, while a run is at work and after") {
  const test::TemporaryFolder folder;
  const auto out = folder.path() / "out";
  CHECK_THROWS_AS(run::FolderView(folder.path()), UserError);
  scan(out, {.only = "0-3"});
  {
    const evidence::FolderLock lock(out);
    const run::FolderView view(out);
    CHECK_THAT(view.at_work(), Catch::StartsWith("process "));
  }
  const run::FolderView view(out);
  CHECK(view.kind() == "scan");
  CHECK(view.at_work().empty());
  const auto status = run::status_of(view, 2);
  CHECK(status.tasks == 10);
  CHECK(status.done == 4);
  CHECK(status.tally.failed == 1);
  CHECK(status.tally.skipped == 6);
  CHECK(status.failed == std::vector<std::size_t>{1});
  CHECK(status.slowest.size() == 2);
  CHECK(status.longest_seconds >= status.median_seconds);
  const Json row = run::task_row(view, 2);
  CHECK(row["point"]["x"] == 3);
  CHECK(row["observables"]["result"] == "a,3");
  CHECK(row["attempts"] == 1);
  CHECK(run::task_row(view, 9)["status"] == "skipped");
  const std::string csv = table(view, run::TableForm::csv);
  CHECK(csv.substr(0, csv.find('\n')) ==
        "index,x,status,result,attempts,wall_s,cpu_s,peak_kib,engine,host,worker,seed,message");
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 11);
  CHECK(csv.find("\n0,1,ok,\"a,1\",1,") != std::string::npos);
  const std::string lines = table(view, run::TableForm::jsonl);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 10);
  CHECK(parse_json(lines.substr(0, lines.find('\n')), "row")["index"] == 0);
}

TEST_CASE("a folder with several runs wants one to be named") {
  const test::TemporaryFolder folder;
  scan(folder.path(), {.only = "0"});
  test::spill(folder.path() / "ensemble.study", "{}");
  CHECK_THROWS_WITH(run::FolderView(folder.path()), Catch::Contains("ensemble, scan"));
  CHECK(run::FolderView(folder.path(), "scan").kind() == "scan");
  CHECK_THROWS_AS(run::FolderView(folder.path(), "run"), UserError);
}
