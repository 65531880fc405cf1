// The only header that kernels share with the rest: plain types, callable from host and device.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#if defined(__CUDACC__)
#define ASSAY_HD __host__ __device__
#else
#define ASSAY_HD
#endif

namespace assay {

/// A half-open range of elements; every kernel tier takes one, so that an engine can split the work.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  [[nodiscard]] ASSAY_HD constexpr std::size_t size() const { return end - begin; }
};

}  // namespace assay
