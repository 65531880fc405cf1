#include "run/short_form.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "run/study.hpp"

using namespace assay;

namespace {

run::Study study(run::Overrides overrides, run::Scope scope = run::Scope::scan) {
  return run::Study::make(Config::from_text("", "the command line"), std::move(overrides), scope);
}
std::string parameters(const run::Study& s) {
  return to_text(s.config()["parameters"], 0);
}

}  // namespace

TEST_CASE("axes of a typed command become parameters of the type of their values") {
  CHECK(parameters(study({.axes = {"x=1:3"}, .command = {"echo", "{x}"}})) == R"({"x": 1})");
  CHECK(parameters(study({.axes = {"x=1,2.5"}, .command = {"echo", "{x}"}})) == R"({"x": 1.0})");
  CHECK(parameters(study({.axes = {"x=1,a"}, .command = {"echo", "{x}"}})) == R"({"x": "1"})");
  const auto zeros = study({.axes = {"x=007,010"}, .command = {"echo", "{x}"}});
  CHECK(value_text(zeros.task(0).point.at(0).second) == "007");
}

TEST_CASE("{} stands for the only axis, and --set gives a field its value") {
  const auto s = study({.axes = {"n=1:3"}, .command = {"echo", "a{}b"}});
  CHECK(s.config()["command"]["run"] == Json({"echo", "a{n}b"}));
  CHECK_THROWS_WITH(study({.axes = {"a=1:2", "b=1:2"}, .command = {"echo", "{}"}}),
                    Catch::Contains("there are 2"));
  const auto one = study({.set = {"x=3", "seed=5"}, .command = {"echo", "{x}"}}, run::Scope::one_point);
  CHECK(parameters(one) == R"({"x": 3})");
  CHECK(one.seed() == 5);
}

TEST_CASE("--observe names what is read, and a slip is answered") {
  const auto s =
      study({.axes = {"x=1:2"}, .command = {"echo", "{x}"}, .observe = {"y=regex:y: (\\S+)", "c=exit_code"}});
  CHECK(s.workload().observables().size() == 2);
  CHECK(s.config()["observables"]["y"]["regex"] == "y: (\\S+)");
  for (const char* wrong : {"y=regexp:a", "y=regex", "y=wall:3", "y"})
    CHECK_THROWS_AS(study({.axes = {"x=1:2"}, .command = {"echo", "{x}"}, .observe = {wrong}}), UserError);
}
