// Points of the (v_par, mu) tests: random small ones, the Cyclone case, and the whole operator as a dense
// matrix.
#pragma once

#include <algorithm>
#include <complex>
#include <random>
#include <vector>

#include "support/random_state.hpp"
#include "workload/gk/dense.hpp"
#include "workload/gk/mu_operator.hpp"

namespace gk_mu_test {

using namespace assay::workload::gk;
using assay::test::random_state;

inline Spec cyclone(double ky, int nmu, int nm, int ntheta, int nperiod = 2) {
  Spec s;
  s.ky = ky;
  s.nmu = nmu;
  s.nm = nm;
  s.grid.ntheta = ntheta;
  s.grid.nperiod = nperiod;
  return s;
}

inline Species light_electron() {
  return {.name = "electron",
          .charge = -1.0,
          .mass = 0.01,
          .temperature = 1.1,
          .density = 1.0,
          .a_LT = 3.0,
          .a_Ln = 0.8};
}

/// Small enough for dense eigenvalues, and different in everything that the route branches on.
inline Spec random_point(unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> u(0.0, 1.0);
  Spec s;
  s.nmu = 2 + static_cast<int>(seed % 2);
  s.nm = 4 + static_cast<int>(seed % 3);
  s.grid.nperiod = 1;
  s.grid.ntheta = 7 + static_cast<int>(seed % 4);
  s.grid.boundary = seed % 4 == 0 ? Boundary::periodic : Boundary::linked;
  s.ky = 0.1 + 0.7 * u(generator);
  s.geometry.q = 1.0 + u(generator);
  s.geometry.s_hat = -0.5 + 1.8 * u(generator);
  s.geometry.epsilon = 0.3 * u(generator);
  s.geometry.alpha = seed % 5 == 0 ? 0.4 * u(generator) : 0.0;
  s.species[0].a_LT = 6.0 * u(generator);
  s.species[0].a_Ln = 3.0 * u(generator);
  if (seed % 3 == 1) {
    s.species.push_back(light_electron());
    s.species[1].a_LT = 6.0 * u(generator);
    s.tau = 0.0;
  }
  if (seed % 6 == 4) {
    s.beta = 0.02;
    s.a_parallel = true;
  }
  if (seed % 7 == 3) s.kx = 0.2;
  return s;
}

/// Every eigenvalue of the operator, by applying it to unit vectors.
inline std::vector<std::complex<double>> all_eigenvalues(const MuOperator& op) {
  const std::size_t n = op.size();
  std::vector<std::complex<double>> matrix;
  MuOperator::State unit(n, 0.0), column;
  for (std::size_t k = 0; k < n; ++k) {
    unit[k] = 1.0;
    op.apply(unit, column);
    unit[k] = 0.0;
    matrix.insert(matrix.end(), column.begin(), column.end());
  }
  auto values = dense_eigen(std::move(matrix), static_cast<int>(n), EigenVectors::no).values;
  std::stable_sort(values.begin(), values.end(), [](auto a, auto b) { return a.real() > b.real(); });
  return values;
}

}  // namespace gk_mu_test
