#include <catch2/catch.hpp>

#include "workload/workload.hpp"

using namespace assay;
using namespace assay::workload;

namespace {
plan::Outcome evaluate(const char* toml, const plan::Point& point) {
  Config config = Config::from_text(toml, "x.toml");
  const auto w = make(config);
  config.reject_unknown();
  return w->evaluate({0, point, 0}, {});
}
constexpr const char* kRatio =
    "workload = \"formula\"\n[variables]\nx = 1.0\nz = 2.0\n[formula]\ny = \"x / z\"\n";
}  // namespace

TEST_CASE("a formula is evaluated with defaults and coordinates") {
  const auto o = evaluate(kRatio, {{"x", 3.0}});
  REQUIRE(o.status == plan::Status::ok);
  CHECK(std::get<double>(o.observables.at(0).second) == 1.5);
}

TEST_CASE("a result that is not finite is a failure, never a number") {
  const auto o = evaluate(kRatio, {{"z", 0.0}});
  CHECK(o.status == plan::Status::failed);
  CHECK(o.message.find("not finite") != std::string::npos);
}

TEST_CASE("a config without workload, with a wrong one or without formulas says what to write") {
  CHECK_THROWS_WITH(evaluate("", {}), Catch::Contains("names no workload"));
  CHECK_THROWS_WITH(evaluate("workload = \"formla\"\n", {}), Catch::Contains("did you mean \"formula\""));
  CHECK_THROWS_WITH(evaluate("workload = \"formula\"\n", {}), Catch::Contains("no formulas"));
}
