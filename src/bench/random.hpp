// Philox 4x32-10: random numbers as a function of (seed, stream, counter), so that a resampling gives the same
// answer whatever the order or the number of threads. Constants: Salmon et al., SC 2011.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace assay::bench {

/// One block of the generator.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

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
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
};

}  // namespace assay::bench
