#include "workload/gk/mu_system.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <thread>
#include <utility>

#include "unit/workload/gk/gk_mu/points.hpp"
#include "workload/gk/mu_search.hpp"

using namespace gk_mu_test;

TEST_CASE("solve inverts L - sigma, in every parity, with and without A_parallel") {
  for (unsigned seed = 0; seed < 14; ++seed) {
    const Spec s = random_point(seed);
    const MuOperator op(s, MuNodes::legendre_in_sqrt);
    for (Parity parity : parities_of(s)) {
      CAPTURE(seed, name_of(parity));
      MuSystem system(s, MuNodes::legendre_in_sqrt, parity);
      const std::complex<double> sigma{0.2, -0.35};
      system.factor(sigma, MuSystem::Keep::everything);
      MuSystem::State x = system.restrict(random_state(op.size(), seed + 100));
      const MuOperator::State right = system.expand(x);
      system.solve(x);
      const MuOperator::State g = system.expand(x);
      MuOperator::State image;
      op.apply(g, image);
      double error = 0.0;
      for (std::size_t k = 0; k < image.size(); ++k) {
        error = std::max(error, std::abs(image[k] - sigma * g[k] - right[k]));
      }
      CHECK(error < 1e-9);
    }
  }
}

TEST_CASE("expand and restrict are inverse on each parity and lose nothing together") {
  const Spec s = random_point(2);
  const MuOperator op(s, MuNodes::legendre_in_sqrt);
  const MuOperator::State g = random_state(op.size(), 8);
  MuOperator::State sum(op.size(), 0.0);
  for (Parity parity : parities_of(s)) {
    const MuSystem system(s, MuNodes::legendre_in_sqrt, parity);
    const auto part = system.expand(system.restrict(g));
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += part[k];
  }
  for (std::size_t k = 0; k < sum.size(); ++k) CHECK(std::abs(sum[k] - g[k]) < 1e-12);
}

TEST_CASE("the winding number counts the unstable eigenvalues of the dense operator") {
  int with_several = 0;
  for (unsigned seed = 0; seed < 24; ++seed) {
    const Spec s = random_point(seed);
    const auto values = all_eigenvalues(MuOperator(s, MuNodes::legendre_in_sqrt));
    const double gamma0 = 0.02 * drive_frequency(s);
    int expected = 0;
    for (auto value : values) expected += value.real() > gamma0 ? 1 : 0;
    with_several += expected > 1 ? 1 : 0;
    int counted = 0;
    for (Parity parity : parities_of(s)) {
      MuSystem system(s, MuNodes::legendre_in_sqrt, parity);
      const auto count = count_roots(system, gamma0, drive_frequency(s), 1000, {});
      REQUIRE(count.has_value());
      counted += *count;
    }
    CAPTURE(seed);
    CHECK(counted == expected);
  }
  CHECK(with_several > 0);
}

TEST_CASE("with many moments a solve is refined, and says so where it cannot be") {
  const Spec s = cyclone(0.3, 2, 96, 32);
  const MuOperator op(s, MuNodes::legendre_in_sqrt);
  MuSystem system(s, MuNodes::legendre_in_sqrt, Parity::even);
  const auto right = system.restrict(random_state(op.size(), 5));
  const auto error = [&](std::complex<double> sigma) {
    system.factor(sigma, MuSystem::Keep::everything);
    MuSystem::State x = right, image;
    system.solve(x);
    system.apply_shifted(x, image);
    for (std::size_t k = 0; k < image.size(); ++k) image[k] -= right[k];
    return std::sqrt(system.dot(image, image).real() / system.dot(right, right).real());
  };
  CHECK(error({0.4, -0.28}) < 1e-7);
  CHECK(system.solvable());
  error({0.02, -0.28});
  CHECK_FALSE(system.solvable());
}

TEST_CASE("the layout of the elimination has the same L as the oracle") {
  for (unsigned seed = 0; seed < 14; ++seed) {
    const Spec s = random_point(seed);
    const MuOperator op(s, MuNodes::legendre_in_sqrt);
    for (Parity parity : parities_of(s)) {
      MuSystem system(s, MuNodes::legendre_in_sqrt, parity);
      const std::complex<double> sigma{0.3, 0.1};
      system.factor(sigma, MuSystem::Keep::fields_only);
      MuSystem::State x = system.restrict(random_state(op.size(), seed)), image;
      const MuOperator::State g = system.expand(x);
      MuOperator::State expected;
      op.apply(g, expected);
      system.apply_shifted(x, image);
      const MuOperator::State found = system.expand(image);
      double worst = 0.0;
      for (std::size_t k = 0; k < g.size(); ++k)
        worst = std::max(worst, std::abs(found[k] - (expected[k] - sigma * g[k])));
      CAPTURE(seed, name_of(parity));
      CHECK(worst < 1e-10);
    }
  }
}

TEST_CASE("memory that is used again leaves no trace in a solve") {
  const Spec s = cyclone(0.3, 8, 24, 16);
  const auto solved = [&] {
    MuSystem system(s, MuNodes::legendre_in_sqrt, Parity::even);
    system.factor({0.1, -0.3}, MuSystem::Keep::everything);
    MuSystem::State x;
    system.field_driven_state(x);
    system.solve(x);
    return std::pair{x, system.factor_bytes() / sizeof(double)};
  };
  MuSystem::State fresh, again;
  std::thread([&] { fresh = solved().first; }).join();
  std::thread([&] {
    const std::size_t count = solved().second;
    REQUIRE(count * sizeof(double) > (std::size_t{4} << 20));  // large enough for the thread to keep
    const double* kept = nullptr;
    {
      const AlignedDoubles block(count);
      kept = block.data();
      std::fill_n(block.data(), count, std::nan(""));
    }
    CHECK(AlignedDoubles(count).data() == kept);
    again = solved().first;
  }).join();
  CHECK(fresh == again);
}
