// The host tier: the loops compiled for three instruction sets and chosen at run time, as in kernels/gk_mu.
// SPDX-License-Identifier: MIT
#include "kernels/instruction_set.hpp"
#include "kernels/machine/machine.hpp"

namespace assay::kernels::machine {
namespace {

#define ASSAY_LOOPS "kernels/machine/host_loops.inc"
#include "kernels/each_set.inc"

}  // namespace

void advance_host(std::size_t rounds, double factor, double step, double* chain) {
  ASSAY_ON_BEST_SET(advance(rounds, factor, step, chain));
}

void triad_host(std::size_t n, double s, const double* b, const double* c, double* a) {
  ASSAY_ON_BEST_SET(triad(n, s, b, c, a));
}

double sum_host(std::size_t n, const double* x) {
  ASSAY_ON_BEST_SET(sum(n, x));
}

}  // namespace assay::kernels::machine
