// Sobol points with Owen's nested uniform scrambling, point by point: point i is a pure function of (i,
// dimension, seed), so it does not depend on how many points are drawn nor on who draws them.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace assay::plan {

inline constexpr std::size_t kMostSobolDimensions = 128;

class Sobol {
 public:
  /// Throws UserError for more than 128 dimensions. 128 bytes a dimension.
  Sobol(std::size_t dimensions, std::uint64_t seed);

  [[nodiscard]] std::size_t dimensions() const { return directions_.size(); }
  /// The digits of the unscrambled point, the first digit in the highest bit; i < 2^32.
  [[nodiscard]] std::uint32_t digits(std::uint64_t i, std::size_t dimension) const;
  /// The scrambled point in (0, 1), 52 digits. About 0.1 us.
  [[nodiscard]] double at(std::uint64_t i, std::size_t dimension) const;

 private:
  std::vector<std::array<std::uint32_t, 32>> directions_;
  std::uint64_t seed_;
};

/// Owen's scrambling of 32 digits: each digit is flipped by a coin that belongs to all digits before it, so
/// that two points part where they parted before and are independent from there on. Every elementary interval
/// keeps its number of points, and each point alone is uniform. Returns 52 digits.
std::uint64_t owen_scramble(std::uint32_t digits, std::uint32_t dimension, std::uint64_t seed);

}  // namespace assay::plan
