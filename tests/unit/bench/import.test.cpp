// Files as hyperfine, Google Benchmark and nvbench write them, and files from which nothing may be taken.
// SPDX-License-Identifier: MIT
#include "bench/import.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "bench/report.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using namespace assay::bench;
using Catch::Contains;

namespace {

Measurement imported(const std::string& text, const std::filesystem::path& file = "other.json") {
  auto m = import_measurement(file, text);
  m.tool = R"({"name": "assay", "version": "test"})";
  return m;
}

const std::string kHyperfine =
    R"({"results": [{"command": "./a", "mean": 2.0, "times": [1.0, 2.0, 3.0], "exit_codes": [0, 0, 0]},
                    {"command": "./b", "mean": 5.0, "times": [4.0, 6.0], "exit_codes": [0, 0]}]})";

}  // namespace

TEST_CASE("hyperfine: a command is an arm, all its times are kept, and nothing was paired") {
  const auto m = imported(kHyperfine);
  REQUIRE(m.design.arms.size() == 2);
  CHECK(m.design.arms[1].command == "./b");
  CHECK(m.samples.wall(0) == std::vector<double>{1.0, 2.0, 3.0});
  CHECK(m.samples.wall(1) == std::vector<double>{4.0, 6.0});
  CHECK(judge(m).empty());
  CHECK(m.design.imported->format == "hyperfine");
}

TEST_CASE("an imported report is rebuilt byte for byte, without inventing what the other tool did not say") {
  const auto document = to_json(imported(kHyperfine));
  CHECK_FALSE(document["raw_samples"].contains("user_s"));
  CHECK(document["measurements"][0]["max_rss_kib"].is_null());
  CHECK(assay::to_text(to_json(measurement_from(document, "stored"))) == assay::to_text(document));
}

TEST_CASE("Google Benchmark: repetitions are samples in seconds, aggregates are left out") {
  const auto m = imported(
      R"({"context": {"num_cpus": 8, "cpu_scaling_enabled": true}, "benchmarks": [
      {"name": "f/8", "run_name": "f/8", "run_type": "iteration", "real_time": 12.5, "time_unit": "ns"},
      {"name": "g", "run_name": "g", "run_type": "iteration", "real_time": 3.0, "time_unit": "us"},
      {"name": "f/8", "run_name": "f/8", "run_type": "iteration", "real_time": 13.5, "time_unit": "ns"},
      {"name": "f/8_mean", "run_name": "f/8", "run_type": "aggregate", "real_time": 13, "time_unit": "ns"}]})");
  REQUIRE(m.design.arms.size() == 2);
  CHECK(m.samples.wall(0)[1] == Approx(13.5e-9));
  CHECK(m.samples.wall(0).size() == 2);
  CHECK(m.samples.wall(1)[0] == Approx(3e-6));
  CHECK(m.machine.online_cores == 8);
  CHECK(m.machine.governor == "scaling");
}

TEST_CASE("nvbench: a state is an arm, its samples stand in a file beside the JSON") {
  const test::TemporaryFolder folder;
  const std::string json =
      R"({"benchmarks": [{"name": "sum", "states": [
      {"name": "N=8", "is_skipped": false, "summaries": [{"tag": "nv/json/bin:nv/cold/sample_times", "data": [
        {"name": "filename", "type": "string", "value": "r.json-bin/0.bin"},
        {"name": "size", "type": "int64", "value": "3"}]}]},
      {"name": "N=9", "is_skipped": true}]}]})";
  const std::array<float, 3> times{1e-3F, 2e-3F, 3e-3F};
  std::filesystem::create_directory(folder / "r.json-bin");
  test::spill(folder / "r.json-bin" / "0.bin",
              std::string(reinterpret_cast<const char*>(times.data()), sizeof times));
  const auto m = imported(json, folder / "r.json");
  REQUIRE(m.design.arms.size() == 1);
  CHECK(m.design.arms[0].name == "sum N=8");
  CHECK(m.samples.wall(0) == std::vector<double>(times.begin(), times.end()));
  test::spill(folder / "r.json-bin" / "0.bin", "cut");
  CHECK_THROWS_WITH(imported(json, folder / "r.json"), Contains("3 bytes are not 3 samples"));
  std::filesystem::remove_all(folder / "r.json-bin");
  CHECK_THROWS_WITH(imported(json, folder / "r.json"), Contains("are not there"));
}

TEST_CASE("from means alone, failed runs or damage nothing is taken") {
  CHECK_THROWS_WITH(imported(R"({"results": [{"command": "a", "mean": 1.0}]})"), Contains("no \"times\""));
  CHECK_THROWS_WITH(imported(R"({"results": [{"command": "a", "times": [1], "exit_codes": [1]}]})"),
                    Contains("failed"));
  CHECK_THROWS_WITH(imported(R"({"results": [{"command": "a", "times": [1, 0]}]})"), Contains("no time"));
  CHECK_THROWS_WITH(imported(R"({"results": [{"command": "a", "times": ["x"]}]})"),
                    Contains("not as its tool"));
  CHECK_THROWS_WITH(imported(R"({"results": []})"), Contains("no sample"));
  CHECK_THROWS_WITH(
      imported(R"({"benchmarks": [{"name": "a_mean", "run_type": "aggregate", "real_time": 1}]})"),
      Contains("aggregates only"));
  CHECK_THROWS_WITH(imported(R"({"benchmarks": [{"name": "a", "real_time": 1, "time_unit": "days"}]})"),
                    Contains("days"));
  CHECK_THROWS_WITH(imported(R"([1, 2])"), Contains("no measurement that is known"));
}
