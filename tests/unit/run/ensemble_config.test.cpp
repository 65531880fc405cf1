#include "run/ensemble_config.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "run/study.hpp"

using namespace assay;
using namespace assay::run;

namespace {

const std::string kModel =
    "workload = \"formula\"\n[variables]\na = 0.0\nb = 0.0\nt = 0.0\n[formula]\ny = \"a + 2*b + t\"\nz = "
    "\"a\"\n";

Study study_of(const std::string& toml, const Overrides& overrides = {}) {
  return Study::make(Config::from_text(kModel + toml, "e.toml"), overrides, Scope::ensemble);
}

}  // namespace

TEST_CASE("the resolved config reproduces the ensemble, points and digest") {
  const Study study = study_of(
      "[scan.axes]\nt = [0, 1]\n[ensemble]\nsamples = 8\nsensitivities = true\nquantiles = [0.9, 0.1]\n"
      "[ensemble.inputs]\nb = \"truncated-normal:0,1,2\"\n[ensemble.inputs.a]\ndistribution = \"discrete\"\n"
      "values = [1, 2.5]\nweights = [1, 3]\n[ensemble.reduce]\ntop = \"t at max y\"\n");
  Json artifact = {{"schema", "assay/ensemble/v1"}, {"config", study.config()}};
  const Study again =
      Study::make(Config::from_json_text(to_text(artifact), "artifact.json"), {}, Scope::ensemble);
  CHECK(to_text(again.config()) == to_text(study.config()));
  CHECK(again.config_sha256() == study.config_sha256());
  REQUIRE(again.points().size() == study.points().size());
  REQUIRE(study.points().size() == 8 * 4 * 2);
  for (std::size_t i = 0; i < study.points().size(); ++i) CHECK(again.points().at(i) == study.points().at(i));
}

TEST_CASE("the order of the inputs in the file does not change the members") {
  const Study ab = study_of("[ensemble.inputs]\na = \"normal:0,1\"\nb = \"uniform:0,1\"\n");
  const Study ba = study_of("[ensemble.inputs]\nb = \"uniform:0,1\"\na = \"normal:0,1\"\n");
  for (std::size_t i = 0; i < 64; ++i) CHECK(ab.points().at(i) == ba.points().at(i));
}

TEST_CASE("what is typed replaces what the file says") {
  Overrides typed;
  typed.settings = {{"ensemble.samples", Value(std::int64_t{4}), "--samples"},
                    {"ensemble.inputs.a", Value(std::string("uniform:5,6")), "--input"}};
  const Study study = study_of(
      "[ensemble]\nsamples = 100\n[ensemble.inputs.a]\ndistribution = \"normal\"\nmean = 0\nsd = 1\n", typed);
  REQUIRE(study.points().size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(as_real(study.points().at(i)[0].second) > 5.0);
}

TEST_CASE("a scan of an ensemble's config leaves the ensemble out") {
  const Study study = Study::make(
      Config::from_text(kModel + "[scan.axes]\nt = [0, 1]\n[ensemble.inputs]\na = \"normal:0,1\"\n", "e.toml"),
      {}, Scope::scan);
  CHECK(study.points().size() == 2);
  CHECK_FALSE(study.config().contains("ensemble"));
}

TEST_CASE("reductions are formulas over the inner points") {
  const std::vector<std::string> observables{"gamma"}, axes{"ky"};
  const std::vector<std::vector<double>> points{{0.1, 0.1}, {0.3, 0.2}, {-0.2, 0.3}};
  const auto value = [&](const char* text) {
    return Reduction::parse("r", text, observables, axes).evaluate(points);
  };
  CHECK(value("max gamma") == 0.3);
  CHECK(value("min gamma") == -0.2);
  CHECK(value("mean gamma") == Approx(0.2 / 3));
  CHECK(value("ky at max gamma") == 0.2);
  CHECK(value("ky at min gamma") == 0.3);
  CHECK(value("sum max(gamma, 0)^2/ky^2") == Approx(1.0 + 2.25));
  CHECK(value("  max   gamma > 0.2") == 1.0);
  CHECK(std::isnan(value("max log(gamma)")));
  for (const char* bad : {"", "gamma", "max", "top gamma", "ky at mean gamma", "kx at max gamma", "max gama",
                          "ky at gamma", "max gamma gamma"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(value(bad), UserError);
  }
}

TEST_CASE("mistakes in [ensemble] are named with their place and the way out") {
  const std::pair<const char*, const char*> mistakes[] = {
      {"", "no uncertain input"},
      {"[ensemble]\nsample = 3\n[ensemble.inputs]\na = \"normal:0,1\"\n", "did you mean \"samples\""},
      {"[ensemble]\nsamples = 0\n[ensemble.inputs]\na = \"normal:0,1\"\n", "an integer from 1"},
      {"[ensemble]\nsampling = \"sobl\"\n[ensemble.inputs]\na = \"normal:0,1\"\n", "did you mean \"sobol\""},
      {"[ensemble]\nquantiles = [0.5, 1]\n[ensemble.inputs]\na = \"normal:0,1\"\n", "between 0 and 1"},
      {"[ensemble]\nobservables = [\"w\"]\n[ensemble.inputs]\na = \"normal:0,1\"\n", "no scalar observable"},
      {"[ensemble.inputs]\na = \"normal:0,-1\"\n", "e.toml:10:"},
      {"[ensemble.inputs]\na = 3\n", "has no distribution"},
      {"[ensemble.inputs]\nc = \"normal:0,1\"\n", "\"c\""},
      {"[ensemble.inputs.a]\ndistribution = \"normal\"\nmean = 0\nsd = 1\nsgima = 2\n",
       "unknown key \"sgima\""},
      {"[ensemble.inputs]\na = \"normal:0,1\"\n[ensemble.correlation]\n\"a,c\" = 0.5\n", "e.toml:12:1"},
      {"[ensemble.inputs]\na = \"normal:0,1\"\n[ensemble.correlation]\na = 0.5\n", "bad correlation"},
      {"[ensemble.inputs]\nt = \"normal:0,1\"\n[scan.axes]\nt = [0, 1]\n", "set by two inputs or an axis"},
      {"[ensemble.inputs]\na = \"normal:0,1\"\n[ensemble.reduce]\nr = \"max q\"\n", "e.toml:12:"}};
  for (const auto& [toml, message] : mistakes) {
    CAPTURE(toml);
    CHECK_THROWS_WITH(study_of(toml), Catch::Contains(message));
  }
}
