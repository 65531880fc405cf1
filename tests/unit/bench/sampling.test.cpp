#include "bench/sampling.hpp"

#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/random.hpp"
#include "bench/rank.hpp"
#include "bench/report.hpp"
#include "core/error.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using namespace assay::bench;

namespace {

Design two_arms(int blocks) {
  return {.arms = {{"a", "old"}, {"b", "new"}}, .blocks = blocks, .seed = 7};
}

/// Arm a takes a second, arm b `ratio` seconds, both with noise.
Runner mock(double ratio, double spread) {
  return [random = Random(3), ratio, spread](const Arm& arm) mutable {
    RunResult r;
    r.wall_seconds = (arm.name == "a" ? 1.0 : ratio) * std::exp(spread * normal_quantile(random.uniform()));
    r.max_rss_kib = 2048;
    return r;
  };
}

Measurement measured(const Design& design, const Runner& runner) {
  Measurement m{.design = design};
  m.tool = R"({"name": "assay", "version": "test"})";
  m.samples = take_samples(design, runner, {}, {});
  return m;
}

}  // namespace

TEST_CASE("orders are balanced, random and the same for the same seed") {
  const auto orders = block_orders(2, 20, 5);
  int first_a = 0;
  for (const auto& order : orders) first_a += order[0] == 0;
  CHECK(first_a == 10);
  CHECK(orders == block_orders(2, 20, 5));
  CHECK(orders != block_orders(2, 20, 6));
  for (const auto& order : block_orders(4, 30, 1)) {
    std::vector<int> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted == std::vector<int>{0, 1, 2, 3});
  }
}

TEST_CASE("every arm runs once a block, warm-ups are kept apart") {
  Design design = two_arms(8);
  design.warmup = 2;
  const Samples s = take_samples(design, mock(1.0, 0.01), {}, {});
  CHECK(s.all.size() == 4 + 16);
  CHECK(s.complete_blocks == 8);
  CHECK(s.wall(0).size() == 8);
  CHECK(s.all[0].block == -1);
  for (int block = 0; block < 8; ++block) {
    CHECK(s.all[static_cast<std::size_t>(4 + 2 * block)].arm +
              s.all[static_cast<std::size_t>(5 + 2 * block)].arm ==
          1);
  }
}

TEST_CASE("a failed run ends everything; an interrupt keeps what is complete") {
  int runs = 0;
  const Runner fails = [&](const Arm&) {
    RunResult r{.wall_seconds = 1.0};
    r.exit_code = ++runs == 5 ? 3 : 0;
    return r;
  };
  CHECK_THROWS_WITH(take_samples(two_arms(8), fails, {}, {}), Catch::Contains("exit status 3"));
  std::stop_source stop;
  runs = 0;
  const Runner stopped = [&](const Arm&) {
    if (++runs == 9) stop.request_stop();
    return RunResult{.wall_seconds = 1.0};
  };
  const Samples s = take_samples(two_arms(8), stopped, stop.get_token(), {});
  CHECK(s.interrupted);
  CHECK(s.complete_blocks == 3);
  CHECK(s.wall(0).size() == 3);
}

TEST_CASE("declared looks end a clear run early, and only there") {
  Design design = two_arms(40);
  design.looks = {10, 20, 40};
  std::vector<int> asked;
  const auto always = [&](int done, const std::vector<Sample>&) {
    asked.push_back(done);
    return true;
  };
  CHECK(take_samples(design, mock(2.0, 0.01), {}, always).complete_blocks == 10);
  design.looks.clear();
  CHECK(take_samples(design, mock(2.0, 0.01), {}, always).complete_blocks == 40);
}

TEST_CASE("a report is rebuilt byte for byte from its own text") {
  for (const double ratio : {0.8, 1.0, 1.3}) {
    const Measurement m = measured(two_arms(20), mock(ratio, 0.02));
    const std::string text = to_text(to_json(m), 2);
    const Measurement again = measurement_from(parse_json(text, "stored.json"), "stored.json");
    CHECK(to_text(to_json(again), 2) == text);
    CHECK(judge(again).at(0).comparison.verdict == judge(m).at(0).comparison.verdict);
  }
  CHECK(judge(measured(two_arms(20), mock(1.3, 0.02))).at(0).comparison.verdict == Verdict::regressed);
  CHECK(judge(measured(two_arms(20), mock(0.8, 0.02))).at(0).comparison.verdict == Verdict::improved);
  CHECK(judge(measured(two_arms(20), mock(1.0, 0.01))).at(0).comparison.verdict == Verdict::equivalent);
  CHECK(judge(measured(two_arms(5), mock(9.0, 0.01))).at(0).comparison.verdict == Verdict::inconclusive);
}

TEST_CASE("damaged reports are errors") {
  const Json good = to_json(measured(two_arms(8), mock(1.0, 0.01)));
  for (const char* key : {"config", "raw_samples", "provenance"}) {
    Json bad = good;
    bad.erase(key);
    CHECK_THROWS_AS(measurement_from(bad, "x.json"), UserError);
  }
  Json shorter = good;
  shorter["raw_samples"]["wall_s"].erase(0);
  CHECK_THROWS_WITH(measurement_from(shorter, "x.json"), Catch::Contains("wall_s"));
  Json stranger = good;
  stranger["raw_samples"]["arm"][0] = 7;
  CHECK_THROWS_AS(measurement_from(stranger, "x.json"), UserError);
}

TEST_CASE("commands are split at blanks, or handed to a shell when they need one") {
  CHECK(parse_command("sleep  0.1").arguments == std::vector<std::string>{"sleep", "0.1"});
  CHECK_FALSE(parse_command("sleep 0.1").by_shell);
  CHECK(parse_command("echo 'a b' | wc").by_shell);
  CHECK(parse_command("OMP_NUM_THREADS=4 ./solver").by_shell);
  CHECK_THROWS_AS(parse_command("  "), UserError);
}

TEST_CASE("a command's time, end and use of the machine are seen") {
  const RunResult slept = run_command(parse_command("sleep 0.2"), {});
  CHECK(slept.ok());
  CHECK(slept.wall_seconds >= 0.2);
  CHECK(slept.wall_seconds < 2.0);
  CHECK(slept.user_seconds + slept.system_seconds < 0.1);
  CHECK(run_command(parse_command("exit 3;"), {}).exit_code == 3);
  CHECK(run_command(parse_command("kill -9 $$"), {}).signal == SIGKILL);
  const test::TemporaryFolder folder;
  RunOptions to_file;
  to_file.output = folder / "out.txt";
  CHECK(run_command(parse_command("printf hello"), to_file).ok());
  CHECK(test::slurp(folder / "out.txt") == "hello");
  CHECK_THROWS_AS(run_command(parse_command("no-such-program-anywhere"), {}), EnvironmentError);
}

TEST_CASE("a run that takes too long, or is interrupted, ends with all its children") {
  RunOptions options;
  options.timeout_seconds = 0.2;
  const RunResult late = run_command(parse_command("sleep 30 & sleep 30; true"), options);
  CHECK(late.timed_out);
  CHECK_FALSE(late.ok());
  CHECK(late.wall_seconds < 3.0);
  std::stop_source stop;
  RunOptions interruptible;
  interruptible.stop = stop.get_token();
  std::jthread interrupter([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    stop.request_stop();
  });
  const RunResult cut = run_command(parse_command("sleep 30"), interruptible);
  CHECK(cut.interrupted);
  CHECK(cut.wall_seconds < 3.0);
}
