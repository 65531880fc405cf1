#include "run/selection.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "run/execute.hpp"

using namespace assay;
using run::SelectionText;

namespace {

run::Study study() {
  return run::Study::make(
      Config::from_text("workload = \"formula\"\n[variables]\nx = 1.0\n[formula]\ny = \"x * x\"\n", "t"),
      {.axes = {"x=0:99:100"}}, run::Scope::scan);
}

/// Tasks 0 to 49 are done; each tenth of them has failed.
std::unique_ptr<run::ResultStore> half_done() {
  auto store = run::memory_store(100);
  for (std::size_t i = 0; i < 50; ++i) {
    plan::Outcome o;
    o.status = i % 10 == 3 ? plan::Status::failed : plan::Status::ok;
    o.wall_seconds = static_cast<double>(i);
    if (o.status == plan::Status::ok) o.observables = {{"y", static_cast<double>(i * i)}};
    store->accept(i, o);
  }
  return store;
}

std::vector<std::size_t> selected(const SelectionText& text) {
  const auto s = study();
  const auto store = half_done();
  const run::Selection selection(s, *store, text);
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < selection.size(); ++i) all.push_back(selection.at(i).index);
  return all;
}

using Indices = std::vector<std::size_t>;

}  // namespace

TEST_CASE("without a word, what has no outcome is run; failed tasks count as done") {
  const auto all = selected({});
  CHECK(all.size() == 50);
  CHECK(all.front() == 50);
}

TEST_CASE("--only names tasks, done or not; with --rerun it narrows") {
  CHECK(selected({.only = "7,60-62,3"}) == Indices{3, 7, 60, 61, 62});
  CHECK(selected({.only = "3,4,60", .rerun = "failed"}) == Indices{3, 60});
  for (const char* wrong : {"", "a", "5-3", "100", "-1", "1,,2"})
    CHECK_THROWS_AS(run::parse_tasks(wrong, 100, "--only"), UserError);
}

TEST_CASE("--rerun takes failed tasks, all, or those for which an expression holds") {
  CHECK(selected({.rerun = "failed"}).size() == 55);
  CHECK(selected({.rerun = "failed"}).front() == 3);
  CHECK(selected({.rerun = "unconverged"}).size() == 50);
  CHECK(selected({.rerun = "all"}).size() == 100);
  CHECK(selected({.only = "0-49", .rerun = "where x > 45 and failed == 0"}) == Indices{46, 47, 48, 49});
  CHECK(selected({.only = "0-49", .rerun = "where y > 48^2 or wall < 1"}) == Indices{0, 49});
  CHECK_THROWS_WITH(selected({.rerun = "fail"}), Catch::Contains("not a selection"));
  CHECK_THROWS_AS(selected({.rerun = "where speed > 1"}), UserError);
}

TEST_CASE("--sample takes so many by chance, --recheck so many that are done and ok, --shuffle another order") {
  const auto some = selected({.sample = "10%"});
  CHECK(some.size() == 5);
  CHECK(some == selected({.sample = "5"}));
  CHECK(std::is_sorted(some.begin(), some.end()));
  const auto again = selected({.recheck = "20%"});
  CHECK(again.size() == 9);
  for (const auto i : again) CHECK((i < 50 && i % 10 != 3));
  const auto shuffled = selected({.shuffle = true});
  CHECK_FALSE(std::is_sorted(shuffled.begin(), shuffled.end()));
  CHECK(std::set<std::size_t>(shuffled.begin(), shuffled.end()).size() == 50);
  for (const char* wrong : {"0", "-1", "x", "101%", "2.5"})
    CHECK_THROWS_AS(selected({.sample = wrong}), UserError);
}
