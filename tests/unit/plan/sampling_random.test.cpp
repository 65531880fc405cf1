#include <catch2/catch.hpp>
#include <cmath>

#include "plan/elementary.hpp"
#include "plan/normal_quantile.hpp"
#include "plan/random.hpp"

using namespace assay;
using namespace assay::plan;

TEST_CASE("Philox4x32-10 gives the known answers of its authors") {
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}) ==
        PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a unit number is never 0 or 1 and never rounded") {
  constexpr std::uint64_t kLast = (std::uint64_t{1} << 52) - 1;
  CHECK(to_unit(0) == 0x1p-53);
  CHECK(to_unit(kLast) == 1.0 - 0x1p-53);
  CHECK(to_unit(kLast) + to_unit(0) == 1.0);
}

TEST_CASE("seeds, purposes, dimensions and indices each change the numbers") {
  const auto base = random_bits(1, Stream::members, 0, 0);
  CHECK(base != random_bits(2, Stream::members, 0, 0));
  CHECK(base != random_bits(1, Stream::scramble, 0, 0));
  CHECK(base != random_bits(1, Stream::members, 1, 0));
  CHECK(base != random_bits(1, Stream::members, 0, 1));
  CHECK(base != random_bits(1, Stream::members, 0, std::uint64_t{1} << 32));
}

TEST_CASE("the portable logarithm and exponential are within 2 ulp") {
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const auto bits = random_bits(7, Stream::members, 0, i);
    const double u = to_unit(bits[0] >> 12);
    const double x = std::ldexp(0.5 + u, i % 2 == 0 ? 0 : static_cast<int>(bits[1] % 1800) - 900);
    const double log_x = std::log(x);
    CAPTURE(x);
    REQUIRE(std::fabs(portable_log(x) - log_x) <= 2.0 * std::fabs(std::nextafter(log_x, 1e9) - log_x));
    const double y = (u - 0.5) * (i % 2 == 0 ? 2.0 : 1400.0);
    CAPTURE(y);
    REQUIRE(std::fabs(portable_exp(y) - std::exp(y)) <=
            2.0 * (std::nextafter(std::exp(y), INFINITY) - std::exp(y)));
  }
  CHECK(portable_log(1.0) == 0.0);
  CHECK(portable_exp(0.0) == 1.0);
  CHECK(portable_exp(-1000.0) == 0.0);
  CHECK(std::isinf(portable_exp(1000.0)));
}

TEST_CASE("the normal quantile equals values computed with 40 digits") {
  const double known[][2] = {
      {1e-300, -37.047096299361199237}, {1e-20, -9.2623400897984075796}, {1e-5, -4.2648907939228246102},
      {0.025, -1.9599639845400542118},  {0.075, -1.4395314709384559349}, {0.3, -0.52440051270804081597},
      {0.6, 0.25334710313579974132},    {0.93, 1.475791028179171099},    {0.999, 3.0902323061678132778},
  };
  for (const auto& [p, z] : known) {
    CAPTURE(p);
    CHECK(std::fabs(normal_quantile(p) - z) <= 1e-15 * std::fabs(z));
  }
}

TEST_CASE("the normal distribution function equals values computed with 40 digits, in the tail too") {
  const double known[][2] = {
      {-37, 5.7255712225245768227e-300}, {-10, 7.619853024160526066e-24}, {-3, 0.0013498980316300945267},
      {-2.4, 0.0081975359245961314334},  {-1, 0.15865525393145705141},    {0.5, 0.69146246127401310364},
      {2, 0.9772498680518207928},        {6, 0.99999999901341235496},
  };
  for (const auto& [z, p] : known) {
    CAPTURE(z);
    CHECK(std::fabs(normal_cdf(z) - p) <= 3e-14 * p);
  }
  CHECK(normal_cdf(-INFINITY) == 0.0);
  CHECK(normal_cdf(INFINITY) == 1.0);
}

TEST_CASE("quantile and distribution function are inverse and the quantile rises") {
  double before = -INFINITY;
  for (int i = 1; i < 4000; ++i) {
    const double p = i / 4000.0;
    const double z = normal_quantile(p);
    REQUIRE(z > before);
    REQUIRE(std::fabs(normal_cdf(z) - p) < 1e-15);
    before = z;
  }
}
