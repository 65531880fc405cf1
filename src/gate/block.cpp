// Vectors of four doubles with GCC's vector types: one body, compiled for AVX2 and for the baseline, chosen at
// load. Lanes and the order of every sum are fixed and nothing is contracted, so both give the same bits.
#include "gate/block.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#if defined(__x86_64__)
#define ASSAY_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define ASSAY_WIDE
#endif

namespace assay::gate {
namespace {

constexpr std::size_t lanes = 4;
using Doubles = double __attribute__((vector_size(32)));
using Integers = std::int64_t __attribute__((vector_size(32)));
using Words = std::uint64_t __attribute__((vector_size(32)));

constexpr std::int64_t magnitude_mask = 0x7fffffffffffffffLL;
constexpr std::int64_t top_bit = std::numeric_limits<std::int64_t>::min();

// Always inlined: an out-of-line copy would be the baseline one, and pass vectors in memory.
#define ASSAY_LANES [[gnu::always_inline]] inline

ASSAY_LANES void load(Doubles& v, const double* from) {
  std::memcpy(&v, from, sizeof v);
}
ASSAY_LANES void take_larger(Doubles& largest, const Doubles& v) {
  largest = v > largest ? v : largest;
}

double largest_lane(const double (&lane)[lanes]) {
  double result = lane[0];
  for (std::size_t k = 1; k < lanes; ++k) result = lane[k] > result ? lane[k] : result;
  return result;
}

std::uint64_t sum_lanes(const std::int64_t (&lane)[lanes]) {
  return static_cast<std::uint64_t>(lane[0] + lane[1] + lane[2] + lane[3]);
}

}  // namespace

ASSAY_WIDE Extent extent(std::span<const double> x) {
  const std::size_t whole = x.size() - x.size() % lanes;
  Doubles largest{};
  Integers unordered{};
  for (std::size_t i = 0; i < whole; i += lanes) {
    Doubles v;
    load(v, x.data() + i);
    unordered |= v != v;
    const Doubles magnitude = (Doubles)((Integers)v & magnitude_mask);
    take_larger(largest, magnitude);
  }
  double lane[lanes];
  std::int64_t flags[lanes];
  std::memcpy(lane, &largest, sizeof lane);
  std::memcpy(flags, &unordered, sizeof flags);
  Extent e{largest_lane(lane), (flags[0] | flags[1] | flags[2] | flags[3]) != 0};
  for (std::size_t i = whole; i < x.size(); ++i) {
    e.has_nan = e.has_nan || std::isnan(x[i]);
    if (std::fabs(x[i]) > e.largest) e.largest = std::fabs(x[i]);
  }
  return e;
}

ASSAY_WIDE double sum_of_squares(std::span<const double> x, double factor) {
  const std::size_t whole = x.size() - x.size() % lanes;
  Doubles sum{};
  for (std::size_t i = 0; i < whole; i += lanes) {
    Doubles v;
    load(v, x.data() + i);
    v *= factor;
    sum += v * v;
  }
  double lane[lanes];
  std::memcpy(lane, &sum, sizeof lane);
  double total = (lane[0] + lane[1]) + (lane[2] + lane[3]);
  for (std::size_t i = whole; i < x.size(); ++i) total += (x[i] * factor) * (x[i] * factor);
  return total;
}

ASSAY_WIDE PairStats compare_finite(std::span<const double> a, std::span<const double> b, std::uint64_t ulps,
                                    double rtol, double atol, double factor) {
  // A short tail is filled with zeros on both sides, which are equal and add nothing.
  Doubles max_abs{}, max_rel{}, squared{};
  Integers bits{}, values{}, over_ulps{}, over_tol{};
  Integers max_ulps = Integers{} + top_bit;  // unsigned maxima by signed comparison: the top bit is flipped
  const std::int64_t limit = static_cast<std::int64_t>(ulps) ^ top_bit;
  for (std::size_t i = 0; i < a.size(); i += lanes) {
    Doubles x{}, y{};
    if (i + lanes <= a.size()) {
      load(x, a.data() + i);
      load(y, b.data() + i);
    } else {
      std::memcpy(&x, a.data() + i, (a.size() - i) * sizeof(double));
      std::memcpy(&y, b.data() + i, (a.size() - i) * sizeof(double));
    }
    const Integers p = (Integers)x;
    const Integers q = (Integers)y;
    bits -= p != q;
    values -= x != y;
    const Integers p_sign = p < 0;
    const Integers q_sign = q < 0;
    const Integers m = ((p & magnitude_mask) ^ p_sign) - p_sign;
    const Integers n = ((q & magnitude_mask) ^ q_sign) - q_sign;
    const Words gap = m > n ? (Words)m - (Words)n : (Words)n - (Words)m;
    const Integers flipped = (Integers)gap ^ top_bit;
    over_ulps -= flipped > limit;
    max_ulps = flipped > max_ulps ? flipped : max_ulps;
    const Doubles difference = (Doubles)((Integers)(x - y) & magnitude_mask);
    const Doubles ax = (Doubles)(p & magnitude_mask);
    const Doubles ay = (Doubles)(q & magnitude_mask);
    const Doubles larger = ax > ay ? ax : ay;
    over_tol -= difference > atol + rtol * larger;
    take_larger(max_abs, difference);
    const Doubles relative = difference / larger;  // 0/0 is NaN, which is never larger
    take_larger(max_rel, relative);
    const Doubles scaled = difference * factor;
    squared += scaled * scaled;
  }
  PairStats s;
  double real[lanes];
  std::int64_t integer[lanes];
  const auto count = [&](const Integers& v) {
    std::memcpy(integer, &v, sizeof integer);
    return sum_lanes(integer);
  };
  const auto largest = [&](const Doubles& v) {
    std::memcpy(real, &v, sizeof real);
    return largest_lane(real);
  };
  s.bits_differ = count(bits);
  s.values_differ = count(values);
  s.beyond_ulps = count(over_ulps);
  s.beyond_tol = count(over_tol);
  s.max_abs = largest(max_abs);
  s.max_rel = largest(max_rel);
  std::memcpy(integer, &max_ulps, sizeof integer);
  for (const std::int64_t lane : integer) {
    const auto gap = static_cast<std::uint64_t>(lane ^ top_bit);
    if (gap > s.max_ulps) s.max_ulps = gap;
  }
  std::memcpy(real, &squared, sizeof real);
  s.difference_squared = (real[0] + real[1]) + (real[2] + real[3]);
  return s;
}

}  // namespace assay::gate
