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
/// mirrored(a, b): the first number of a, then those of b from the last one down to its second.
/// without_first(a): its first number is 0. add_minus_i(a, b): a - i b. alternating(x): x, -x, x, ... (one
/// lane: x). doubled(c): c_0, c_0, c_1, c_1,
/// ..., coefficients of `lanes` numbers.
#if defined(__AVX512F__) && defined(__AVX512DQ__)
struct Vector {
  using type = __m512d;
  static constexpr int lanes = 4, column_block = 4;
  static constexpr int row_block(int columns) { return columns == 4 ? 6 : 8; }
  static type zero() { return _mm512_setzero_pd(); }
  static type load(const double* x) { return _mm512_loadu_pd(x); }
  static void store(double* x, type v) { _mm512_storeu_pd(x, v); }
  static type broadcast(const double* x) { return _mm512_broadcast_f64x2(_mm_loadu_pd(x)); }
  static type mirrored(type a, type b) {
    return _mm512_permutex2var_pd(a, _mm512_set_epi64(11, 10, 13, 12, 15, 14, 1, 0), b);
  }
  static type without_first(type a) { return _mm512_maskz_mov_pd(0xFC, a); }
  static type alternating(double re, double im) { return _mm512_set_pd(-im, -re, im, re, -im, -re, im, re); }
  static type doubled(const double* c) {
    return _mm512_permutexvar_pd(_mm512_set_epi64(3, 3, 2, 2, 1, 1, 0, 0),
                                 _mm512_castpd256_pd512(_mm256_loadu_pd(c)));
  }
  static type add_minus_i(type a, type b) {
    return _mm512_fmsubadd_pd(a, _mm512_set1_pd(1.0), _mm512_permute_pd(b, 0x55));
  }
};
#elif defined(__AVX2__) && defined(__FMA__)
struct Vector {
  using type = __m256d;
  static constexpr int lanes = 2, column_block = 2;
  static constexpr int row_block(int) { return 6; }
  static type zero() { return _mm256_setzero_pd(); }
  static type load(const double* x) { return _mm256_loadu_pd(x); }
  static void store(double* x, type v) { _mm256_storeu_pd(x, v); }
  static type broadcast(const double* x) { return _mm256_broadcast_pd(reinterpret_cast<const __m128d*>(x)); }
  static type mirrored(type a, type b) { return _mm256_permute2f128_pd(a, b, 0x30); }
  static type without_first(type a) { return _mm256_permute2f128_pd(a, a, 0x18); }
  static type alternating(double re, double im) { return _mm256_set_pd(-im, -re, im, re); }
  static type doubled(const double* c) { return _mm256_set_pd(c[1], c[1], c[0], c[0]); }
  static type add_minus_i(type a, type b) {
    return _mm256_fmsubadd_pd(a, _mm256_set1_pd(1.0), _mm256_permute_pd(b, 0x5));
  }
};
#else
struct Vector {
  using type = __m128d;
  static constexpr int lanes = 1, column_block = 4;
  static constexpr int row_block(int) { return 2; }
  static type zero() { return _mm_setzero_pd(); }
  static type load(const double* x) { return _mm_loadu_pd(x); }
  static void store(double* x, type v) { _mm_storeu_pd(x, v); }
  static type broadcast(const double* x) { return _mm_loadu_pd(x); }
  static type mirrored(type a, type) { return a; }
  static type without_first(type) { return zero(); }
  static type alternating(double re, double im) { return _mm_set_pd(im, re); }
  static type doubled(const double* c) { return _mm_set1_pd(c[0]); }
  static type add_minus_i(type a, type b) {
    return _mm_add_pd(a, _mm_xor_pd(_mm_shuffle_pd(b, b, 1), _mm_set_pd(-0.0, 0.0)));
  }
};
#endif

}  // namespace
}  // namespace assay::kernels::gk_linear
