#include "plan/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plan/elementary.hpp"
#include "plan/normal_quantile.hpp"

namespace assay::plan {
namespace {

constexpr double kLeastShare = 1e-290;

void require_finite(std::initializer_list<double> numbers, std::string_view what) {
  for (const double x : numbers) {
    if (!std::isfinite(x)) throw UserError(std::string(what) + ": a parameter is not a finite number");
  }
}

double density(double z) {
  return 0.3989422804014327 * portable_exp(-0.5 * z * z);
}

}  // namespace

const std::vector<std::string>& distribution_names() {
  static const std::vector<std::string> names{"uniform", "normal", "truncated-normal", "lognormal", "discrete"};
  return names;
}

Distribution Distribution::uniform(double min, double max) {
  require_finite({min, max, max - min}, "uniform");
  if (!(min < max)) throw UserError("uniform: min must be less than max");
  Distribution d;
  d.kind_ = Kind::uniform;
  d.first_ = min;
  d.second_ = max;
  d.fields_ = {{"distribution", Value(std::string("uniform"))}, {"min", Value(min)}, {"max", Value(max)}};
  return d;
}

Distribution Distribution::gaussian(Kind kind, double centre, double spread, const Truncation& cut) {
  Distribution d;
  d.kind_ = kind;
  d.first_ = centre;
  d.second_ = spread;
  if (!cut.any()) return d;
  if (cut.sigmas && (cut.min || cut.max))
    throw UserError("truncate and min/max together", "give the cut once: in standard deviations, or as values");
  const double inf = std::numeric_limits<double>::infinity();
  const auto standard = [&](double x) {
    if (kind == Kind::normal) return (x - centre) / spread;
    return x <= 0.0 ? -inf : (portable_log(x) - centre) / spread;
  };
  d.cut_ = true;
  d.low_ = cut.sigmas ? -*cut.sigmas : (cut.min ? standard(*cut.min) : -inf);
  d.high_ = cut.sigmas ? *cut.sigmas : (cut.max ? standard(*cut.max) : inf);
  if (cut.sigmas) require_finite({*cut.sigmas}, "truncate");
  if (!(d.low_ < d.high_)) throw UserError("the cuts leave nothing: the lower one is not below the upper one");
  d.low_share_ = normal_cdf(d.low_);
  // In the upper half both shares are near 1 and their difference loses its digits: measure from above instead.
  d.kept_share_ =
      d.low_ > 0.0 ? normal_cdf(-d.low_) - normal_cdf(-d.high_) : normal_cdf(d.high_) - d.low_share_;
  if (!(d.kept_share_ > kLeastShare))
    throw UserError("the cuts keep less than 1e-290 of the distribution",
                    "use a distribution that lives there");
  return d;
}

namespace {
using Fields = std::vector<std::pair<std::string, std::variant<Value, ValueList>>>;
void add_cut(Fields& fields, const Truncation& cut) {
  if (cut.sigmas) fields.emplace_back("truncate", Value(*cut.sigmas));
  if (cut.min) fields.emplace_back("min", Value(*cut.min));
  if (cut.max) fields.emplace_back("max", Value(*cut.max));
}
}  // namespace

Distribution Distribution::normal(double mean, double sd, Truncation cut) {
  require_finite({mean, sd}, "normal");
  if (!(sd > 0.0)) throw UserError("normal: sd must be greater than 0");
  Distribution d = gaussian(Kind::normal, mean, sd, cut);
  const char* name = cut.any() ? "truncated-normal" : "normal";
  d.fields_ = {{"distribution", Value(std::string(name))}, {"mean", Value(mean)}, {"sd", Value(sd)}};
  add_cut(d.fields_, cut);
  return d;
}

Distribution Distribution::lognormal(double median, double sigma, Truncation cut) {
  require_finite({median, sigma}, "lognormal");
  if (!(median > 0.0)) throw UserError("lognormal: median must be greater than 0");
  if (!(sigma > 0.0))
    throw UserError("lognormal: sigma must be greater than 0", "it is the sd of the logarithm");
  Distribution d = gaussian(Kind::lognormal, portable_log(median), sigma, cut);
  d.fields_ = {
      {"distribution", Value(std::string("lognormal"))}, {"median", Value(median)}, {"sigma", Value(sigma)}};
  add_cut(d.fields_, cut);
  return d;
}

Distribution Distribution::discrete(std::vector<Value> values, std::vector<double> weights) {
  if (values.empty()) throw UserError("discrete: no values");
  if (weights.empty()) weights.assign(values.size(), 1.0);
  if (weights.size() != values.size()) {
    throw UserError("discrete: " + std::to_string(values.size()) + " values and " +
                        std::to_string(weights.size()) + " weights",
                    "give one weight a value");
  }
  Distribution d;
  d.kind_ = Kind::discrete;
  double sum = 0.0;
  for (const double w : weights) {
    if (!(w > 0.0) || !std::isfinite(w)) throw UserError("discrete: a weight must be a number greater than 0");
    d.cumulative_.push_back(sum += w);
  }
  for (double& c : d.cumulative_) c /= sum;
  d.cumulative_.back() = 1.0;
  ValueList weight_values(weights.begin(), weights.end());
  d.fields_ = {
      {"distribution", Value(std::string("discrete"))}, {"values", values}, {"weights", weight_values}};
  d.values_ = std::move(values);
  return d;
}

double Distribution::z_of_probability(double u) const {
  if (!cut_) return normal_quantile(u);
  // With the lower cut in the upper half, count from above: the lower tail keeps its digits.
  const double z = low_ > 0.0 ? -normal_quantile(normal_cdf(-low_) - u * kept_share_)
                              : normal_quantile(low_share_ + u * kept_share_);
  return std::clamp(z, low_, high_);
}

Value Distribution::at_probability(double u) const {
  switch (kind_) {
    case Kind::uniform: return first_ * (1.0 - u) + second_ * u;
    case Kind::normal: return first_ + second_ * z_of_probability(u);
    case Kind::lognormal: return portable_exp(first_ + second_ * z_of_probability(u));
    case Kind::discrete: break;
  }
  const auto it = std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, u);
  return values_[static_cast<std::size_t>(it - cumulative_.begin())];
}

