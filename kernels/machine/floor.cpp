// The oracle: one loop each, in index order.
// SPDX-License-Identifier: MIT
#include "kernels/machine/machine.hpp"

namespace assay::kernels::machine {

void advance_floor(std::size_t rounds, double factor, double step, double* chain) {
  for (std::size_t k = 0; k < rounds; ++k) {
    for (int i = 0; i < chains; ++i) chain[i] = chain_step(chain[i], factor, step);
  }
}

void triad_floor(std::size_t n, double s, const double* b, const double* c, double* a) {
  for (std::size_t i = 0; i < n; ++i) a[i] = triad_element(b[i], c[i], s);
}

double sum_floor(std::size_t n, const double* x) {
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i) sum += x[i];
  return sum;
}

}  // namespace assay::kernels::machine
