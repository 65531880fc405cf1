#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "core/error.hpp"
#include "plan/random.hpp"
#include "plan/sampling.hpp"
#include "plan/sobol.hpp"

using namespace assay;
using namespace assay::plan;

namespace {

using Sample = std::vector<std::vector<double>>;

Sample draw(const UnitSampler& sampler, std::size_t n, std::size_t dimensions) {
  Sample sample(n, std::vector<double>(dimensions));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t d = 0; d < dimensions; ++d) sample[i][d] = sampler.at(i, d);
  }
  return sample;
}

/// Warnock's formula for the L2 star discrepancy.
double discrepancy(const Sample& x) {
  const auto n = static_cast<double>(x.size());
  const std::size_t dimensions = x.front().size();
  double single = 0.0, pairs = 0.0;
  for (const auto& a : x) {
    double product = 1.0;
    for (const double v : a) product *= 1.0 - v * v;
    single += product;
    for (const auto& b : x) {
      product = 1.0;
      for (std::size_t d = 0; d < dimensions; ++d) product *= 1.0 - std::max(a[d], b[d]);
      pairs += product;
    }
  }
  const auto dim = static_cast<double>(dimensions);
  return std::sqrt(std::pow(3.0, -dim) - std::pow(2.0, 1.0 - dim) * single / n + pairs / (n * n));
}

}  // namespace

TEST_CASE("the first Sobol points are those of the published generator") {
  // From Joe and Kuo's own program, dimensions 1 to 4, in the natural order of indices: their Gray-code order
  // visits the same points of each block of 2^k.
  const Sobol sobol(4, 0);
  const auto value = [&](std::uint64_t i, std::size_t d) { return sobol.digits(i, d) * 0x1p-32; };
  const double first_eight[8][4] = {{0, 0, 0, 0},
                                    {0.5, 0.5, 0.5, 0.5},
                                    {0.25, 0.75, 0.75, 0.75},
                                    {0.75, 0.25, 0.25, 0.25},
                                    {0.125, 0.625, 0.375, 0.125},
                                    {0.625, 0.125, 0.875, 0.625},
                                    {0.375, 0.375, 0.625, 0.875},
                                    {0.875, 0.875, 0.125, 0.375}};
  for (std::size_t i = 0; i < 8; ++i) {
    for (std::size_t d = 0; d < 4; ++d) {
      CAPTURE(i, d);
      CHECK(value(i, d) == first_eight[i][d]);
    }
  }
}

TEST_CASE("every dimension of the table fills each of 1024 strata once, scrambled or not") {
  const Sobol sobol(kMostSobolDimensions, 5);
  for (std::size_t d = 0; d < kMostSobolDimensions; ++d) {
    std::set<std::uint32_t> plain, scrambled;
    for (std::uint64_t i = 0; i < 1024; ++i) {
      plain.insert(sobol.digits(i, d) >> 22);
      scrambled.insert(static_cast<std::uint32_t>(sobol.at(i, d) * 1024.0));
    }
    CAPTURE(d);
    CHECK(plain.size() == 1024);
    CHECK(scrambled.size() == 1024);
  }
}

TEST_CASE("no two dimensions of the table are the same") {
  const Sobol sobol(kMostSobolDimensions, 0);
  std::set<std::vector<std::uint32_t>> seen;
  for (std::size_t d = 0; d < kMostSobolDimensions; ++d) {
    std::vector<std::uint32_t> columns;
    for (int k = 0; k < 12; ++k) columns.push_back(sobol.digits(std::uint64_t{1} << k, d));
    seen.insert(columns);
  }
  CHECK(seen.size() == kMostSobolDimensions);
}

TEST_CASE("the first two dimensions put one point into every elementary rectangle") {
  const Sobol sobol(2, 11);
  for (int across = 0; across <= 8; ++across) {  // 2^across columns, 2^(8 - across) rows, 256 points
    std::set<std::pair<int, int>> cells;
    for (std::uint64_t i = 0; i < 256; ++i) {
      cells.emplace(static_cast<int>(std::ldexp(sobol.at(i, 0), across)),
                    static_cast<int>(std::ldexp(sobol.at(i, 1), 8 - across)));
    }
    CHECK(cells.size() == 256);
  }
}

