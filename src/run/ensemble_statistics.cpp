#include "run/ensemble_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "plan/random.hpp"

namespace assay::run {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double mean_of(std::span<const double> values) {
  return pairwise_sum(values) / static_cast<double>(values.size());
}

std::vector<double> centred(std::span<const double> values) {
  const double mean = mean_of(values);
  std::vector<double> out(values.begin(), values.end());
  for (double& x : out) x -= mean;
  return out;
}

std::vector<double> products(std::span<const double> a, std::span<const double> b) {
  std::vector<double> out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = a[i] * b[i];
  return out;
}

/// Percentiles of the resampled values.
Interval interval_of(std::vector<double> resampled, double confidence) {
  if (resampled.empty() ||
      std::any_of(resampled.begin(), resampled.end(), [](double x) { return std::isnan(x); }))
    return {kNan, kNan};
  std::sort(resampled.begin(), resampled.end());
  const double tail = 0.5 * (1.0 - confidence);
  return {quantile_of_sorted(resampled, tail), quantile_of_sorted(resampled, 1.0 - tail)};
}

double sd_of(const std::vector<double>& values) {
  if (values.size() < 2) return kNan;
  const auto c = centred(values);
  return std::sqrt(pairwise_sum(products(c, c)) / static_cast<double>(values.size() - 1));
}

/// The quantile of a resample: `counts` tells how often each element of `sorted` occurs.
double quantile_of_counts(std::span<const double> sorted, std::span<const double> counts, double p) {
  const auto n = static_cast<double>(sorted.size());
  const double h = (n - 1.0) * p, low = std::floor(h);
  double seen = 0.0, x_low = sorted.back(), x_high = sorted.back();
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double before = seen;
    seen += counts[i];
    if (before <= low && low < seen) x_low = sorted[i];
    if (before <= low + 1.0 && low + 1.0 < seen) {
      x_high = sorted[i];
      break;
    }
  }
  return x_low + (h - low) * (x_high - x_low);
}

}  // namespace

double pairwise_sum(std::span<const double> values) {
  if (values.size() <= 8) {
    double sum = 0.0;
    for (const double x : values) sum += x;
    return sum;
  }
  const std::size_t half = values.size() / 2;
  return pairwise_sum(values.first(half)) + pairwise_sum(values.subspan(half));
}

std::vector<double> resample_counts(const Bootstrap& bootstrap, std::size_t r, std::size_t n) {
  std::vector<double> counts(n, 0.0);
  for (std::size_t draw = 0; draw < n; draw += 2) {
    const auto bits =
        plan::random_bits(bootstrap.seed, plan::Stream::bootstrap, static_cast<std::uint32_t>(r), draw / 2);
    counts[plan::to_below(bits[0], n)] += 1.0;
    if (draw + 1 < n) counts[plan::to_below(bits[1], n)] += 1.0;
  }
  return counts;
}

double quantile_of_sorted(std::span<const double> sorted, double p) {
  const double h = static_cast<double>(sorted.size() - 1) * p;
  const auto low = static_cast<std::size_t>(h);
  if (low + 1 >= sorted.size()) return sorted.back();
  return sorted[low] + (h - static_cast<double>(low)) * (sorted[low + 1] - sorted[low]);
}

double quantile_error(std::span<const double> sorted, double p) {
  const double step = std::sqrt(p * (1.0 - p) / static_cast<double>(sorted.size()));
  if (!(p - step > 0.0) || !(p + step < 1.0)) return std::numeric_limits<double>::infinity();
  return 0.5 * (quantile_of_sorted(sorted, p + step) - quantile_of_sorted(sorted, p - step));
}

Column column_statistics(std::span<const double> values, std::span<const double> quantiles,
                         const Bootstrap& bootstrap) {
  const auto n = static_cast<double>(values.size());
  const double centre = mean_of(values);
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> sorted;
  for (const std::size_t i : order) sorted.push_back(values[i]);

  Column column;
  column.min = sorted.front();
  column.max = sorted.back();
  column.variance = covariance(values, values);
  column.mean = {centre, std::sqrt(column.variance.value / n), {}};
  for (const double p : quantiles)
    column.quantiles.push_back({quantile_of_sorted(sorted, p), quantile_error(sorted, p), {}});

  std::vector<double> means, variances, terms(values.size());
  std::vector<std::vector<double>> quantile_samples(quantiles.size());
  for (std::size_t r = 0; r < bootstrap.resamples; ++r) {
    const auto drawn = resample_counts(bootstrap, r, values.size());
    std::vector<double> counts(drawn.size());  // in rising order of the values
    for (std::size_t i = 0; i < order.size(); ++i) counts[i] = drawn[order[i]];
    for (std::size_t i = 0; i < order.size(); ++i) terms[i] = counts[i] * (sorted[i] - centre);
    const double shift = pairwise_sum(terms) / n;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const double x = sorted[i] - centre - shift;
      terms[i] = counts[i] * x * x;
    }
    means.push_back(centre + shift);
    variances.push_back(pairwise_sum(terms) / (n - 1.0));
    for (std::size_t q = 0; q < quantiles.size(); ++q)
      quantile_samples[q].push_back(quantile_of_counts(sorted, counts, quantiles[q]));
  }
  column.mean.interval = interval_of(std::move(means), bootstrap.confidence);
  column.variance.interval = interval_of(std::move(variances), bootstrap.confidence);
  for (std::size_t q = 0; q < quantiles.size(); ++q)
    column.quantiles[q].interval = interval_of(std::move(quantile_samples[q]), bootstrap.confidence);
  return column;
}

