#include "plan/elementary.hpp"

#include <cmath>
#include <limits>

namespace assay::plan {
namespace {
// ln 2 in two parts: the first has 20 zero bits at its end, so that k times it is exact for every exponent k.
constexpr double kLn2High = 0x1.62e42feep-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
constexpr double kInverseLn2 = 0x1.71547652b82fep+0;
}  // namespace

double portable_log(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);  // exact
  if (m < 0x1.6a09e667f3bcdp-1) {
    m *= 2.0;
    --exponent;
  }
  // log m = 2 atanh s = 2 (s + s^3/3 + s^5/5 + ...), |s| < 0.1716; f - s (f - r) keeps the bits of f = m - 1.
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double q = s * s;
  double r = 0.0;
  for (int n = 23; n >= 3; n -= 2) r = (r + 1.0 / n) * q;
  const double log_m = f - s * (f - 2.0 * r);
  const double k = exponent;
  return k * kLn2High + (log_m + k * kLn2Low);
}

double portable_exp(double x) {
  if (x != x) return x;
  if (x > 709.79) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0.0;
  const double k = std::floor(x * kInverseLn2 + 0.5);
  const double high = x - k * kLn2High, low = k * kLn2Low;
  const double r = high - low;
  // Taylor's series without its first two terms, which are added last, the small before the large.
  double tail = 0.0;
  for (int n = 14; n >= 2; --n) tail = (tail + 1.0) * r / n;
  tail *= r;
  const double correction = (high - r) - low;
  return std::ldexp(1.0 + (r + (tail + correction)), static_cast<int>(k));
}

}  // namespace assay::plan
