// Distance between two floating-point numbers in units of their last place, and the unit itself.
// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace assay::gate {

/// Sign and magnitude as one ordered integer: neighbours differ by 1, -0 and +0 are both 0.
inline std::int64_t ordered(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto magnitude = static_cast<std::int64_t>(bits & 0x7fffffffffffffffULL);
  return (bits >> 63) != 0 ? -magnitude : magnitude;
}
inline std::int64_t ordered(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const auto magnitude = static_cast<std::int64_t>(bits & 0x7fffffffU);
  return (bits >> 31) != 0 ? -magnitude : magnitude;
}

/// How many representable numbers lie between a and b, plus one; 0 for equal values. NaN has no distance: the
/// caller counts it apart.
template <class T>
std::uint64_t ulp_distance(T a, T b) {
  const auto x = static_cast<std::uint64_t>(ordered(a));
  const auto y = static_cast<std::uint64_t>(ordered(b));
  return ordered(a) > ordered(b) ? x - y : y - x;
}

/// The spacing of T just above |x|: the unit of the scaled rung. Infinite for a non-finite x.
template <class T>
double ulp_of(T x) {
  const T magnitude = std::fabs(x);
  if (!std::isfinite(magnitude)) return std::numeric_limits<double>::infinity();
  const T above = std::nextafter(magnitude, std::numeric_limits<T>::infinity());
  if (std::isinf(above)) return static_cast<double>(magnitude - std::nextafter(magnitude, T(0)));
  return static_cast<double>(above) - static_cast<double>(magnitude);
}

}  // namespace assay::gate
