#include "run/ensemble_statistics.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <numeric>

#include "plan/sampling_points.hpp"

using namespace assay;
using namespace assay::run;

namespace {

constexpr Bootstrap kNone{.resamples = 0};
constexpr double kMedian[] = {0.5};

/// A pick-freeze design of independent inputs, evaluated.
PickFreeze evaluate(const std::vector<plan::Distribution>& inputs, std::size_t samples, plan::Sampling sampling,
                    const std::function<double(const std::vector<double>&)>& y) {
  plan::SamplingDesign design{.sampling = sampling, .samples = samples, .sensitivities = true};
  for (std::size_t j = 0; j < inputs.size(); ++j) design.inputs.push_back({"x" + std::to_string(j), inputs[j]});
  const plan::SampledPoints points(design);
  const auto at = [&](std::size_t row) {
    std::vector<double> x;
    for (const auto& value : points.row(row)) x.push_back(as_real(value));
    return y(x);
  };
  PickFreeze rows{{}, {}, std::vector<std::vector<double>>(inputs.size())};
  for (std::size_t i = 0; i < samples; ++i) {
    rows.a.push_back(at(i));
    rows.b.push_back(at(samples + i));
    for (std::size_t j = 0; j < inputs.size(); ++j) rows.ab[j].push_back(at((2 + j) * samples + i));
  }
  return rows;
}

std::vector<double> gaussian_sample(std::uint64_t seed, std::size_t n, const plan::Distribution& distribution) {
  const plan::UnitSampler sampler(plan::Sampling::random, seed, n, 1);
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(as_real(distribution.at_probability(sampler.at(i, 0))));
  return values;
}

double sd(const std::vector<double>& x) {
  return std::sqrt(column_statistics(x, kMedian, kNone).variance.value);
}
double mean(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

}  // namespace

TEST_CASE("a pairwise sum keeps the small terms that a running sum loses") {
  const std::vector<double> tenths(1 << 20, 0.1);
  CHECK(std::fabs(pairwise_sum(tenths) - 104857.6) < 1e-10);
  CHECK(pairwise_sum({}) == 0.0);
}

TEST_CASE("statistics of four numbers, by hand") {
  const std::vector<double> x{4.0, 1.0, 3.0, 2.0};
  const double probabilities[] = {0.25, 0.5, 1.0 / 3.0};
  const Column column = column_statistics(x, probabilities, kNone);
  CHECK(column.mean.value == 2.5);
  CHECK(column.variance.value == Approx(5.0 / 3.0));
  CHECK(column.mean.standard_error == Approx(std::sqrt(5.0 / 12.0)));
  CHECK(column.quantiles[0].value == 1.75);
  CHECK(column.quantiles[1].value == 2.5);
  CHECK(column.quantiles[2].value == Approx(2.0));
  CHECK(column.min == 1.0);
  CHECK(column.max == 4.0);
  const std::vector<double> y{8.0, 2.0, 6.0, 4.0};
  CHECK(covariance(x, y).value == Approx(10.0 / 3.0));
  CHECK(correlation(x, y) == Approx(1.0));
}

TEST_CASE("two members give a mean and a variance") {
  const std::vector<double> x{1.0, 3.0};
  const Column column = column_statistics(x, kMedian, {.resamples = 50});
  CHECK(column.mean.value == 2.0);
  CHECK(column.variance.value == 2.0);
  CHECK(column.mean.interval.low >= 1.0);
  CHECK(column.mean.interval.high <= 3.0);
}

TEST_CASE("standard errors are what repetition shows") {
  for (const char* form : {"normal:1,2", "lognormal:1,0.4", "uniform:0,1"}) {
    const auto distribution = plan::Distribution::parse(form);
    constexpr std::size_t kRepeats = 600, kMembers = 200;
    std::vector<double> means, variances, medians, covariances, said_mean, said_variance, said_median,
        said_covariance;
    for (std::uint64_t seed = 0; seed < kRepeats; ++seed) {
      const auto x = gaussian_sample(seed, kMembers, distribution);
      const Column column = column_statistics(x, kMedian, kNone);
      means.push_back(column.mean.value);
      variances.push_back(column.variance.value);
      medians.push_back(column.quantiles[0].value);
      auto y = gaussian_sample(seed + kRepeats, kMembers, distribution);
      for (std::size_t i = 0; i < kMembers; ++i) y[i] += 0.5 * x[i];
      covariances.push_back(covariance(x, y).value);
      said_mean.push_back(column.mean.standard_error);
      said_variance.push_back(column.variance.standard_error);
      said_median.push_back(column.quantiles[0].standard_error);
      said_covariance.push_back(covariance(x, y).standard_error);
    }
    CAPTURE(form);
    CHECK(mean(said_mean) == Approx(sd(means)).epsilon(0.1));
    CHECK(mean(said_variance) == Approx(sd(variances)).epsilon(0.15));
    CHECK(mean(said_median) == Approx(sd(medians)).epsilon(0.15));
    CHECK(mean(said_covariance) == Approx(sd(covariances)).epsilon(0.15));
    CHECK(mean(variances) == Approx(distribution.sd() * distribution.sd()).epsilon(0.03));
  }
}

TEST_CASE("a bootstrap interval covers the truth about as often as it says") {
  const auto distribution = plan::Distribution::normal(0.0, 1.0);
  int mean_covered = 0, median_covered = 0;
  constexpr int kRepeats = 200;
  for (std::uint64_t seed = 0; seed < kRepeats; ++seed) {
    const auto x = gaussian_sample(seed, 60, distribution);
    const Column column = column_statistics(x, kMedian, {.resamples = 300, .seed = seed});
    const auto covers = [](const Interval& i) { return i.low <= 0.0 && 0.0 <= i.high; };
    mean_covered += covers(column.mean.interval);
    median_covered += covers(column.quantiles[0].interval);
  }
  CHECK(mean_covered >= kRepeats * 88 / 100);
  CHECK(mean_covered <= kRepeats * 99 / 100);
  CHECK(median_covered >= kRepeats * 86 / 100);
}

TEST_CASE("a resample draws n members and depends on seed and number alone") {
  const auto counts = resample_counts({.seed = 3}, 7, 101);
  CHECK(std::accumulate(counts.begin(), counts.end(), 0.0) == 101.0);
  CHECK(counts == resample_counts({.seed = 3}, 7, 101));
  CHECK(counts != resample_counts({.seed = 3}, 8, 101));
  CHECK(counts != resample_counts({.seed = 4}, 7, 101));
}

TEST_CASE("a quantile that the sample does not reach has no finite error") {
  const std::vector<double> x{1, 2, 3, 4, 5};
  CHECK(std::isinf(quantile_error(x, 0.01)));
  CHECK(std::isfinite(quantile_error(x, 0.5)));
}

TEST_CASE("Ishigami's function has its published first-order and total indices") {
  const auto angle = plan::Distribution::uniform(-M_PI, M_PI);
  const auto ishigami = [](const std::vector<double>& x) {
    return std::sin(x[0]) + 7.0 * std::pow(std::sin(x[1]), 2) + 0.1 * std::pow(x[2], 4) * std::sin(x[0]);
  };
  const double first[] = {0.3139, 0.4424, 0.0}, total[] = {0.5576, 0.4424, 0.2437};
  for (const auto& [sampling, samples, tolerance] :
       {std::tuple{plan::Sampling::sobol, std::size_t{4096}, 0.015},
        std::tuple{plan::Sampling::latin_hypercube, std::size_t{8192}, 0.05},
        std::tuple{plan::Sampling::random, std::size_t{8192}, 0.05}}) {
    const auto found =
        sensitivities(evaluate({angle, angle, angle}, samples, sampling, ishigami), {.resamples = 100});
    for (std::size_t j = 0; j < 3; ++j) {
      CAPTURE(plan::name_of(sampling), j);
      CHECK(found[j].first_order.value == Approx(first[j]).margin(tolerance));
      CHECK(found[j].total.value == Approx(total[j]).margin(tolerance));
      CHECK(found[j].first_order.interval.low < first[j]);
      CHECK(found[j].first_order.interval.high > first[j]);
      CHECK(found[j].first_order.standard_error > 0.0);
    }
  }
}

TEST_CASE("a sum of independent inputs splits its variance among them, whatever its offset") {
  const std::vector<plan::Distribution> inputs{plan::Distribution::normal(1.0, 1.0),
                                               plan::Distribution::normal(0.0, 2.0),
                                               plan::Distribution::parse("discrete:0,1")};
  for (const double offset : {0.0, 1e6}) {
    const auto rows = evaluate(inputs, 4096, plan::Sampling::sobol, [offset](const std::vector<double>& x) {
      return offset + x[0] + x[1] + 4.0 * x[2];
    });
    const auto found = sensitivities(rows, kNone);
    const double shares[] = {1.0 / 9, 4.0 / 9, 4.0 / 9};
    for (std::size_t j = 0; j < 3; ++j) {
      CAPTURE(offset, j);
      CHECK(found[j].first_order.value == Approx(shares[j]).margin(0.02));
      CHECK(found[j].total.value == Approx(shares[j]).margin(0.02));
    }
  }
}

TEST_CASE("a constant has no shares and no correlation, and no members give no number") {
  const auto rows = evaluate({plan::Distribution::uniform(0, 1)}, 64, plan::Sampling::sobol,
                             [](const std::vector<double>&) { return 0.1; });
  CHECK(std::isnan(sensitivities(rows, {.resamples = 20})[0].first_order.value));
  CHECK(std::isnan(sensitivities({{}, {}, {{}}}, {.resamples = 20})[0].total.value));
  const std::vector<double> constant(10, 0.1), rising{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  CHECK(std::isnan(correlation(constant, rising)));
}
