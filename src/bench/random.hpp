// Draws of one stream of one seed, so that a resampling gives the same answer whatever the order or the number
// of threads.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "core/philox.hpp"

namespace assay::bench {

/// A sequence of draws from one stream of one seed.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : seed_(seed), stream_(stream) {}

  std::uint32_t bits();
  /// In [0, n), without bias.
  std::uint32_t below(std::uint32_t n);
  /// In (0, 1), 32 bits of it.
  double uniform() { return (bits() + 0.5) * 0x1p-32; }
  /// Fisher-Yates: every order is equally likely.
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[below(static_cast<std::uint32_t>(i))]);
    }
  }

 private:
  std::uint64_t seed_, stream_, counter_ = 0;
  PhiloxCounter block_{};
  unsigned used_ = 4;
};

}  // namespace assay::bench
