// An earlier measurement as the reference: what may be concluded without pairs, and when nothing may.
// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/random.hpp"
#include "bench/rank.hpp"
#include "bench/report.hpp"

using namespace assay;
using namespace assay::bench;

namespace {

/// One arm, `seconds` long with noise of 1 %, growing by `drift` from the first sample to the last.
Measurement measured(double seconds, double drift = 0.0, std::uint64_t seed = 1) {
  Measurement m;
  m.design = {.arms = {{"solver", "./solver"}}, .blocks = 20, .looks = {}, .warmup = 0};
  m.tool = R"({"name": "assay", "version": "test"})";
  m.machine = {.cpu = "C",
               .kernel = "K",
               .governor = "performance",
               .turbo = "off",
               .smt = "off",
               .online_cores = 8,
               .usable_cores = 8,
               .quota_cores = 0.0};
  Random random(seed);
  for (int block = 0; block < 20; ++block) {
    Sample sample{.block = block, .position = 0, .arm = 0, .start_seconds = block * 1.0, .run = {}};
    sample.run.wall_seconds =
        seconds * (1.0 + drift * block / 19) * std::exp(0.01 * normal_quantile(random.uniform()));
    m.samples.all.push_back(sample);
  }
  m.samples.complete_blocks = 20;
  return m;
}

Measurement against(const Measurement& earlier, Measurement now) {
  now.baseline = baseline_of(earlier, now.design.arms, "earlier.json", std::string(64, 'a'));
  return now;
}

Comparison only(const Measurement& m) {
  const auto all = judge(m);
  REQUIRE(all.size() == 1);
  CHECK(all[0].gate == "bench.baseline");
  return all[0].comparison;
}

}  // namespace

TEST_CASE("an earlier report is a reference: slower, faster and the same are told apart") {
  CHECK(only(against(measured(1.0), measured(1.2, 0, 2))).verdict == Verdict::regressed);
  CHECK(only(against(measured(1.0), measured(0.8, 0, 3))).verdict == Verdict::improved);
  CHECK(only(against(measured(1.0), measured(1.0, 0, 4))).verdict == Verdict::equivalent);
}

TEST_CASE("another class of host decides nothing, and the difference is named") {
  auto now = measured(1.5, 0, 2);
  now.machine.usable_cores = 4;
  now.machine.governor = "powersave";
  const auto comparison = only(against(measured(1.0), now));
  CHECK(comparison.verdict == Verdict::inconclusive);
  REQUIRE(comparison.reasons.size() == 2);
  CHECK(comparison.reasons[0] == "another class of host: usable cores was 8, is 4");
  CHECK(comparison.reasons[1] == "another class of host: governor was performance, is powersave");
}

TEST_CASE("a kernel of another version is the same class of host") {
  auto now = measured(1.5, 0, 2);
  now.machine.kernel = "L";
  CHECK(only(against(measured(1.0), now)).verdict == Verdict::regressed);
}

TEST_CASE("drift on either side decides nothing without pairs") {
  CHECK(only(against(measured(1.0, 0.3), measured(1.5, 0, 2))).verdict == Verdict::inconclusive);
  CHECK(only(against(measured(1.0), measured(1.5, 0.3, 2))).verdict == Verdict::inconclusive);
}

TEST_CASE("a report with a baseline is rebuilt from itself alone, byte for byte") {
  const auto document = to_json(against(measured(1.0), measured(1.2, 0, 2)));
  const auto again = measurement_from(document, "now.json");
  CHECK(assay::to_text(to_json(again)) == assay::to_text(document));
  auto changed = document;
  changed["baseline"]["arms"][0]["wall_s"][3] = 9.0;
  CHECK(assay::to_text(to_json(measurement_from(changed, "now.json"))) != assay::to_text(changed));
}

TEST_CASE("an arm without earlier samples is an error that lists the arms there are") {
  auto now = measured(1.0);
  now.design.arms[0].name = "sovler";
  CHECK_THROWS_WITH(against(measured(1.0), now), Catch::Contains("no samples of an arm \"sovler\""));
}