Estimate covariance(std::span<const double> a, std::span<const double> b) {
  const auto n = static_cast<double>(a.size());
  const auto x = centred(a), y = centred(b);
  const auto xy = products(x, y);
  const double c = pairwise_sum(xy) / (n - 1.0);
  const double vx = pairwise_sum(products(x, x)) / (n - 1.0), vy = pairwise_sum(products(y, y)) / (n - 1.0);
  const double m22 = pairwise_sum(products(xy, xy)) / n;
  const double square = (m22 - (n - 2.0) / (n - 1.0) * c * c + vx * vy / (n - 1.0)) / n;
  return {c, std::sqrt(std::max(square, 0.0)), {kNan, kNan}};
}

double correlation(std::span<const double> a, std::span<const double> b) {
  const double va = covariance(a, a).value, vb = covariance(b, b).value;
  const auto varies = [](double variance, std::span<const double> x) {
    return variance > std::pow(1e-13 * x[0], 2);
  };
  return varies(va, a) && varies(vb, b) ? covariance(a, b).value / (std::sqrt(va) * std::sqrt(vb)) : kNan;
}

namespace {

struct Shares {
  double first_order, total;
};

/// Both estimators with member i counted `counts[i]` times; a, b, ab are centred by one common number. A
/// variance not above `noise` is rounding: a constant quantity has no shares.
Shares shares(std::span<const double> a, std::span<const double> b, std::span<const double> ab,
              std::span<const double> counts, double noise) {
  const std::size_t n = a.size();
  std::vector<double> terms(n);
  const auto mean = [&](auto&& term) {
    for (std::size_t i = 0; i < n; ++i) terms[i] = counts[i] * term(i);
    return pairwise_sum(terms) / static_cast<double>(n);
  };
  const double m = mean([&](std::size_t i) { return 0.5 * (b[i] + ab[i]); });
  const double v = mean([&](std::size_t i) { return 0.5 * (b[i] * b[i] + ab[i] * ab[i]); }) - m * m;
  const double c = mean([&](std::size_t i) { return b[i] * ab[i]; }) - m * m;
  const double m_all = mean([&](std::size_t i) { return 0.5 * (a[i] + b[i]); });
  const double v_all = mean([&](std::size_t i) { return 0.5 * (a[i] * a[i] + b[i] * b[i]); }) - m_all * m_all;
  const double left = mean([&](std::size_t i) { return 0.5 * (a[i] - ab[i]) * (a[i] - ab[i]); });
  return {v > noise ? c / v : kNan, v_all > noise ? left / v_all : kNan};
}

}  // namespace

std::vector<Sensitivity> sensitivities(const PickFreeze& design, const Bootstrap& bootstrap) {
  const std::size_t n = design.a.size(), inputs = design.ab.size();
  const double centre = n == 0 ? 0.0 : 0.5 * (mean_of(design.a) + mean_of(design.b));
  const double noise = std::pow(1e-13 * centre, 2);
  const auto moved = [&](std::vector<double> values) {
    for (double& x : values) x -= centre;
    return values;
  };
  const auto a = moved(design.a), b = moved(design.b);
  std::vector<std::vector<double>> ab;
  for (const auto& column : design.ab) ab.push_back(moved(column));

  std::vector<Sensitivity> result(inputs);
  const std::vector<double> once(n, 1.0);
  for (std::size_t j = 0; j < inputs; ++j) {
    const Shares whole = n < 2 ? Shares{kNan, kNan} : shares(a, b, ab[j], once, noise);
    result[j] = {{whole.first_order, kNan, {kNan, kNan}}, {whole.total, kNan, {kNan, kNan}}};
  }
  std::vector<std::vector<double>> first(inputs), total(inputs);
  for (std::size_t r = 0; r < bootstrap.resamples && n >= 2; ++r) {
    const auto counts = resample_counts(bootstrap, r, n);
    for (std::size_t j = 0; j < inputs; ++j) {
      const Shares s = shares(a, b, ab[j], counts, noise);
      first[j].push_back(s.first_order);
      total[j].push_back(s.total);
    }
  }
  for (std::size_t j = 0; j < inputs; ++j) {
    result[j].first_order.standard_error = sd_of(first[j]);
    result[j].total.standard_error = sd_of(total[j]);
    result[j].first_order.interval = interval_of(std::move(first[j]), bootstrap.confidence);
    result[j].total.interval = interval_of(std::move(total[j]), bootstrap.confidence);
  }
  return result;
}

}  // namespace assay::run
