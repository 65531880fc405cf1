// A history keeps what was measured, once, and gives it back by arm, class of host and time.
// SPDX-License-Identifier: MIT
#include "bench/history.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/temporary_folder.hpp"

using namespace assay;
using namespace assay::bench;

namespace {

Measurement measured(double a, double b, const std::string& cpu = "C") {
  Measurement m;
  m.design = {.arms = {{"old", "./old"}, {"new", "./new"}}, .blocks = 8, .looks = {}, .warmup = 0};
  m.machine = {.cpu = cpu,
               .kernel = "K",
               .governor = "g",
               .turbo = "off",
               .smt = "off",
               .online_cores = 4,
               .usable_cores = 2,
               .quota_cores = 1.5};
  for (int block = 0; block < 8; ++block) {
    for (int arm = 0; arm < 2; ++arm) {
      Sample sample{.block = block, .position = arm, .arm = arm, .start_seconds = 0.0, .run = {}};
      sample.run.wall_seconds = (arm == 0 ? a : b) * (1.0 + 0.001 * block);
      m.samples.all.push_back(sample);
    }
  }
  m.samples.complete_blocks = 8;
  return m;
}

std::string day(int n) {
  return (n < 10 ? "2026-11-0" : "2026-11-") + std::to_string(n) + "T12:00:00Z";
}

}  // namespace

TEST_CASE("what was added comes back, in the order of time, with its raw times") {
  const test::TemporaryFolder folder;
  {
    History book(folder / "h.sqlite", History::Mode::create);
    CHECK(book.add(measured(2.0, 3.0), day(2), "c2", "digest 2") == 2);
    CHECK(book.add(measured(1.0, 2.0), day(1), "c1", "digest 1") == 2);
    CHECK(book.add(measured(1.0, 2.0), day(1), "c1", "digest 1") == 0);  // the same report
  }
  const History book(folder / "h.sqlite", History::Mode::read);
  const auto rows = book.rows({});
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].taken == day(1));
  CHECK(rows[0].arm == "old");
  CHECK(rows[0].wall == measured(1.0, 2.0).samples.wall(0));
  CHECK(rows[0].verdict.empty());
  CHECK(rows[1].verdict == "regressed");
  CHECK(rows[1].commit == "c1");
  CHECK(rows[1].host_class == "C, 2 of 4 cores, quota 1.5, SMT off, governor g, turbo off");
  CHECK(book.rows({.arm = "new", .since = {}, .until = {}}).size() == 2);
}

TEST_CASE("a period is a beginning of a time, its end included") {
  const test::TemporaryFolder folder;
  History book(folder / "h.sqlite", History::Mode::create);
  for (int n = 1; n <= 20; ++n) book.add(measured(1.0, 2.0), day(n), "", "digest " + std::to_string(n));
  CHECK(book.rows({.arm = "old", .since = "2026-11-05", .until = "2026-11-10"}).size() == 6);
  CHECK(book.rows({.arm = "old", .since = "2026-11-05", .until = "2026-11-10"}).back().taken == day(10));
  CHECK(book.rows({.arm = "old", .since = "2026-12", .until = {}}).empty());
  CHECK(book.rows({.arm = "old", .since = {}, .until = "2026"}).size() == 20);
}

TEST_CASE("a step is found in its own series, and another class of host is another series") {
  const test::TemporaryFolder folder;
  History book(folder / "h.sqlite", History::Mode::create);
  for (int n = 1; n <= 20; ++n) {
    const double wobble = 1.0 + 0.002 * (n % 3);
    book.add(measured(1.0 * wobble, (n < 11 ? 2.0 : 2.5) * wobble), day(n), "commit" + std::to_string(n),
             "digest " + std::to_string(n));
    book.add(measured(9.0, 9.0, "D"), day(n), "", "other " + std::to_string(n));
  }
  const auto all = series_of(book.rows({}), 0.05);
  REQUIRE(all.size() == 4);
  for (const auto& series : all) {
    INFO(series.arm << " on " << series.host_class);
    const bool stepped = series.arm == "new" && series.host_class[0] == 'C';
    REQUIRE(series.steps.size() == (stepped ? 1 : 0));
    if (!stepped) continue;
    CHECK(series.steps[0].first == 10);
    CHECK(series.steps[0].ratio == Approx(1.25).epsilon(0.01));
  }
  CHECK(to_text(all).find("between commit10 and commit11") != std::string::npos);
}

TEST_CASE("what is no history is refused, and left as it was") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_AS(History(folder / "none.sqlite", History::Mode::read), UserError);
  test::spill(folder / "text", "not a database, but long enough to be looked at as one\n");
  CHECK_THROWS_AS(History(folder / "text", History::Mode::create), UserError);
  CHECK(test::slurp(folder / "text").rfind("not a database", 0) == 0);
  CHECK_THROWS_AS(History(folder / "no" / "folder.sqlite", History::Mode::create), EnvironmentError);
}
