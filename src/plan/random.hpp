// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC'11): random numbers as a pure function of a key and a counter.
// Nothing is carried from one number to the next, so a number depends on what it is for and on the seed, never
// on who asks, in which order, or for how many others. Ten rounds, about 10 ns for 128 bits.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace assay::plan {

/// What a counter's numbers are for: two purposes never share a counter under the same seed.
enum class Stream : std::uint32_t { members = 1, scramble = 2, shuffle = 3, bootstrap = 4 };

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

constexpr PhiloxCounter philox4x32(PhiloxCounter c, PhiloxKey key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return c;
}

/// 128 random bits for (seed, stream, which, index), as two words.
constexpr std::array<std::uint64_t, 2> random_bits(std::uint64_t seed, Stream stream, std::uint32_t which,
                                                   std::uint64_t index) {
  const auto r = philox4x32({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), which,
                             static_cast<std::uint32_t>(stream)},
                            {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
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
