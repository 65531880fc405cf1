// The host tier: the same elimination in register tiles, compiled for three instruction sets and chosen at run
// time.
// SPDX-License-Identifier: MIT
#include "kernels/gk_mu/gk_mu.hpp"

#include <cmath>

namespace assay::kernels::gk_mu {
namespace {

namespace base {
#define ASSAY_LANES 2
#include "kernels/gk_mu/host_simd.inc"
#undef ASSAY_LANES
}  // namespace base

#if defined(__x86_64__)
#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace avx2 {
#define ASSAY_LANES 4
#include "kernels/gk_mu/host_simd.inc"
#undef ASSAY_LANES
}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,avx2,fma,prefer-vector-width=512")
namespace avx512 {
#define ASSAY_LANES 8
#include "kernels/gk_mu/host_simd.inc"
#undef ASSAY_LANES
}  // namespace avx512
#pragma GCC pop_options
#endif

enum class Isa { base, avx2, avx512 };

Isa best_isa() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    return Isa::avx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Isa::avx2;
#endif
  return Isa::base;
}

Isa isa() {
  static const Isa chosen = best_isa();
  return chosen;
}

}  // namespace

#if defined(__x86_64__)
#define ASSAY_ON_BEST_ISA(...)                    \
  switch (isa()) {                                \
    case Isa::avx512: avx512::__VA_ARGS__; break; \
    case Isa::avx2: avx2::__VA_ARGS__; break;     \
    case Isa::base: base::__VA_ARGS__; break;     \
  }
#else
#define ASSAY_ON_BEST_ISA(...) base::__VA_ARGS__;
#endif

void eliminate_host(const Line& line, Pair lambda, const Factor& factor, double* scratch) {
  ASSAY_ON_BEST_ISA(eliminate(line, lambda, factor, scratch))
}

void solve_host(const Line& line, const Factor& factor, int top, const Moments& x, double* scratch) {
  ASSAY_ON_BEST_ISA(solve(line, factor, top, x, scratch))
}

void multiply_add_host(const Matrix& c, int rows, int columns, double s, const Matrix& a, Operand shape,
                       int inner, const Matrix& b) {
  const std::ptrdiff_t row = shape == Operand::plain ? a.ld : 1;
  const std::ptrdiff_t column = shape == Operand::plain ? 1 : a.ld;
  ASSAY_ON_BEST_ISA(gemm(c, rows, columns, s, a, row, column, inner, b))
}

const char* host_instruction_set() {
  switch (isa()) {
    case Isa::avx512: return "avx512";
    case Isa::avx2: return "avx2";
    case Isa::base: return "base";
  }
  return "base";
}

}  // namespace assay::kernels::gk_mu
