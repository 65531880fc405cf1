// What a figure shows, read before anything is drawn.
#include "plot/figure.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace {

using assay::Json;
using assay::plot::figure_of;
using assay::plot::Request;

Json result(std::size_t index, Json point, const std::string& status, Json observables) {
  return {{"index", index},
          {"point", std::move(point)},
          {"status", status},
          {"observables", std::move(observables)}};
}

/// ky x a_LT, one point unconverged, one without a finite value, points of a line out of order.
Json two_axes() {
  Json artifact = {
      {"schema", "assay/scan/v1"},
      {"config", {{"workload", "w"}, {"scan", {{"axes", {{"ky", "log:0.1:0.4:3"}, {"a_LT", {2, 3}}}}}}}},
      {"config_sha256", std::string(64, 'a')},
      {"coordinates", {"ky", "a_LT"}},
      {"observables",
       {{"residual", {{"unit", "1"}, {"class", "statistical"}}},
        {"gamma", {{"unit", "v_ref/a"}, {"class", "relative"}}},
        {"parity", {{"unit", ""}, {"class", "bitwise"}}},
        {"flux", {{"unit", ""}, {"class", "relative"}, {"shape", "complex"}}}}}};
  const Json good = {{"residual", 1e-9}, {"gamma", 0.5}, {"parity", "even"}, {"flux", {1.0, -2.0}}};
  Json& results = artifact["results"] = Json::array();
  results.push_back(result(0, {{"ky", 0.4}, {"a_LT", 2}}, "ok", good));
  results.push_back(result(1, {{"ky", 0.1}, {"a_LT", 2}}, "ok", good));
  results.push_back(result(2, {{"ky", 0.2}, {"a_LT", 2}}, "unconverged", {{"residual", 0.1}}));
  results.push_back(result(3, {{"ky", 0.1}, {"a_LT", 3}}, "duplicate", good));
  results.push_back(result(4, {{"ky", 0.2}, {"a_LT", 3}}, "ok", {{"residual", 1e-9}, {"gamma", "nan"}}));
  results.push_back(result(5, {{"ky", 0.4}, {"a_LT", 3}}, "ok", good));
  return artifact;
}

assay::Exit code_of(const Json& artifact, const Request& request) {
  try {
    figure_of(artifact, request);
  } catch (const assay::Error& e) {
    return e.code();
  }
  return assay::Exit::ok;
}

}  // namespace

TEST_CASE("a scan over two axes is a family of lines over the longer one") {
  const Json figure = figure_of(two_axes(), {.x = "", .y = {"gamma"}, .units = {{"ky", "1/rho_ref"}}});
  const Json& panel = figure.at("panels").at(0);
  CHECK(panel.at("x").at("label") == "ky [1/rho_ref]");
  CHECK(panel.at("x").at("log") == true);
  CHECK(panel.at("y").at("label") == "gamma [v_ref/a]");
  REQUIRE(panel.at("lines").size() == 2);
  CHECK(panel.at("lines").at(0).at("label") == "a_LT = 2");
  CHECK(panel.at("lines").at(0).at("x") == Json({0.1, 0.2, 0.4}));
  CHECK(figure.at("subtitle").get<std::string>().find("6 tasks: 4 ok, 1 unconverged, 1 duplicate") == 0);
}

TEST_CASE("a point without a value breaks its line and is marked with the reason") {
  const Json panel = figure_of(two_axes(), {.x = "", .y = {"gamma"}, .units = {}}).at("panels").at(0);
  CHECK(panel.at("lines").at(0).at("y").at(1).is_null());
  REQUIRE(panel.at("missing").size() == 2);
  CHECK(panel.at("missing").at(0).at("status") == "unconverged");
  CHECK(panel.at("missing").at(1).at("status") == "not finite");
  CHECK(panel.at("lines").at(1).at("y").at(0) == 0.5);  // a duplicate has its original's value
}

TEST_CASE("an unconverged point's residual is no value either") {
  const Json panel = figure_of(two_axes(), {.x = "", .y = {"residual"}, .units = {}}).at("panels").at(0);
  CHECK(panel.at("lines").at(0).at("y").at(1).is_null());
}

TEST_CASE("without --y the first two numbers are drawn, noise last and text never") {
  const Json panels = figure_of(two_axes(), {}).at("panels");
  REQUIRE(panels.size() == 2);
  CHECK(panels.at(0).at("y").at("label") == "gamma [v_ref/a]");
  CHECK(panels.at(1).at("y").at("label") == "flux.re");
  CHECK(figure_of(two_axes(), {.x = "", .y = {"flux.im"}, .units = {}})["panels"][0]["lines"][0]["y"][0] ==
        -2.0);
}

