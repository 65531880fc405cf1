#include "bench/random.hpp"

namespace assay::bench {

std::uint32_t Random::bits() {
  if (used_ == 4) {
    const auto [low, high] = words_of(counter_);
    const auto stream = words_of(stream_);
    block_ = philox4x32({low, high, stream[0], stream[1]}, words_of(seed_));
    ++counter_;
    used_ = 0;
  }
  return block_[used_++];
}

std::uint32_t Random::below(std::uint32_t n) {
  const std::uint32_t unfair = (0U - n) % n;  // draws below this would favour small results
  for (;;) {
    const std::uint64_t product = std::uint64_t{bits()} * n;
    if (static_cast<std::uint32_t>(product) >= unfair) return static_cast<std::uint32_t>(product >> 32);
  }
}

}  // namespace assay::bench
