// What one core can do at most, measured with the compiler, flags and instruction sets of the other kernels:
// independent multiply-adds in registers, and streams through memory. Not a solver: the yardstick of
// `assay bench --roofline`.
//
// The chains are kept in registers and are as many as hide the latency of a multiply-add on two ports of the
// widest vectors (16 vectors); narrower vectors take them in turns of 8. Streams are the triad of STREAM
// (a = b + s c, counted as 24 bytes an element: the read that a store causes is not counted, as there) and a
// sum (8 bytes an element).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "kernels/machine/body.hpp"

namespace assay::kernels::machine {

/// Doubles that advance together: a multiple of every vector length times 8.
inline constexpr int chains = 128;

/// chain := chain_step(chain, factor, step), `rounds` times for each of the chains.
void advance_floor(std::size_t rounds, double factor, double step, double* chain);
void advance_host(std::size_t rounds, double factor, double step, double* chain);
/// A multiply-add counts as two operations.
inline double advance_operations(std::size_t rounds) {
  return 2.0 * chains * static_cast<double>(rounds);
}

/// a := b + s c. Host needs no alignment, but is at its best on 64 bytes.
void triad_floor(std::size_t n, double s, const double* b, const double* c, double* a);
void triad_host(std::size_t n, double s, const double* b, const double* c, double* a);
inline double triad_bytes(std::size_t n) {
  return 24.0 * static_cast<double>(n);
}

/// Sum of x; host takes it in another order.
double sum_floor(std::size_t n, const double* x);
double sum_host(std::size_t n, const double* x);
inline double sum_bytes(std::size_t n) {
  return 8.0 * static_cast<double>(n);
}

}  // namespace assay::kernels::machine
