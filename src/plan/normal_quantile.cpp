#include "plan/normal_quantile.hpp"

#include <array>
#include <cmath>

#include "plan/elementary.hpp"

namespace assay::plan {
namespace {

/// Coefficients of AS 241, lowest order first.
constexpr std::array<double, 8> kCentreTop{
    3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
    4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
constexpr std::array<double, 8> kCentreBottom{1.0,
                                              4.2313330701600911252e+1,
                                              6.8718700749205790830e+2,
                                              5.3941960214247511077e+3,
                                              2.1213794301586595867e+4,
                                              3.9307895800092710610e+4,
                                              2.8729085735721942674e+4,
                                              5.2264952788528545610e+3};
constexpr std::array<double, 8> kMiddleTop{
    1.42343711074968357734e0, 4.63033784615654529590e0,  5.76949722146069140550e0,  3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr std::array<double, 8> kMiddleBottom{1.0,
                                              2.05319162663775882187e0,
                                              1.67638483018380384940e0,
                                              6.89767334985100004550e-1,
                                              1.48103976427480074590e-1,
                                              1.51986665636164571966e-2,
                                              5.47593808499534494600e-4,
                                              1.05075007164441684324e-9};
constexpr std::array<double, 8> kTailTop{
    6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr std::array<double, 8> kTailBottom{1.0,
                                            5.99832206555887937690e-1,
                                            1.36929880922735805310e-1,
                                            1.48753612908506148525e-2,
                                            7.86869131145613259100e-4,
                                            1.84631831751005468180e-5,
                                            1.42151175831644588870e-7,
                                            2.04426310338993978564e-15};

double polynomial(const std::array<double, 8>& c, double x) {
  double y = c[7];
  for (int i = 6; i >= 0; --i) y = y * x + c[static_cast<std::size_t>(i)];
  return y;
}

double density(double z) {
  constexpr double kInverseSqrt2Pi = 0x1.9884533d43651p-2;
  // z^2 is split so that its rounding error is not multiplied by its size in the exponential.
  const double coarse = std::floor(z * 16.0) * 0.0625;
  const double rest = (z - coarse) * (z + coarse);
  return kInverseSqrt2Pi * portable_exp(-0.5 * coarse * coarse) * portable_exp(-0.5 * rest);
}

/// Phi(-z) / phi(z) for z > 0, backwards from a depth where the rest no longer matters.
double mills_ratio(double z) {
  double fraction = z;
  const int depth = z > 6.0 ? 40 : 150;
  for (int k = depth; k >= 1; --k) fraction = z + k / fraction;
  return 1.0 / fraction;
}

}  // namespace

double normal_quantile(double p) {
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(kCentreTop, r) / polynomial(kCentreBottom, r);
  }
  const double tail = q < 0.0 ? p : 1.0 - p;
  double r = std::sqrt(-portable_log(tail));
  double z = 0.0;
  if (r <= 5.0) {
    r -= 1.6;
    z = polynomial(kMiddleTop, r) / polynomial(kMiddleBottom, r);
  } else {
    r -= 5.0;
    z = polynomial(kTailTop, r) / polynomial(kTailBottom, r);
  }
  return q < 0.0 ? -z : z;
}

double normal_cdf(double z) {
  if (z != z) return z;
  if (z < -2.5) return z < -40.0 ? 0.0 : density(-z) * mills_ratio(-z);
  if (z > 2.5) return 1.0 - normal_cdf(-z);
  double term = z, sum = z;
  for (int n = 3; n < 81; n += 2) {
    term = term * z * z / n;
    sum += term;
  }
  return 0.5 + density(std::fabs(z)) * sum;
}

}  // namespace assay::plan
