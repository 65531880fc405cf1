// The element of each loop: the only place where its formula stands. T is a number or a vector of numbers.
// SPDX-License-Identifier: MIT
#pragma once

#include "core/types.hpp"

namespace assay::kernels::machine {

template <class T, class C>
__attribute__((always_inline)) ASSAY_HD inline T chain_step(const T& x, const C& factor, const C& step) {
  return x * factor + step;
}

template <class T, class C>
__attribute__((always_inline)) ASSAY_HD inline T triad_element(const T& b, const T& c, const C& s) {
  return b + s * c;
}

}  // namespace assay::kernels::machine
