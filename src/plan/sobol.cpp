#include "plan/sobol.hpp"

#include "core/error.hpp"
#include "plan/random.hpp"
#include "plan/sobol_table.hpp"

namespace assay::plan {
namespace {

static_assert(kSobolDirections.size() + 1 == kMostSobolDimensions);

/// The columns of a dimension's generator matrix, one word each: m_j 2^(32-j), continued by the polynomial's
/// recurrence.
std::array<std::uint32_t, 32> columns(std::size_t dimension) {
  std::array<std::uint32_t, 32> v{};
  if (dimension == 0) {
    for (unsigned j = 0; j < 32; ++j) v[j] = 1u << (31 - j);
    return v;
  }
  const SobolDirection& d = kSobolDirections[dimension - 1];
  const unsigned degree = d.degree;
  for (unsigned j = 0; j < 32; ++j) {
    if (j < degree) {
      v[j] = std::uint32_t{d.initial[j]} << (31 - j);
      continue;
    }
    v[j] = v[j - degree] ^ (v[j - degree] >> degree);
    for (unsigned k = 1; k < degree; ++k) {
      if ((d.coefficients >> (degree - 1 - k)) & 1u) v[j] ^= v[j - k];
    }
  }
  return v;
}

}  // namespace

Sobol::Sobol(std::size_t dimensions, std::uint64_t seed) : seed_(seed) {
  if (dimensions > kMostSobolDimensions) {
    throw UserError(
        "Sobol sampling in " + std::to_string(dimensions) + " dimensions; the table has 128",
        "use sampling = \"random\" or \"latin-hypercube\" (sensitivities need twice as many dimensions as "
        "inputs)");
  }
  for (std::size_t d = 0; d < dimensions; ++d) directions_.push_back(columns(d));
}

std::uint32_t Sobol::digits(std::uint64_t i, std::size_t dimension) const {
  std::uint32_t x = 0;
  for (const std::uint32_t column : directions_[dimension]) {
    if (i & 1u) x ^= column;
    i >>= 1;
  }
  return x;
}

double Sobol::at(std::uint64_t i, std::size_t dimension) const {
  return to_unit(owen_scramble(digits(i, dimension), static_cast<std::uint32_t>(dimension), seed_));
}

std::uint64_t owen_scramble(std::uint32_t digits, std::uint32_t dimension, std::uint64_t seed) {
  // The coins form a binary tree whose nodes are prefixes of digits. One Philox block holds 127 of them, a
  // subtree of seven levels with its root at bit 1; the prefix above it, with a leading one, is the block's
  // counter.
  constexpr int kLevels = 7, kBlocks = 5, kTail = 52 - kLevels * kBlocks;
  const std::uint64_t x = std::uint64_t{digits} << 3;  // 35 digits, the last three of them 0
  std::uint64_t scrambled = 0;
  for (int block = 0; block < kBlocks; ++block) {
    const int below = kLevels * (kBlocks - block);  // digits not yet in the prefix
    const std::uint64_t prefix = (std::uint64_t{1} << (kLevels * block)) | (x >> below);
    const auto coins = random_bits(seed, Stream::scramble, dimension, prefix);
    unsigned node = 1;
    for (int level = 1; level <= kLevels; ++level) {
      const unsigned digit = static_cast<unsigned>(x >> (below - level)) & 1u;
      const unsigned coin = static_cast<unsigned>(coins[node >> 6] >> (node & 63u)) & 1u;
      scrambled = scrambled << 1 | (digit ^ coin);
      node = node << 1 | digit;
    }
  }
  // Beyond 35 digits every point has a prefix of its own: the rest is simply random.
  const std::uint64_t leaf = (std::uint64_t{1} << (kLevels * kBlocks)) | x;
  return scrambled << kTail | random_bits(seed, Stream::scramble, dimension, leaf)[0] >> (64 - kTail);
}

}  // namespace assay::plan
