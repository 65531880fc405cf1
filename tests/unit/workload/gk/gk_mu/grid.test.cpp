#include "workload/gk/mu_grid.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <numeric>

using namespace assay::workload::gk;

namespace {

double integral(const MuGrid& grid, double (*f)(double)) {
  double sum = 0.0;
  for (std::size_t k = 0; k < grid.mu.size(); ++k) sum += grid.weight[k] * f(grid.mu[k]);
  return sum;
}

}  // namespace

TEST_CASE("both mu rules integrate against exp(-mu)") {
  const MuGrid laguerre = make_mu_grid(12, MuNodes::laguerre);
  CHECK(integral(laguerre, [](double) { return 1.0; }) == Approx(1.0).epsilon(1e-13));
  CHECK(integral(laguerre, [](double mu) { return std::pow(mu, 5); }) == Approx(120.0).epsilon(1e-12));
  const MuGrid legendre = make_mu_grid(16, MuNodes::legendre_in_sqrt);
  CHECK(integral(legendre, [](double) { return 1.0; }) == Approx(1.0 - std::exp(-12.0)).epsilon(1e-12));
  CHECK(integral(legendre, [](double mu) { return std::exp(-mu); }) == Approx(0.5).epsilon(1e-10));
}

TEST_CASE("Laguerre nodes are the tabulated ones and keep their weights far out") {
  const MuGrid five = make_mu_grid(5, MuNodes::laguerre);
  const double nodes[] = {0.26356, 1.41340, 3.59643, 7.08581, 12.64080};
  for (int k = 0; k < 5; ++k) CHECK(five.mu[k] == Approx(nodes[k]).epsilon(1e-5));
  const MuGrid many = make_mu_grid(36, MuNodes::laguerre);
  for (double w : many.weight) CHECK(w > 0.0);
  CHECK(std::accumulate(many.weight.begin(), many.weight.end(), 0.0) == Approx(1.0).epsilon(1e-12));
}

TEST_CASE("the matrices along z act on plane waves as they should") {
  for (int n : {5, 8, 12}) {
    const double dz = 3.0 / n;
    const auto d = spectral_derivative(n, dz);
    const auto a = spectral_kz_abs(n, dz);
    for (int k = 0; 2 * k < n; ++k) {
      const double kz = 2.0 * std::numbers::pi * k / 3.0;
      for (int i = 0; i < n; ++i) {
        double slope = 0.0;
        double damped = 0.0;
        for (int j = 0; j < n; ++j) {
          slope += d[i * n + j] * std::sin(kz * j * dz + 0.3);
          damped += a[i * n + j] * std::sin(kz * j * dz + 0.3);
          CHECK(d[i * n + j] == -d[j * n + i]);
        }
        CHECK(slope == Approx(kz * std::cos(kz * i * dz + 0.3)).margin(1e-12));
        CHECK(damped == Approx(kz * std::sin(kz * i * dz + 0.3)).margin(1e-12));
      }
    }
  }
}
