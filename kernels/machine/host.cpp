// The host tier: the loops compiled for three instruction sets and chosen at run time, as in kernels/gk_mu.
// SPDX-License-Identifier: MIT
#include "kernels/machine/machine.hpp"

namespace assay::kernels::machine {
namespace {

namespace base {
#define ASSAY_LANES 2
#include "kernels/machine/host_loops.inc"
#undef ASSAY_LANES
}  // namespace base

#if defined(__x86_64__)
#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace avx2 {
#define ASSAY_LANES 4
#include "kernels/machine/host_loops.inc"
#undef ASSAY_LANES
}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,avx2,fma,prefer-vector-width=512")
namespace avx512 {
#define ASSAY_LANES 8
#include "kernels/machine/host_loops.inc"
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
    case Isa::avx512: return avx512::__VA_ARGS__; \
    case Isa::avx2: return avx2::__VA_ARGS__;     \
    case Isa::base: break;                        \
  }                                               \
  return base::__VA_ARGS__
#else
#define ASSAY_ON_BEST_ISA(...) return base::__VA_ARGS__
#endif

void advance_host(std::size_t rounds, double factor, double step, double* chain) {
  ASSAY_ON_BEST_ISA(advance(rounds, factor, step, chain));
}

void triad_host(std::size_t n, double s, const double* b, const double* c, double* a) {
  ASSAY_ON_BEST_ISA(triad(n, s, b, c, a));
}

double sum_host(std::size_t n, const double* x) {
  ASSAY_ON_BEST_ISA(sum(n, x));
}

const char* host_instruction_set() {
  switch (isa()) {
    case Isa::avx512: return "avx512";
    case Isa::avx2: return "avx2";
    case Isa::base: break;
  }
  return "sse2";
}

}  // namespace assay::kernels::machine
