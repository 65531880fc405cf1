// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC'11): random numbers as a pure function of a key and a counter.
// Nothing is carried from one number to the next, so a number depends on what it is for and on the seed, never
// on who asks, in which order, or for how many others. Ten rounds, about 10 ns for 128 bits.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace assay {

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

/// A 64-bit number as the two words of a key, or of half a counter.
constexpr std::array<std::uint32_t, 2> words_of(std::uint64_t x) {
  return {static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(x >> 32)};
}

}  // namespace assay
