// The host tier: the same elimination in register tiles, compiled for three instruction sets and chosen at run
// time.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "kernels/gk_mu/gk_mu.hpp"
#include "kernels/instruction_set.hpp"

namespace assay::kernels::gk_mu {
namespace {

#define ASSAY_LOOPS "kernels/gk_mu/host_simd.inc"
#include "kernels/each_set.inc"

}  // namespace

void eliminate_host(const Line& line, Pair lambda, const Factor& factor, double* scratch) {
  ASSAY_ON_BEST_SET(eliminate(line, lambda, factor, scratch));
}

void descend_host(const Line& line, const Factor& factor, int top, const Moments& x, double* scratch) {
  ASSAY_ON_BEST_SET(descend(line, factor, top, x, scratch));
}

void ascend_host(const Line& line, const Factor& factor, int top, int rows, const Moments& x, double* scratch) {
  ASSAY_ON_BEST_SET(ascend(line, factor, top, rows, x, scratch));
}

void multiply_add_host(const Matrix& c, int rows, int columns, double s, const Matrix& a, Operand shape,
                       int inner, const Matrix& b) {
  const std::ptrdiff_t row = shape == Operand::plain ? a.ld : 1;
  const std::ptrdiff_t column = shape == Operand::plain ? 1 : a.ld;
  ASSAY_ON_BEST_SET(gemm(c, rows, columns, s, a, row, column, inner, b));
}

}  // namespace assay::kernels::gk_mu
