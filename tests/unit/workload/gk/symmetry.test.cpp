// Symmetries that the equation has and the program must not lose: reflection of the line, and what a collision
// keeps.
#include <catch2/catch.hpp>
#include <cmath>

#include "support/random_state.hpp"
#include "workload/gk/mu_direct.hpp"

using namespace assay::workload::gk;
using assay::test::random_state;

namespace {

Spec small(double kx) {
  Spec s;
  s.grid = {.ntheta = 12, .nperiod = 2};
  s.nl = 3, s.nm = 6, s.nmu = 4;
  s.kx = kx;
  return s;
}

}  // namespace

TEST_CASE("kx and -kx are reflections of each other, up to the one grid point that has no partner") {
  // The grid begins at -pi P and has no point at +pi P; with kx that point is not its own reflection.
  const auto apart = [](int ntheta) {
    Spec a = small(0.15), b = small(-0.15);
    a.grid.ntheta = b.grid.ntheta = ntheta;
    const auto plus = solve_mu_direct(a), minus = solve_mu_direct(b);
    REQUIRE(plus.converged);
    REQUIRE(minus.converged);
    double largest = 0.0;
    const std::size_t n = plus.phi.size();
    for (std::size_t j = 1; j < n; ++j)
      largest = std::max(largest, std::abs(std::abs(plus.phi[j]) - std::abs(minus.phi[n - j])));
    CHECK(largest < 0.01);
    return std::abs(plus.lambda - minus.lambda) / std::abs(plus.lambda);
  };
  CHECK(apart(12) < 1e-3);
  CHECK(apart(24) < 1e-3);
  const auto middle = solve_mu_direct(small(0.0)), side = solve_mu_direct(small(0.15));
  CHECK(std::abs(side.lambda - middle.lambda) > 1e-3 * std::abs(middle.lambda));
}

TEST_CASE("collisions keep particles and the parallel momentum where kperp vanishes, and only damp") {
  Spec with = small(0.0);
  with.ky = 1e-6;  // b = 0 to rounding: the moments of the gyrocentres are those of the particles
  with.nl = 4;
  with.species[0].nu = 0.3;
  Spec without = with;
  without.species[0].nu = 0.0;
  const Operator a = make_operator(with), b = make_operator(without);
  const auto g = random_state(a.size(), 11);
  std::vector<Complex> la(g.size()), lb(g.size());
  Workspace work;
  apply(a, Tier::floor, g, la, work);
  apply(b, Tier::floor, g, lb, work);
  double growth = 0.0;
  for (std::size_t i = 0; i < g.size(); ++i) growth += std::real(std::conj(g[i]) * (la[i] - lb[i]));
  CHECK(growth < 0.0);
  for (int z = 0; z < a.nz(); ++z) {
    const auto collisions = [&](int l, int m) { return la[a.at(0, l, m, z)] - lb[a.at(0, l, m, z)]; };
    CHECK(std::abs(collisions(0, 0)) < 1e-9);
    CHECK(std::abs(collisions(0, 1)) < 1e-9);
    // Energy v^2/2 + x: (0,2) with weight 1/sqrt 2, (1,0) with weight 1.
    CHECK(std::abs(collisions(0, 2) / std::sqrt(2.0) + collisions(1, 0)) < 1e-9);
    CHECK(std::abs(collisions(1, 1)) > 1e-3);
  }
}

TEST_CASE("a linear run does not know its amplitude") {
  const Spec s = small(0.0);
  const Operator op = make_operator(s);
  auto g = random_state(op.size(), 11), doubled = g;
  for (auto& value : doubled) value *= Complex(0.0, 1e8);
  std::vector<Complex> image(g.size()), scaled(g.size());
  Workspace work;
  apply(op, Tier::host, g, image, work);
  apply(op, Tier::host, doubled, scaled, work);
  for (std::size_t i = 0; i < g.size(); ++i)
    CHECK(std::abs(scaled[i] - Complex(0.0, 1e8) * image[i]) <= 1e-4 * (1.0 + std::abs(image[i])));
}
