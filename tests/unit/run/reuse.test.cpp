// Results that are not computed twice: a changed config takes over what it still has, a cache serves several
// runs.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/file.hpp"
#include "run/output.hpp"
#include "run/reuse.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using test::slurp;
using test::spill;

namespace {

struct Ran {
  run::Report report;
  std::string note;
  std::vector<double> results;
};

/// A scan of a program that squares n and notes each of its starts in a file.
struct Squares {
  test::TemporaryFolder folder;
  std::string axes = "n = \"1:4\"", script = "echo $((n * n))", more;
  std::filesystem::path out = folder / "out", cache;

  Ran run(const run::SelectionText& select = {}) const {
    spill(folder / "c.toml",
          "workload = \"command\"\n[parameters]\nn = 1\n[command]\nshell = '''echo $n >> started; " + script +
              "'''\n" + more + "[scan.axes]\n" + axes + "\n");
    return run_file(folder / "c.toml", select);
  }
  Ran run_file(const std::filesystem::path& config, const run::SelectionText& select = {}) const {
    const auto study = run::Study::make(Config::from_file(config), {}, run::Scope::scan);
    run::Output output(study, {.kind = "scan", .folder = out, .resume = true, .config_folder = folder.path()});
    std::unique_ptr<run::SharedResults> shared;
    if (!cache.empty()) shared = std::make_unique<run::SharedResults>(study, cache);
    Ran ran{.note = output.note()};
    ran.report = run::execute(
        study, output.store(),
        {.select = select, .record = &output.record_before(), .shared = shared.get(), .folder = out});
    for (std::size_t i = 0; i < study.points().size(); ++i) {
      const auto outcome = run::outcome_of(study, output.store(), i);
      const bool number =
          !outcome.observables.empty() && std::holds_alternative<double>(outcome.observables.front().second);
      ran.results.push_back(number ? std::get<double>(outcome.observables.front().second) : -1.0);
    }
    output.write(ran.report, {});
    return ran;
  }
  /// Which values the program was started for since the last call, in order.
  std::vector<int> started() const {
    std::vector<int> values;
    std::ifstream file(folder / "started");
    for (int n = 0; file >> n;) values.push_back(n);
    std::filesystem::remove(folder / "started");
    std::sort(values.begin(), values.end());
    return values;
  }
};

}  // namespace

TEST_CASE(
    "another range of an axis runs its new tasks only, and what leaves the plan is there when it comes back") {
  Squares squares;
  squares.run({});
  squares.started();
  squares.axes = "n = \"3:6\"";
  auto ran = squares.run();
  CHECK(squares.started() == std::vector<int>{5, 6});
  CHECK(ran.results == std::vector<double>{9, 16, 25, 36});
  CHECK_THAT(ran.note, Catch::Contains("the config has changed (scan.axes.n): 2 results are taken over") &&
                           Catch::Contains("2 results are of no task now"));
  CHECK(squares.run().note.empty());  // it is the folder's config now
  CHECK(squares.started().empty());
  squares.axes = "n = \"0:6\"";
  ran = squares.run();
  CHECK(squares.started() == std::vector<int>{0});
  CHECK(ran.results == std::vector<double>{0, 1, 4, 9, 16, 25, 36});
}

TEST_CASE("a result in the folder's artifact is the one that an undisturbed run of the new config has") {
  Squares squares;
  squares.run();
  squares.axes = "n = [4, 2, 9]";
  squares.run();
  const auto resumed = parse_json(slurp(squares.out / "scan.json"), "resumed")["content_sha256"];
  squares.out = squares.folder / "other";
  squares.run();
  CHECK(parse_json(slurp(squares.out / "scan.json"), "fresh")["content_sha256"] == resumed);
}

TEST_CASE("another command or environment runs the tasks again that had the same inputs, and says so") {
  Squares squares;
  squares.run();
  squares.started();
  squares.more = "environment = { A = \"1\" }\n";
  auto ran = squares.run();
  CHECK(squares.started() == std::vector<int>{1, 2, 3, 4});
  CHECK_THAT(ran.note, Catch::Contains("command.environment") &&
                           Catch::Contains("4 tasks that were run run again") &&
                           Catch::Contains("command or template"));
  squares.more.clear();
  ran = squares.run();  // as it was at first: those results are still there
  CHECK(squares.started().empty());
  CHECK(ran.results == std::vector<double>{1, 4, 9, 16});
}

