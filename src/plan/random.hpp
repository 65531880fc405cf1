// The random numbers of a plan: a function of the seed and of what they are for.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

#include "core/philox.hpp"

namespace assay::plan {

/// What a counter's numbers are for: two purposes never share a counter under the same seed.
enum class Stream : std::uint32_t { members = 1, scramble = 2, shuffle = 3, bootstrap = 4 };

/// 128 random bits for (seed, stream, which, index), as two words.
constexpr std::array<std::uint64_t, 2> random_bits(std::uint64_t seed, Stream stream, std::uint32_t which,
                                                   std::uint64_t index) {
  const auto [low, high] = words_of(index);
  const auto r = philox4x32({low, high, which, static_cast<std::uint32_t>(stream)}, words_of(seed));
  return {std::uint64_t{r[1]} << 32 | r[0], std::uint64_t{r[3]} << 32 | r[2]};
}

/// The middle of one of 2^52 equal cells of (0, 1): never 0, never 1, exact.
constexpr double to_unit(std::uint64_t bits52) {
  return (static_cast<double>(bits52) + 0.5) * 0x1p-52;
}

/// 0 .. n-1. Multiply and shift; the bias is below n / 2^64.
constexpr std::uint64_t to_below(std::uint64_t bits, std::uint64_t n) {
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits) * n) >> 64);
}

}  // namespace assay::plan
