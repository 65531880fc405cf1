// The loops that measure the machine compute what they say: host equals floor, and the counts are those of the
// loops.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/machine/machine.hpp"

namespace kernel = assay::kernels::machine;

namespace {
const double not_written = std::numeric_limits<double>::quiet_NaN();

std::vector<double> numbers(std::size_t n, double phase) {
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = std::sin(1.3 * static_cast<double>(i) + phase);
  return x;
}
}  // namespace

TEST_CASE("advance_host equals advance_floor and does every round") {
  for (const std::size_t rounds : {0u, 1u, 2u, 17u}) {
    auto floor = numbers(kernel::chains, 0.2), host = floor;
    kernel::advance_floor(rounds, 0.75, 0.5, floor.data());
    kernel::advance_host(rounds, 0.75, 0.5, host.data());
    for (int i = 0; i < kernel::chains; ++i) {
      CHECK(std::abs(floor[i] - host[i]) <= 1e-15);
      // The fixed point is 2: each round comes closer by the factor.
      const double start = std::sin(1.3 * i + 0.2);
      CHECK(host[i] == Approx(2.0 + (start - 2.0) * std::pow(0.75, static_cast<double>(rounds))));
    }
  }
  CHECK(kernel::advance_operations(3) == 2.0 * 3.0 * kernel::chains);
}

TEST_CASE("triad_host equals triad_floor at every length and alignment") {
  for (const std::size_t n : {0u, 1u, 7u, 31u, 32u, 100u}) {
    for (const std::size_t shift : {0u, 1u, 3u}) {
      const auto b = numbers(n + shift, 0.1), c = numbers(n + shift, 0.7);
      std::vector<double> floor(n + 1, not_written), host(n + 1, not_written);
      kernel::triad_floor(n, 1.7, b.data() + shift, c.data() + shift, floor.data());
      kernel::triad_host(n, 1.7, b.data() + shift, c.data() + shift, host.data());
      for (std::size_t i = 0; i < n; ++i) CHECK(std::abs(floor[i] - host[i]) <= 1e-15);
      CHECK(std::isnan(host[n]));
    }
  }
}

TEST_CASE("sum_host equals sum_floor to rounding") {
  for (const std::size_t n : {0u, 1u, 63u, 64u, 1000u}) {
    const auto x = numbers(n, 0.4);
    CHECK(std::abs(kernel::sum_floor(n, x.data()) - kernel::sum_host(n, x.data())) <= 1e-13);
  }
  CHECK(kernel::sum_host(2, std::vector<double>{1.5, 2.0}.data()) == 3.5);
}
