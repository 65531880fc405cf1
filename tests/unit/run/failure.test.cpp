// Failure is normal: what ends a run, what does not, and what is kept.
#include <catch2/catch.hpp>

#include "run/execute.hpp"

using namespace assay;

namespace {

run::Study study(run::Overrides o) {
  return run::Study::make(Config::from_text("", "the command line"), std::move(o), run::Scope::scan);
}

}  // namespace

TEST_CASE("failed tasks do not end a run; the first of them is reported with what it printed") {
  const auto s = study({.axes = {"x=1:8"},
                        .jobs = 2,
                        .command = {"sh", "-c", "echo \"at $1\" >&2; exit $(($1 % 3 == 0))", "t", "{x}"}});
  const auto store = run::memory_store(8);
  const auto report = run::execute(s, *store, {});
  CHECK(report.complete);
  CHECK(report.tally.ok == 6);
  CHECK(report.tally.failed == 2);
  CHECK(report.failed_now == 2);
  REQUIRE(report.failure);
  CHECK(report.failure->index == 2);
  CHECK(report.failure->outcome.log.back().err == "at 3\n");
}

TEST_CASE("more failures than allowed begin no new task, and the run says so") {
  const auto s = study({.axes = {"x=1:1000"}, .jobs = 1, .command = {"false", "{x}"}, .max_fails = 2});
  const auto store = run::memory_store(1000);
  const auto report = run::execute(s, *store, {});
  CHECK(report.tally.failed == 3);
  CHECK(report.ended_by == "more than 2 tasks have failed");
  CHECK_FALSE(report.complete);
}

TEST_CASE("the limit of the run ends what is running; those tasks are not done") {
  const auto s = study({.axes = {"x=600:602"}, .jobs = 2, .command = {"sleep", "{x}"}, .run_time = "0.2"});
  const auto store = run::memory_store(3);
  const auto report = run::execute(s, *store, {});
  CHECK(report.executed == 0);
  CHECK(report.tally.skipped == 3);
  CHECK_THAT(report.ended_by, Catch::Contains("limit of 0.2 s"));
}

TEST_CASE("limits that only programs can have are refused for a built-in workload, and so are bad ones") {
  const std::string formula = "workload = \"formula\"\n[formula]\ny = \"1\"\n[variables]\nx = 1.0\n";
  const auto built_in = [&](const run::Overrides& o) {
    return run::Study::make(Config::from_text(formula, "t"), o, run::Scope::one_point);
  };
  CHECK_THROWS_AS(built_in({.task_time = "3"}), UserError);
  CHECK_THROWS_AS(built_in({.retries = 1}), UserError);
  CHECK(built_in({.run_time = "2m", .max_fails = 3}).limits().run_seconds == 120.0);
  for (const char* wrong : {"x", "-1", "5y", ""}) {
    if (*wrong != '\0') CHECK_THROWS_AS(built_in({.run_time = wrong}), UserError);
  }
  CHECK_THROWS_WITH(run::Study::make(Config::from_text(formula + "[limits]\nretry_on = [\"signl\"]\n", "t"), {},
                                     run::Scope::one_point),
                    Catch::Contains("did you mean \"signal\""));
}
