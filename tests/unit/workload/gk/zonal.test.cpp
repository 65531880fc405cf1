// The zonal flow: what is left of a poloidally symmetric potential when its oscillation has gone.
#include <catch2/catch.hpp>
#include <cmath>
#include <utility>

#include "workload/gk/operator.hpp"

using namespace assay::workload::gk;

namespace {

Spec zonal(int nm) {
  Spec s;
  s.ky = 0.0;
  s.kx = 0.05;
  s.geometry.q = 1.4;
  s.geometry.epsilon = 0.18;
  s.species[0].a_LT = s.species[0].a_Ln = 0.0;
  s.grid = {.ntheta = 32, .nperiod = 1, .boundary = Boundary::periodic};
  s.nl = 4, s.nm = nm;
  s.hyper_nu = 0.0;
  s.end_damping_rate = 0.0;
  return s;
}

/// A step of the classical Runge-Kutta method, written out: the solvers' own steppers are not what is tested.
void step(const Operator& op, Workspace& work, double dt, std::vector<Complex>& g) {
  std::vector<Complex> slope(g.size()), at = g, sum = g;
  for (const auto& [ahead, weight] : {std::pair{0.5, 1.0}, {0.5, 2.0}, {1.0, 2.0}, {0.0, 1.0}}) {
    apply(op, Tier::host, at, slope, work);
    for (std::size_t i = 0; i < g.size(); ++i) {
      sum[i] += weight * dt / 6.0 * slope[i];
      at[i] = g[i] + ahead * dt * slope[i];
    }
  }
  g = sum;
}

/// Average of phi over the flux surface, whose element is dz / B.
double surface_average(const Operator& op, const std::vector<Complex>& g, Workspace& work) {
  const auto phi = solve_fields(op, g, work).phi;
  double sum = 0.0, area = 0.0;
  for (int z = 0; z < op.nz(); ++z) {
    sum += phi[z].real() / op.geometry.bmag[z];
    area += 1.0 / op.geometry.bmag[z];
  }
  return sum / area;
}

}  // namespace

TEST_CASE("a zonal potential keeps the share of Rosenbluth and Hinton") {
  const double theory =
      1.0 / (1.0 + 1.6 * 1.4 * 1.4 / std::sqrt(0.18));  // of large aspect ratio: some 10 % off
  for (const int nm : {32, 48}) {
    const Operator op = make_operator(zonal(nm));
    Workspace work;
    std::vector<Complex> g(op.size(), 0.0);
    for (int z = 0; z < op.nz(); ++z) g[op.at(0, 0, 0, z)] = 1.0;
    const double start = surface_average(op, g, work);
    REQUIRE(start > 0.0);
    const double dt = 0.04;
    double sum = 0.0, most = 0.0;
    int count = 0;
    for (int k = 1; k * dt <= 50.0; ++k) {
      step(op, work, dt, g);
      if (k * dt < 10.0)
        continue;  // then five periods of the oscillation, which without collisions hardly decays
      const double left = surface_average(op, g, work) / start;
      sum += left;
      most = std::max(most, left);
      ++count;
    }
    CAPTURE(nm, sum / count, most);
    CHECK(sum / count == Approx(theory).epsilon(0.15));
    CHECK(most > 1.2 * theory);  // it did oscillate: the average is one
  }
}
