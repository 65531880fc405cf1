#include <catch2/catch.hpp>
#include <cmath>

#include "plan/distribution.hpp"
#include "plan/normal_quantile.hpp"

using namespace assay;
using namespace assay::plan;

namespace {

double at(const Distribution& d, double u) {
  return as_real(d.at_probability(u));
}

struct Moments {
  double mean, sd;
};

/// Moments by the midpoint rule over the inverse distribution function: the integral of x(u)^k over (0, 1).
Moments moments(const Distribution& d) {
  constexpr int kCells = 200000;
  double sum = 0.0, squares = 0.0;
  for (int i = 0; i < kCells; ++i) sum += at(d, (i + 0.5) / kCells);
  for (int i = 0; i < kCells; ++i) squares += std::pow(at(d, (i + 0.5) / kCells) - sum / kCells, 2);
  return {sum / kCells, std::sqrt(squares / kCells)};
}

Distribution from_toml(const std::string& toml) {
  Config config = Config::from_text("[in.x]\n" + toml, "t.toml");
  Distribution d = Distribution::read(config, "in.x");
  config.reject_unknown();
  return d;
}

}  // namespace

TEST_CASE("mean and sd of each distribution are those of its samples") {
  const char* forms[] = {
      "uniform:-1,3",       "normal:2.49,10%",     "truncated-normal:1,0.5,2", "truncated-normal:0,1,-0.5,3",
      "lognormal:0.01,0.5", "lognormal:2,0.3,1.5", "truncated-normal:0,1,6,9", "discrete:1@1,2@2,5@1",
      "discrete:0.5"};
  for (const char* form : forms) {
    CAPTURE(form);
    const Distribution d = Distribution::parse(form);
    const Moments m = moments(d);
    CHECK(d.mean() == Approx(m.mean).epsilon(2e-4));
    CHECK(d.sd() == Approx(m.sd).epsilon(2e-3).margin(1e-12));
  }
}

TEST_CASE("textbook values: half-normal, uniform, lognormal") {
  const Distribution half = Distribution::normal(0.0, 1.0, {.min = 0.0});
  CHECK(half.mean() == Approx(std::sqrt(2.0 / M_PI)));
  CHECK(half.sd() == Approx(std::sqrt(1.0 - 2.0 / M_PI)));
  CHECK(at(half, 0.5) == Approx(0.6744897501960817));
  CHECK(Distribution::lognormal(1.0, 1.0).mean() == Approx(std::exp(0.5)));
  CHECK(at(Distribution::lognormal(3.0, 0.7), 0.5) == Approx(3.0).epsilon(1e-15));
}

TEST_CASE("a sample never leaves the cuts and rises with its probability") {
  for (const char* form : {"truncated-normal:2,0.25,3", "truncated-normal:0,1,5,5.5",
                           "truncated-normal:0,1,-9,-8", "lognormal:1,2,1", "uniform:0.1,0.3"}) {
    const Distribution d = Distribution::parse(form);
    double before = -INFINITY;
    const double low = as_real(d.extremes().front()), high = as_real(d.extremes().back());
    for (int i = 1; i < 1000; ++i) {
      const double x = at(d, i / 1000.0);
      CAPTURE(form, i);
      REQUIRE(x > before);
      REQUIRE(x >= low);
      REQUIRE(x <= high);
      before = x;
    }
  }
  CHECK(as_real(Distribution::parse("truncated-normal:2,0.25,3").extremes().front()) >= 2.0 - 0.75);
}

TEST_CASE("a far tail keeps its digits on both sides") {
  const Distribution upper = Distribution::normal(0, 1, {.min = 8.0, .max = 9.0});
  const Distribution lower = Distribution::normal(0, 1, {.min = -9.0, .max = -8.0});
  for (const double u : {0.001, 0.3, 0.5, 0.9})
    CHECK(at(upper, u) == Approx(-at(lower, 1.0 - u)).epsilon(1e-13));
  CHECK(at(upper, 0.5) > 8.05);
  CHECK(at(upper, 0.5) < 8.15);
}

