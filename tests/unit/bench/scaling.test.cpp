#include "bench/scaling.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "bench/random.hpp"

using namespace assay::bench;

namespace {

ScalingInput usl_data(double sigma, double kappa, double spread,
                      std::vector<int> workers = {1, 2, 3, 4, 6, 8, 12, 16}) {
  ScalingInput input;
  input.usable_cores = 64;
  Random random(17);
  for (const int n : workers) {
    ScalingPoint p{.workers = n};
    const double exact = 10.0 * (1 + sigma * (n - 1) + kappa * n * (n - 1)) / n;
    for (int block = 0; block < 12; ++block) {
      p.seconds.push_back(exact * std::exp(spread * normal_quantile(random.uniform())));
    }
    input.points.push_back(std::move(p));
  }
  return input;
}

}  // namespace

TEST_CASE("exact data give their own parameters back") {
  const ScalingReport amdahl = analyse_scaling(usl_data(0.08, 0.0, 0.0));
  REQUIRE(amdahl.amdahl);
  CHECK(amdahl.amdahl->sigma == Approx(0.08).epsilon(1e-6));
  CHECK(amdahl.amdahl->one_worker_seconds == Approx(10.0).epsilon(1e-6));
  CHECK(amdahl.preferred == "amdahl");
  const ScalingReport usl = analyse_scaling(usl_data(0.03, 0.002, 0.0));
  REQUIRE(usl.usl);
  CHECK(usl.usl->sigma == Approx(0.03).epsilon(1e-5));
  CHECK(usl.usl->kappa == Approx(0.002).epsilon(1e-5));
  CHECK(*usl.usl->peak_workers == Approx(std::sqrt(0.97 / 0.002)).epsilon(1e-4));
  CHECK(usl.preferred == "usl");
  CHECK(usl.usl->rms_error < 1e-6);
}

TEST_CASE("noisy data cover the truth, and the simpler law stands unless the other is certain") {
  const ScalingReport r = analyse_scaling(usl_data(0.05, 0.0, 0.02));
  REQUIRE(r.usl);
  CHECK(r.amdahl->sigma_interval.low < 0.05);
  CHECK(r.amdahl->sigma_interval.high > 0.05);
  CHECK(r.preferred == "amdahl");
  const ScalingReport again = analyse_scaling(usl_data(0.05, 0.0, 0.02));
  CHECK(again.amdahl->sigma_interval.low == r.amdahl->sigma_interval.low);
  CHECK(analyse_scaling(usl_data(0.02, 0.004, 0.02)).preferred == "usl");
}

TEST_CASE("speedup, efficiency and the experimental serial fraction are those of the definitions") {
  ScalingInput input = usl_data(0.1, 0.0, 0.0, {4, 1, 2});
  input.serial_seconds.assign(12, 8.0);
  const ScalingReport r = analyse_scaling(input);
  CHECK(r.rows[2].workers == 4);
  CHECK(r.rows[2].speedup_over_one == Approx(4 / 1.3));
  CHECK(*r.rows[2].speedup_over_serial == Approx(0.8 * 4 / 1.3));
  CHECK(r.rows[2].efficiency == Approx(0.8 / 1.3));
  CHECK(*r.rows[2].karp_flatt == Approx(0.1));
  CHECK_FALSE(r.rows[0].karp_flatt);
  CHECK(r.rows[2].speedup_interval->low == Approx(0.8 * 4 / 1.3));
}

TEST_CASE("fits are refused where the points cannot carry them") {
  CHECK_FALSE(analyse_scaling(usl_data(0.1, 0.0, 0.01, {1, 2, 4})).amdahl);
  const ScalingReport five = analyse_scaling(usl_data(0.1, 0.0, 0.01, {1, 2, 3, 4, 8}));
  CHECK(five.amdahl);
  CHECK_FALSE(five.usl);
  CHECK(analyse_scaling(usl_data(0.1, 0.0, 0.01, {2, 3, 4, 8, 16, 32})).refusals.size() == 1);
  ScalingInput small = usl_data(0.1, 0.0, 0.01);
  small.usable_cores = 4;
  const ScalingReport r = analyse_scaling(small);
  CHECK(r.rows.back().oversubscribed);
  CHECK_FALSE(r.usl);
  CHECK(r.amdahl->largest_measured == 4);
  CHECK(r.amdahl->seconds_at(8.0));
  CHECK_FALSE(r.amdahl->seconds_at(9.0));
  small.points[0].seconds.resize(5);
  CHECK_FALSE(analyse_scaling(small).amdahl);
  CHECK(analyse_scaling({}).rows.empty());
}

TEST_CASE("indivisible tasks bound the speedup") {
  CHECK(balance_bound(6, 4) == 3.0);
  CHECK(balance_bound(64, 8) == 8.0);
  CHECK(balance_bound(1, 8) == 1.0);
  CHECK(balance_bound(std::vector<double>(6, 1.0), 4) == Approx(3.0));
  CHECK(balance_bound(std::vector<double>{8, 1, 1, 1, 1}, 4) == Approx(12.0 / 8));
  CHECK(balance_bound(std::vector<double>{3, 3, 3}, 2) == Approx(9.0 / 6));
}
