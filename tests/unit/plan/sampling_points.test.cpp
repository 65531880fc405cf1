#include "plan/sampling_points.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace assay;
using namespace assay::plan;

namespace {

SamplingDesign two_inputs(Sampling sampling = Sampling::sobol) {
  return {.inputs = {{"a", Distribution::normal(2.0, 0.5)}, {"b", Distribution::uniform(-1.0, 1.0)}},
          .sampling = sampling,
          .seed = 4,
          .samples = 16};
}

/// Correlation of two columns of the members.
double correlation_of(const SampledPoints& points, std::size_t i, std::size_t j, bool log_values = false) {
  const auto n = static_cast<double>(points.design().samples);
  double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t k = 0; k < points.design().samples; ++k) {
    const auto row = points.row(k);
    double a = as_real(row[i]), b = as_real(row[j]);
    if (log_values) a = std::log(a), b = std::log(b);
    x += a, y += b, xx += a * a, yy += b * b, xy += a * b;
  }
  return (xy - x * y / n) / std::sqrt((xx - x * x / n) * (yy - y * y / n));
}

}  // namespace

TEST_CASE("each member runs at every inner point, the inner point fastest") {
  const SampledPoints points(two_inputs(), Points({{{Axis::parse("ky", "1:3")}}}));
  REQUIRE(points.size() == 48);
  CHECK(points.names() == std::vector<std::string>{"a", "b", "ky"});
  const Point fourth = points.at(4), fifth = points.at(5);
  CHECK(fourth[2] == std::pair<std::string, Value>{"ky", std::int64_t{2}});
  CHECK(fourth[0] == fifth[0]);
  CHECK(fourth[0] != points.at(6)[0]);
  CHECK(points.distinct());
}

TEST_CASE("the pick-freeze design: members first, then B, then A with one input of B") {
  SamplingDesign design = two_inputs();
  const SampledPoints plain(design);
  design.sensitivities = true;
  const SampledPoints points(design);
  REQUIRE(points.rows() == 16 * 4);
  for (std::size_t i = 0; i < 16; ++i) {
    const auto a = points.row(i), b = points.row(16 + i), ab0 = points.row(32 + i), ab1 = points.row(48 + i);
    CHECK(a == plain.row(i));
    CHECK(a[0] != b[0]);
    CHECK(ab0 == std::vector<Value>{b[0], a[1]});
    CHECK(ab1 == std::vector<Value>{a[0], b[1]});
  }
}

TEST_CASE("points may repeat only where a discrete input lets them") {
  SamplingDesign design = two_inputs();
  design.inputs[1].distribution = Distribution::parse("discrete:1,2");
  CHECK(SampledPoints(design).distinct());
  design.sensitivities = true;  // replacing the discrete input may replace it by the same value
  CHECK_FALSE(SampledPoints(design).distinct());
  design.inputs.erase(design.inputs.begin());
  CHECK_FALSE(SampledPoints(design).distinct());
}

TEST_CASE("correlations of the inputs are those asked for, and the marginals stay") {
  for (const auto sampling : {Sampling::sobol, Sampling::latin_hypercube, Sampling::random}) {
    SamplingDesign design{.inputs = {{"a", Distribution::normal(2.0, 0.5)},
                                     {"b", Distribution::normal(-1.0, 0.1)},
                                     {"c", Distribution::lognormal(0.01, 0.5)},
                                     {"d", Distribution::uniform(0.0, 1.0)}},
                          .correlation = {{"b", "a", 0.6, {}}, {"b", "c", -0.5, {}}},
                          .sampling = sampling,
                          .seed = 2,
                          .samples = 4096};
    const SampledPoints points(design);
    CAPTURE(name_of(sampling));
    CHECK(correlation_of(points, 0, 1) == Approx(0.6).margin(0.05));
    double sum = 0.0;
    for (std::size_t i = 0; i < 4096; ++i) sum += as_real(points.row(i)[1]);
    CHECK(sum / 4096 == Approx(-1.0).margin(0.1 * 4 / 64));
    CHECK(correlation_of(points, 0, 2) == Approx(0.0).margin(0.07));
    CHECK(correlation_of(points, 0, 3) == Approx(0.0).margin(0.07));
  }
}

TEST_CASE("two lognormals are correlated in their logarithms") {
  const SampledPoints points(
      {.inputs = {{"a", Distribution::lognormal(1, 0.5)}, {"b", Distribution::lognormal(2, 1)}},
       .correlation = {{"a", "b", 0.8, {}}},
       .samples = 4096});
  CHECK(correlation_of(points, 0, 1, true) == Approx(0.8).margin(0.02));
}

TEST_CASE("impossible correlations are refused and named") {
  const std::vector<std::string> names{"a", "b", "c"};
  CHECK_THROWS_WITH(
      Correlation(names, {{"a", "b", 0.9, {}}, {"b", "c", 0.9, {}}, {"a", "c", -0.9, {}}}),
      Catch::Contains("\"a,c\" = -0.9 cannot hold together with") && Catch::Contains("\"a,b\" = 0.9"));
  CHECK_THROWS_WITH(Correlation(names, {{"a", "x", 0.1, {}}}), Catch::Contains("\"x\", which is no input"));
  CHECK_THROWS_WITH(Correlation(names, {{"a", "b", 1.0, {}}}), Catch::Contains("between -1 and 1"));
  CHECK_THROWS_WITH(Correlation(names, {{"a", "b", NAN, {}}}), Catch::Contains("between -1 and 1"));
  CHECK_THROWS_WITH(Correlation(names, {{"a", "a", 0.5, {}}}), Catch::Contains("twice"));
  CHECK_THROWS_WITH(Correlation(names, {{"a", "b", 0.1, {}}, {"b", "a", 0.1, {}}}),
                    Catch::Contains("given twice"));
  CHECK_NOTHROW(Correlation(names, {{"a", "b", 0.9, {}}, {"b", "c", 0.9, {}}, {"a", "c", 0.7, {}}}));
}

TEST_CASE("designs that make no sense are refused with advice") {
  SamplingDesign design = two_inputs();
  CHECK_THROWS_WITH(SampledPoints(design, Points({{{Axis::parse("a", "1:3")}}})),
                    Catch::Contains("sampled and scanned"));
  design.correlation = {{"a", "b", 0.5, {}}};
  design.sensitivities = true;
  CHECK_THROWS_WITH(SampledPoints(design), Catch::Contains("independent inputs"));
  design = two_inputs();
  design.samples = 0;
  CHECK_THROWS_AS(SampledPoints(design), UserError);
  design.samples = 200'000'000;
  CHECK_THROWS_WITH(SampledPoints(design), Catch::Contains("1e8"));
  design = two_inputs();
  design.inputs[1].name = "a";
  CHECK_THROWS_WITH(SampledPoints(design), Catch::Contains("given twice"));
  CHECK_THROWS_WITH(SampledPoints({}), Catch::Contains("no uncertain input"));
}
