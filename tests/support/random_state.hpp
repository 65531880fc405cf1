// A state without any symmetry: what two ways to compute the same are compared on.
// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <random>
#include <vector>

namespace assay::test {

inline std::vector<std::complex<double>> random_state(std::size_t size, unsigned seed) {
  std::mt19937 bits(seed);
  std::normal_distribution<double> normal;
  std::vector<std::complex<double>> state(size);
  for (auto& value : state) value = {normal(bits), normal(bits)};
  return state;
}

}  // namespace assay::test