TEST_CASE("scrambling parts two points where they parted before") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::uint64_t a = owen_scramble(0xB0000000u, 3, seed), b = owen_scramble(0xB4000000u, 3, seed);
    CHECK((a >> (52 - 5)) == (b >> (52 - 5)));
    CHECK(((a >> (52 - 6)) ^ (b >> (52 - 6))) == 1);
  }
  CHECK(owen_scramble(0, 0, 1) != owen_scramble(0, 0, 2));
  CHECK(owen_scramble(0, 0, 1) != owen_scramble(0, 1, 1));
}

TEST_CASE("one scrambled point is uniform over the seeds") {
  double sum = 0.0, squares = 0.0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const double u = Sobol(1, seed).at(0, 0);
    sum += u;
    squares += u * u;
  }
  CHECK(std::fabs(sum / 4000 - 0.5) < 4.0 * std::sqrt(1.0 / 12 / 4000));
  CHECK(std::fabs(squares / 4000 - 1.0 / 3) < 4.0 * std::sqrt(4.0 / 45 / 4000));
}

TEST_CASE("Sobol is far more even than Latin hypercube than random") {
  constexpr std::size_t kPoints = 256, kDimensions = 5;
  double mean[3] = {0, 0, 0};
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    for (const auto sampling : {Sampling::sobol, Sampling::latin_hypercube, Sampling::random})
      mean[static_cast<std::size_t>(sampling)] +=
          discrepancy(draw(UnitSampler(sampling, seed, kPoints, kDimensions), kPoints, kDimensions)) / 5;
  }
  CHECK(mean[0] < 0.5 * mean[2]);
  CHECK(mean[0] < mean[1]);
  CHECK(mean[1] < mean[2]);
}

TEST_CASE("a member does not depend on the number of members, but for a Latin hypercube") {
  for (const auto sampling : {Sampling::sobol, Sampling::random}) {
    const UnitSampler few(sampling, 3, 8, 2), many(sampling, 3, 1000, 6);
    for (std::uint64_t i = 0; i < 8; ++i) CHECK(few.at(i, 1) == many.at(i, 1));
  }
  const UnitSampler few(Sampling::latin_hypercube, 3, 8, 1), many(Sampling::latin_hypercube, 3, 9, 1);
  CHECK(few.at(0, 0) != many.at(0, 0));
}

TEST_CASE("a Latin hypercube has one member in each stratum of each input") {
  for (const std::size_t n : {1, 2, 7, 100}) {
    const UnitSampler sampler(Sampling::latin_hypercube, 9, n, 3);
    for (std::size_t d = 0; d < 3; ++d) {
      std::set<std::size_t> strata;
      for (std::size_t i = 0; i < n; ++i)
        strata.insert(static_cast<std::size_t>(sampler.at(i, d) * static_cast<double>(n)));
      CHECK(strata.size() == n);
    }
  }
}

TEST_CASE("sampled numbers are frozen: other bits would break every recorded ensemble") {
  CHECK(Sobol(2, 1).at(5, 1) == 0x1.1db8469fe9e57p-1);
  CHECK(UnitSampler(Sampling::random, 1, 8, 2).at(5, 1) == 0x1.c9ad272ef54f4p-3);
  CHECK(UnitSampler(Sampling::latin_hypercube, 1, 8, 2).at(5, 1) == 0x1.1c9ad272ef54fp-2);
}

TEST_CASE("too many dimensions and unknown samplings are refused with advice") {
  CHECK_THROWS_WITH(Sobol(129, 1), Catch::Contains("128") && Catch::Contains("latin-hypercube"));
  CHECK_THROWS_WITH(sampling_of("sobl"), Catch::Contains("did you mean \"sobol\""));
}