Value Distribution::at_normal(double z) const {
  if (!cut_ && kind_ == Kind::normal) return first_ + second_ * z;
  if (!cut_ && kind_ == Kind::lognormal) return portable_exp(first_ + second_ * z);
  // Phi rounds to 0 or 1 only beyond 8 standard deviations.
  return at_probability(std::clamp(normal_cdf(z), 0x1p-53, 1.0 - 0x1p-53));
}

std::vector<Value> Distribution::extremes() const {
  if (kind_ == Kind::discrete) return values_;
  return {at_probability(0x1p-53), at_probability(1.0 - 0x1p-53)};
}

double Distribution::mean() const {
  if (kind_ == Kind::uniform) return 0.5 * first_ + 0.5 * second_;
  if (kind_ == Kind::discrete) {
    double sum = 0.0, before = 0.0;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      sum += as_real(values_[i]) * (cumulative_[i] - before);
      before = cumulative_[i];
    }
    return sum;
  }
  if (kind_ == Kind::lognormal) {
    const double whole = portable_exp(first_ + 0.5 * second_ * second_);
    return cut_ ? whole * (normal_cdf(high_ - second_) - normal_cdf(low_ - second_)) / kept_share_ : whole;
  }
  return cut_ ? first_ + second_ * (density(low_) - density(high_)) / kept_share_ : first_;
}

double Distribution::sd() const {
  if (kind_ == Kind::uniform) return (second_ - first_) / std::sqrt(12.0);
  if (kind_ == Kind::discrete) {
    const double centre = mean();
    double sum = 0.0, before = 0.0;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const double x = as_real(values_[i]) - centre;
      sum += x * x * (cumulative_[i] - before);
      before = cumulative_[i];
    }
    return std::sqrt(sum);
  }
  if (kind_ == Kind::lognormal) {
    double square = portable_exp(2.0 * first_ + 2.0 * second_ * second_);
    if (cut_) square *= (normal_cdf(high_ - 2.0 * second_) - normal_cdf(low_ - 2.0 * second_)) / kept_share_;
    return std::sqrt(square - mean() * mean());
  }
  if (!cut_) return second_;
  const auto moment = [](double z) { return std::isfinite(z) ? z * density(z) : 0.0; };
  const double shift = (density(low_) - density(high_)) / kept_share_;
  return second_ * std::sqrt(1.0 + (moment(low_) - moment(high_)) / kept_share_ - shift * shift);
}

}  // namespace assay::plan
