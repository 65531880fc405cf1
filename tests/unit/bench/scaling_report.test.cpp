// What a scaling measurement says follows from its samples; a speedup needs a gate, cores and blocks.
#include "bench/scaling_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace assay;
using namespace assay::bench;

namespace {

/// Serial 8 s; n workers 8 / n + 0.5 s; three tasks of 4, 3 and 1 s.
ScalingMeasurement synthetic(int blocks, std::vector<int> workers = {1, 2}) {
  ScalingDesign design{.arms = {{"warm", 0}}, .blocks = blocks};
  for (const int n : workers) design.arms.push_back({"warm", n});
  ScalingMeasurement m = measure_scaling(
      design,
      [](const ScalingArm& arm) {
        ScalingRun r{.wall_seconds = arm.workers == 0 ? 8.0 : 8.0 / arm.workers + 0.5, .cpu_seconds = 8.0};
        r.busiest_seconds = 4.0, r.task_seconds = {4.0, 3.0, 1.0}, r.results_sha256 = "same";
        return r;
      },
      {}, {});
  m.machine.usable_cores = 2;
  m.config_text = "{}", m.config_sha256 = std::string(64, 'a');
  m.gate = "gates/study.json", m.gated_workers = {1, 2};
  return m;
}

Json row(const ScalingMeasurement& m, std::size_t i) {
  return to_json(m).at("modes").at(0).at("rows").at(i);
}

}  // namespace

TEST_CASE("speedup is over the serial engine, efficiency and bound follow") {
  const Json two = row(synthetic(12), 1);
  CHECK(two.at("workers") == 2);
  CHECK(two.at("speedup").get<double>() == Approx(8.0 / 4.5));
  CHECK(two.at("speedup_over_one_worker").get<double>() == Approx(8.5 / 4.5));
  CHECK(two.at("efficiency").get<double>() == Approx(4.0 / 4.5));
  CHECK(two.at("balance_bound").get<double>() == Approx(2.0));
  CHECK(two.at("interval").at(0).get<double>() == Approx(8.0 / 4.5));
  CHECK(two.at("claim") == "supported");
}

TEST_CASE("a speedup without a gate, a core, enough blocks or equal results supports no claim") {
  ScalingMeasurement m = synthetic(12, {1, 2, 4});
  CHECK(row(m, 2).at("claim") == "unsupported");  // four workers: no gate, and beyond the cores
  CHECK(row(m, 2).at("oversubscribed") == true);
  m.gated_workers.insert(4);
  CHECK(row(m, 2).at("blockers").size() == 1);
  CHECK(row(m, 1).at("claim") == "supported");
  m.gate.clear();
  CHECK(row(m, 1).at("blockers").at(0) == "no identity gate was given (--gate FILE)");
  CHECK(row(synthetic(5), 1).at("claim") == "unsupported");
  m = synthetic(12);
  m.runs[1][3].results_sha256 = "other";
  CHECK_FALSE(m.identical());
  CHECK(row(m, 1).at("claim") == "unsupported");
}

TEST_CASE("a quota counts as cores do") {
  ScalingMeasurement m = synthetic(12);
  m.machine.usable_cores = 8, m.machine.quota_cores = 1.5;
  CHECK(row(m, 1).at("oversubscribed") == true);
}

TEST_CASE("a stored scaling gives its numbers again, and a changed sample gives others") {
  for (const bool gated : {true, false}) {
    ScalingMeasurement m = synthetic(12, {1, 2, 4});
    if (!gated) m.gate.clear();
    const Json stored = parse_json(to_text(to_json(m)), "stored");
    Json again = to_json(scaling_from(stored, "stored"));
    CHECK(again == stored);
    Json forged = stored;
    forged["raw_samples"][1]["wall_s"][3] = 7.0;
    forged["raw_samples"][1]["wall_s"][4] = 7.0;
    CHECK(to_json(scaling_from(forged, "forged")).at("modes") != stored.at("modes"));
    forged["raw_samples"][1]["wall_s"].erase(0);
    CHECK_THROWS_WITH(scaling_from(forged, "forged"),
                      Catch::Contains("/raw_samples/1/wall_s has another length"));
  }
}

TEST_CASE("every arm runs once before the blocks, and once in each") {
  int runs = 0;
  const auto count = [&runs](const ScalingArm&) {
    ++runs;
    return ScalingRun{.wall_seconds = 1.0};
  };
  const ScalingMeasurement m =
      measure_scaling({.arms = {{"warm", 0}, {"warm", 1}}, .blocks = 3}, count, {}, {});
  CHECK(runs == 8);
  CHECK(m.blocks == 3);
  CHECK_FALSE(m.identical());  // unknown results are not equal results
}

TEST_CASE("an interrupted block leaves no samples") {
  std::stop_source stop;
  int runs = 0;
  const auto run = [&](const ScalingArm&) {
    if (++runs == 5) stop.request_stop();
    return ScalingRun{.wall_seconds = 1.0};
  };
  ScalingMeasurement m =
      measure_scaling({.arms = {{"warm", 0}, {"warm", 1}}, .blocks = 9}, run, stop.get_token(), {});
  CHECK(m.interrupted);
  CHECK(m.blocks == 1);
  CHECK(m.runs[1].size() == 1);
}

TEST_CASE("the scaling table says what its document says") {
  const std::string text = scaling_text(to_json(synthetic(12, {1, 2, 4})));
  CHECK(text.find("1.778") != std::string::npos);
  CHECK(text.find("beyond the cores") != std::string::npos);
  CHECK(text.find("no fit: Amdahl's law needs 4 numbers of workers") != std::string::npos);
}
