// Where a kernel stands follows from the samples alone; the measurement keeps every sample.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "bench/roofline.hpp"
#include "core/error.hpp"

using namespace assay;
using namespace assay::bench;

namespace {

const std::vector<MemoryLevel> levels{{"L1", 1000, 600}, {"L2", 100000, 60000}, {"memory", 0, 1000000}};

RooflineSubject subject(Role role, double operations, double bytes, std::size_t working_set) {
  return {.role = role,
          .name = "test.subject",
          .tier = "host",
          .operations = operations,
          .bytes = bytes,
          .working_set = working_set,
          .run = [] {}};
}

/// A machine of 100 operations and 10 bytes (L2) a second in even blocks, half of that in odd ones.
Roofline synthetic(int blocks, double operations, double bytes, double seconds) {
  Roofline r{.levels = levels, .blocks = blocks};
  r.subjects = {subject(Role::peak, 100, 0, 10), subject(Role::stream, 0, 10, 60000),
                subject(Role::stream, 0, 5, 60000), subject(Role::kernel, operations, bytes, 50000)};
  r.repeats = {1, 1, 1, 1};
  for (int b = 0; b < blocks; ++b) {
    const double slow = b % 2 == 0 ? 1.0 : 2.0;
    const double took[] = {1.0, 1.0, 1.0, seconds};
    r.cpu_seconds.resize(4), r.wall_seconds.resize(4);
    for (int s = 0; s < 4; ++s) r.cpu_seconds[s].push_back(slow * took[s]);
    r.wall_seconds = r.cpu_seconds;
  }
  return r;
}

}  // namespace

TEST_CASE("a working set belongs to the smallest level that holds it") {
  CHECK(level_of(levels, 1000) == 0);
  CHECK(level_of(levels, 1001) == 1);
  CHECK(level_of(levels, 100001) == 2);
  const auto here = memory_levels(std::size_t{1} << 26);
  REQUIRE(!here.empty());
  CHECK(here.back().name == "memory");
  CHECK(here.back().measured_with <= std::size_t{1} << 26);
  for (std::size_t i = 0; i + 1 < here.size(); ++i) {
    CHECK(here[i].measured_with <= here[i].bytes);
    if (i > 0) CHECK(here[i].measured_with > here[i - 1].bytes);
  }
}

TEST_CASE("a slow moment slows kernel and limit alike") {
  const Standing s = standing_of(synthetic(12, 300, 10, 4.0), 3);  // 3 s of arithmetic, 1 s of bytes
  CHECK(s.bound == "arithmetic");
  CHECK(s.fraction == Approx(0.75));
  REQUIRE(s.interval);
  CHECK(s.interval->low == Approx(0.75));
  CHECK(s.interval->high == Approx(0.75));
}

TEST_CASE("bytes limit where they take longer; the faster stream counts") {
  const Standing s =
      standing_of(synthetic(12, 100, 40, 8.0), 3);  // 1 s of arithmetic, 4 s of bytes at 10 a second
  CHECK(s.bound == "L2");
  CHECK(s.fraction == Approx(0.5));
  CHECK(s.limit_s == Approx(6.0));  // the median of 4 and 8
}

TEST_CASE("five blocks give no interval") {
  CHECK_FALSE(standing_of(synthetic(5, 300, 10, 4.0), 3).interval);
  CHECK(standing_of(synthetic(6, 300, 10, 4.0), 3).interval);
}

TEST_CASE("a level without a stream, or no peak, is an error") {
  Roofline r = synthetic(6, 300, 10, 4.0);
  r.subjects[3].working_set = 10;
  CHECK_THROWS_AS(standing_of(r, 3), UserError);
  r = synthetic(6, 300, 10, 4.0);
  r.subjects[0].role = Role::stream;
  CHECK_THROWS_AS(standing_of(r, 3), UserError);
}

TEST_CASE("every block has one sample of each subject, taken by running it") {
  int runs = 0, ticks = 0;
  auto counted = subject(Role::peak, 1, 0, 10);
  counted.run = [&runs] { ++runs; };
  auto other = subject(Role::stream, 0, 1, 10);
  const Roofline r = measure_roofline({counted, other}, levels, {.blocks = 4, .seconds_per_sample = 1e-6}, {},
                                      [&ticks] { ++ticks; });
  CHECK(r.blocks == 4);
  CHECK(ticks == 4);
  CHECK(runs >= 4 * r.repeats[0]);
  CHECK(r.cpu_seconds[0].size() == 4);
  CHECK(r.wall_seconds[1].size() == 4);
}

TEST_CASE("a stop request ends before the next sample") {
  std::stop_source stop;
  stop.request_stop();
  const Roofline r = measure_roofline({subject(Role::peak, 1, 0, 10)}, levels,
                                      {.blocks = 4, .seconds_per_sample = 1e-6}, stop.get_token(), {});
  CHECK(r.interrupted);
  CHECK(r.blocks == 0);
  CHECK(to_json(r).at("measurements").size() == 1);
}

TEST_CASE("the table says what the document says") {
  const Json d = to_json(synthetic(12, 300, 10, 4.0));
  const Json& kernel = d.at("measurements").at(3);
  CHECK(kernel.at("limit").at("fraction").get<double>() == Approx(0.75));
  CHECK(kernel.at("samples").at("cpu_s").size() == 12);
  const std::string text = roofline_text(d);
  CHECK(text.find("75.0 %") != std::string::npos);
  CHECK(text.find("[75.0, 75.0]") != std::string::npos);
}