TEST_CASE(
    "a failed task is tried again under a changed config, and its folder and tries lose their old number") {
  Squares squares;
  squares.more = "task_folder = true\n";
  squares.script = "test $n -ne 2 && echo $((n * n)) || { echo no >&2; false; }";
  auto ran = squares.run();
  CHECK(ran.report.tally.failed == 1);
  CHECK(std::filesystem::exists(squares.out / "tasks" / "1"));
  squares.axes = "n = [3, 1, 2]";
  ran = squares.run();
  CHECK(ran.report.executed == 1);
  CHECK(ran.results == std::vector<double>{9, 1, -1});
  CHECK(std::filesystem::exists(squares.out / "tasks" / "2"));
  CHECK_FALSE(std::filesystem::exists(squares.out / "tasks" / "1"));
  CHECK(std::filesystem::exists(squares.out / "scan.retired" / "tasks-1" / "1"));
}

TEST_CASE("a config that has nothing in common with the folder is refused, and the folder is left as it was") {
  Squares squares;
  squares.run();
  const std::string journal = slurp(squares.out / "scan.journal");
  squares.axes = "n = \"11:14\"";
  CHECK_THROWS_WITH(squares.run(), Catch::Contains("another plan") && Catch::Contains("scan.axes.n"));
  CHECK(slurp(squares.out / "scan.journal") == journal);
  CHECK_FALSE(std::filesystem::exists(squares.out / "scan.journal.next"));
}

TEST_CASE("a workload of ours takes over by its inputs") {
  Squares squares;
  const auto config = [&](const std::string& axes, const std::string& formula) {
    spill(squares.folder / "f.toml",
          "workload = \"formula\"\n[variables]\nx = 1.0\ny = 2.0\n[formula]\nf = \"" + formula +
              "\"\n[scan.axes]\n" + axes + "\n");
    return squares.folder / "f.toml";
  };
  squares.run_file(config("x = [1.0, 2.0, 3.0]", "x + y"));
  const auto ran = squares.run_file(config("x = [3.0, 4.0]\ny = [2.0, 5.0]", "x + y"));
  CHECK(ran.report.executed == 3);  // x = 3, y = 2 was there
  CHECK(ran.results == std::vector<double>{5, 8, 6, 9});
  // Another formula is another task at every point: this folder has nothing for it.
  CHECK_THROWS_WITH(squares.run_file(config("x = [3.0, 4.0]\ny = [2.0, 5.0]", "x * y")),
                    Catch::Contains("formula.f"));
}

TEST_CASE("a cache serves other folders and configs; a task that is asked for again is run again") {
  Squares squares;
  squares.cache = squares.folder / "cache";
  CHECK(squares.run().report.executed == 4);
  squares.started();
  squares.out = squares.folder / "other";
  squares.axes = "n = [9, 4, 2]";
  const auto ran = squares.run();
  CHECK(ran.report.reused == 2);
  CHECK(ran.results == std::vector<double>{81, 16, 4});
  CHECK(squares.started() == std::vector<int>{9});
  CHECK(squares.run({.rerun = "all"}).report.executed == 3);
  CHECK(squares.run().report.executed == 0);
  squares.started();
  squares.out = squares.folder / "third";
  squares.script = "echo $((n * n + 1))";
  CHECK(squares.run().report.reused == 0);
}

TEST_CASE("what is cut, damaged, incomplete or not ok in a cache is computed again") {
  Squares squares;
  squares.cache = squares.folder / "cache";
  squares.script = "test $n -ne 3 && echo $((n * n))";
  CHECK(squares.run().report.tally.failed == 1);
  std::filesystem::path segment;
  for (const auto& entry : std::filesystem::directory_iterator(squares.cache)) segment = entry.path();
  std::string text = slurp(segment);
  const auto second = text.find('\n', text.find('\n') + 1) + 1;
  text[second + 12] ^= 1;        // the second result is damaged
  text.resize(text.size() - 3);  // the last one is cut
  spill(segment, text);
  spill(squares.cache / "other.results", "no cache\n");
  squares.out = squares.folder / "other";
  squares.started();
  const auto ran = squares.run();
  CHECK(ran.report.reused == 1);
  CHECK(ran.report.executed == 3);
  CHECK(ran.results == std::vector<double>{1, 4, -1, 16});
}

TEST_CASE("two runs use one cache at the same time without losing or mixing a result") {
  Squares a, b;
  a.cache = b.cache = a.folder / "cache";
  a.axes = b.axes = "n = \"1:60\"";
  b.script = a.script;
  Ran ran_b;
  std::jthread other([&] { ran_b = b.run(); });
  const Ran ran_a = a.run();
  other.join();
  CHECK(ran_a.results == ran_b.results);
  a.out = a.folder / "third";
  const Ran third = a.run();
  CHECK(third.report.reused == 60);
  CHECK(third.results == ran_a.results);
}
