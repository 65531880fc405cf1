// One vector of complex numbers, (re, im) interleaved, of the instruction set that the including file is
// compiled for. Everything is in an unnamed namespace: nothing here may be shared between object files by the
// linker.
// SPDX-License-Identifier: MIT
#pragma once

#include <immintrin.h>

#pragma GCC diagnostic ignored "-Wignored-attributes"  // vector types as template arguments

namespace assay::kernels::gk_linear {
namespace {

/// lanes: complex numbers a vector. row_block x column_block vectors of sums stay in registers in the product.
#if defined(__AVX512F__) && defined(__AVX512DQ__)
struct Vector {
  using type = __m512d;
  static constexpr int lanes = 4, row_block = 4, column_block = 5;
  static type zero() { return _mm512_setzero_pd(); }
  static type load(const double* x) { return _mm512_loadu_pd(x); }
  static void store(double* x, type v) { _mm512_storeu_pd(x, v); }
  static type broadcast(const double* x) { return _mm512_broadcast_f64x2(_mm_loadu_pd(x)); }
  static type reverse(type v) { return _mm512_shuffle_f64x2(v, v, 0x1B); }
  static type minus_i(type v) {
    const type sign = _mm512_set_pd(-0.0, 0.0, -0.0, 0.0, -0.0, 0.0, -0.0, 0.0);
    return _mm512_xor_pd(_mm512_permute_pd(v, 0x55), sign);
  }
};
#elif defined(__AVX2__) && defined(__FMA__)
struct Vector {
  using type = __m256d;
  static constexpr int lanes = 2, row_block = 4, column_block = 2;
  static type zero() { return _mm256_setzero_pd(); }
  static type load(const double* x) { return _mm256_loadu_pd(x); }
  static void store(double* x, type v) { _mm256_storeu_pd(x, v); }
  static type broadcast(const double* x) { return _mm256_broadcast_pd(reinterpret_cast<const __m128d*>(x)); }
  static type reverse(type v) { return _mm256_permute2f128_pd(v, v, 1); }
  static type minus_i(type v) {
    const type sign = _mm256_set_pd(-0.0, 0.0, -0.0, 0.0);
    return _mm256_xor_pd(_mm256_permute_pd(v, 0x5), sign);
  }
};
#else
struct Vector {
  using type = __m128d;
  static constexpr int lanes = 1, row_block = 2, column_block = 4;
  static type zero() { return _mm_setzero_pd(); }
  static type load(const double* x) { return _mm_loadu_pd(x); }
  static void store(double* x, type v) { _mm_storeu_pd(x, v); }
  static type broadcast(const double* x) { return _mm_loadu_pd(x); }
  static type reverse(type v) { return v; }
  static type minus_i(type v) { return _mm_xor_pd(_mm_shuffle_pd(v, v, 1), _mm_set_pd(-0.0, 0.0)); }
};
#endif

}  // namespace
}  // namespace assay::kernels::gk_linear
