#include "workload/gk/mu_operator.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "unit/workload/gk/gk_mu/points.hpp"

using namespace gk_mu_test;

namespace {

double growth_of_norm(const MuOperator& op, const MuOperator::State& g) {
  MuOperator::State image;
  op.apply(g, image);
  double sum = 0.0;
  double scale = 0.0;
  for (int j = 0; j < op.spec().nmu; ++j) {
    for (std::size_t k = op.at(0, j, 0, 0); k < op.at(0, j + 1, 0, 0); ++k) {
      sum += op.grid().weight[j] * std::real(std::conj(g[k]) * image[k]);
      scale += op.grid().weight[j] * std::abs(g[k]) * std::abs(image[k]);
    }
  }
  return sum / scale;
}

}  // namespace

TEST_CASE("without fields and damping the norm is conserved, whatever the cut in m") {
  Spec s = cyclone(0.3, 4, 6, 12);
  s.species[0].density = 0.0;  // no charge: phi stays 0
  s.hyper_nu = 0.0;
  s.end_damping_rate = 0.0;
  const MuOperator op(s, MuNodes::legendre_in_sqrt);
  CHECK(std::abs(growth_of_norm(op, random_state(op.size(), 1))) < 1e-14);
}

TEST_CASE("sponge and hypercollisions only damp") {
  Spec s = cyclone(0.3, 4, 6, 12);
  s.species[0].density = 0.0;
  const MuOperator op(s, MuNodes::legendre_in_sqrt);
  CHECK(growth_of_norm(op, random_state(op.size(), 2)) < -1e-4);
}

TEST_CASE("the mirror force is the one of a magnetic field that varies slowly") {
  // A function of energy and mu alone is no eigenfunction of streaming without it: (v d/dz - mu B' d/dv)
  // f(v^2/2 + mu B) = 0. In Hermite moments f = exp(-a (v^2/2 + mu B)) sqrt(W) is smooth, so the spectral
  // matrices must see it.
  Spec s = cyclone(0.3, 5, 40, 32, 1);
  s.species[0].density = 0.0;
  s.hyper_nu = 0.0;
  s.grid.boundary = Boundary::periodic;
  s.geometry.R0 = 2.0;
  const MuOperator op(s, MuNodes::legendre_in_sqrt);
  const double a = 0.3;  // exp(-a v^2/2) has even moments ~ (-a/(2(1+a)))^k sqrt((2k)!)/k!
  MuOperator::State g(op.size(), 0.0), image;
  for (int j = 0; j < s.nmu; ++j) {
    for (int z = 0; z < op.geometry().nz(); ++z) {
      const double b = op.geometry().bmag[z];
      double moment = std::exp(-op.grid().mu[j] * (a * b + 0.5 * (b - 1.0)));
      for (int k = 0; 2 * k < s.nm; ++k) {
        g[op.at(0, j, 2 * k, z)] = moment;
        moment *= -a / (1.0 + a) * std::sqrt((2.0 * k + 1.0) / (2.0 * k + 2.0));
      }
    }
  }
  op.apply(g, image);
  double real_part = 0.0;  // drifts are imaginary times g, streaming and mirror must cancel
  double size = 0.0;
  for (std::size_t k = 0; k < g.size(); ++k) {
    real_part = std::max(real_part, std::abs(image[k].real()));
    size = std::max(size, std::abs(image[k]));
  }
  CHECK(size > 1e-2);
  CHECK(real_part < 1e-9);
}

TEST_CASE("what the route cannot represent is refused in words") {
  Spec s;
  CHECK_FALSE(mu_unsupported(s));
  s.species[0].nu = 0.01;
  CHECK(mu_unsupported(s)->find("collisions") != std::string::npos);
  s.collisions = CollisionModel::none;
  CHECK_FALSE(mu_unsupported(s));
  s.ky = 0.0;
  CHECK(mu_unsupported(s));
}