TEST_CASE("an axis that x determines makes no lines of its own") {
  Json artifact = two_axes();
  for (auto& r : artifact["results"]) r["point"]["a_LT"] = r["point"]["ky"].get<double>() * 10;
  CHECK(figure_of(artifact, {.x = "ky", .y = {"gamma"}, .units = {}})["panels"][0]["lines"].size() == 1);
}

TEST_CASE("what cannot be drawn says so with its own exit code") {
  CHECK(code_of(two_axes(), {.x = "kx", .y = {}, .units = {}}) == assay::Exit::usage);
  CHECK(code_of(two_axes(), {.x = "", .y = {"parity"}, .units = {}}) == assay::Exit::usage);
  CHECK(code_of({{"schema", "assay/plan/v1"}}, {}) == assay::Exit::usage);
  Json nothing = two_axes();
  for (auto& r : nothing["results"]) r = result(r["index"], r["point"], "failed", Json::object());
  CHECK(code_of(nothing, {}) == assay::Exit::inconclusive);
}

TEST_CASE("more lines than can be told apart are refused, a single numeric family gets a scale") {
  Json artifact = two_axes();
  artifact["results"] = Json::array();
  for (std::size_t i = 0; i < 60; ++i)
    artifact["results"].push_back(
        result(i, {{"ky", 0.1 * static_cast<double>(i % 2)}, {"a_LT", i / 2}}, "ok", {{"gamma", 1.0}}));
  CHECK(figure_of(artifact, {.x = "ky", .y = {}, .units = {}})["panels"][0].contains("scale"));
  for (auto& r : artifact["results"]) r["point"]["a_LT"] = "word " + std::to_string(r["index"].get<int>() / 2);
  CHECK(code_of(artifact, {.x = "ky", .y = {}, .units = {}}) == assay::Exit::usage);
}

TEST_CASE("an ensemble along an inner axis is a band, one of its points a histogram") {
  Json artifact = two_axes();
  artifact["schema"] = "assay/ensemble/v1";
  Json groups = Json::array();
  for (const double ky : {0.2, 0.1}) {
    const Json quantile = {{"probability", 0.5}, {"value", ky}};
    const Json quantity = {{"name", "gamma"},
                           {"unit", "v_ref/a"},
                           {"mean", {{"value", ky}}},
                           {"quantiles", Json::array({quantile})}};
    groups.push_back({{"kind", "observables"},
                      {"point", {{"ky", ky}}},
                      {"members", {{"used", 1}, {"failed", 2}}},
                      {"quantities", Json::array({quantity})}});
  }
  const Json row = Json::array({0, 0.2, 0.1, "ok"});
  const Json members = {{"columns", {"member", "gamma[ky=0.2]", "gamma[ky=0.1]", "status"}},
                        {"rows", Json::array({row})}};
  artifact["statistics"] = {{"groups", groups}, {"members", members}};
  const Json band = figure_of(artifact, {}).at("panels").at(0);
  CHECK(band.at("kind") == "band");
  CHECK(band.at("at") == Json::array({0.1, 0.2}));
  CHECK(band.at("quantiles").at(0).at("values") == Json::array({0.1, 0.2}));
  const Json histogram = figure_of(artifact, {.x = "", .y = {"gamma[ky=0.2]"}, .units = {}}).at("panels").at(0);
  CHECK(histogram.at("values") == Json::array({0.2}));
  CHECK(histogram.at("note") == "1 members used, 2 failed");
}

TEST_CASE("a history is a line of medians for each arm, a panel for each class of host, with its steps named") {
  const auto runs = [](std::vector<double> medians) {
    Json list = Json::array();
    for (const double m : medians) list.push_back({{"taken", "2026-11-01"}, {"median_s", m}});
    return list;
  };
  const Json history = {
      {"schema", "assay/bench-history/v1"},
      {"series",
       {{{"arm", "old"}, {"host_class", "C"}, {"runs", runs({1.0, 1.1})}, {"steps", Json::array()}},
        {{"arm", "new"},
         {"host_class", "C"},
         {"runs", runs({2.0, 2.5, 2.6})},
         {"steps", {{{"run", 1}, {"ratio", 1.25}}}}},
        {{"arm", "new"}, {"host_class", "D"}, {"runs", runs({3.0})}, {"steps", Json::array()}}}}};
  const Json figure = figure_of(history, {});
  REQUIRE(figure["panels"].size() == 2);
  const Json& lines = figure["panels"][0]["lines"];
  REQUIRE(lines.size() == 2);
  CHECK(lines[1]["label"] == "new, 1.25x from run 1");
  CHECK(lines[1]["x"] == Json({0, 1, 2}));
  CHECK(lines[1]["y"] == Json({2.0, 2.5, 2.6}));
}