TEST_CASE("discrete values come with their weights, whatever their type") {
  const Distribution d = Distribution::parse("discrete:a@1,b@3");
  CHECK(d.at_probability(0.2) == Value(std::string("a")));
  CHECK(d.at_probability(0.25) == Value(std::string("b")));
  CHECK(d.at_probability(0.999999) == Value(std::string("b")));
  CHECK_FALSE(d.continuous());
  CHECK(std::isnan(d.mean()));
  CHECK(Distribution::parse("discrete:1,2").at_probability(0.1) == Value(std::int64_t{1}));
}

TEST_CASE("a normal number through the copula gives what its probability gives") {
  for (const char* form : {"uniform:0,1", "normal:2,0.5", "truncated-normal:0,1,1", "lognormal:1,0.4"}) {
    const Distribution d = Distribution::parse(form);
    for (const double z : {-2.0, -0.3, 0.0, 1.7}) {
      CAPTURE(form, z);
      CHECK(as_real(d.at_normal(z)) == Approx(at(d, normal_cdf(z))).epsilon(1e-12));
    }
    CHECK(std::isfinite(as_real(d.at_normal(60.0))));
    CHECK(std::isfinite(as_real(d.at_normal(-60.0))));
  }
}

TEST_CASE("the table form and the short form are the same distribution") {
  const std::pair<const char*, const char*> same[] = {
      {"distribution = \"uniform\"\nmin = 1\nmax = 2", "uniform:1,2"},
      {"distribution = \"normal\"\nmean = 2.5\nsd = \"10%\"", "normal:2.5,0.25"},
      {"distribution = \"normal\"\nmean = 2.5\nsd = 0.25\ntruncate = 3", "truncated-normal:2.5,0.25,3"},
      {"distribution = \"truncated-normal\"\nmean = 0\nsd = 1\nmin = -1\nmax = 2", "truncated-normal:0,1,-1,2"},
      {"distribution = \"lognormal\"\nmedian = 0.01\nsigma = 0.5", "lognormal:0.01,0.5"},
      {"distribution = \"discrete\"\nvalues = [1, 2]\nweights = [1, 3]", "discrete:1@1,2@3"}};
  for (const auto& [toml, form] : same) {
    CAPTURE(toml);
    const Distribution a = from_toml(toml), b = Distribution::parse(form);
    for (const double u : {0.01, 0.4, 0.77}) CHECK(a.at_probability(u) == b.at_probability(u));
    CHECK(a.fields() == b.fields());
  }
}

TEST_CASE("what is no distribution is refused with the place and the forms") {
  for (const char* form : {"normal", "normal:1", "normal:1,0", "normal:1,-1", "normal:a,b", "uniform:2,1",
                           "gauss:1,2", "discrete:", "discrete:1@0", "discrete:1@2,3", "lognormal:0,1",
                           "truncated-normal:0,1", "truncated-normal:0,1,-2", "truncated-normal:0,1,3,2",
                           "truncated-normal:0,1,60,70", "uniform:0,inf", "normal:nan,1"}) {
    CAPTURE(form);
    CHECK_THROWS_WITH(Distribution::parse(form, {"--input", 0, 0}),
                      Catch::Contains(form) && Catch::Contains("--input"));
  }
  for (const char* toml :
       {"mean = 1", "distribution = \"nomal\"\nmean = 1", "distribution = \"normal\"\nmean = 1",
        "distribution = \"normal\"\nmean = 1\nsd = \"wide\"", "distribution = \"discrete\"",
        "distribution = \"truncated-normal\"\nmean = 1\nsd = 1",
        "distribution = \"normal\"\nmean = 1\nsd = 1\ntruncate = 1\nmin = 0",
        "distribution = \"uniform\"\nmin = 0\nmax = 1\nsd = 3"}) {
    CAPTURE(toml);
    CHECK_THROWS_WITH(from_toml(toml), Catch::Contains("t.toml"));
  }
}
