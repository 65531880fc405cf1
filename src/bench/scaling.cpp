#include "bench/scaling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "bench/random.hpp"

namespace assay::bench {
namespace {

constexpr int resamples = 2000;
constexpr std::size_t fewest_for_amdahl = 4;
constexpr std::size_t fewest_for_usl = 6;
constexpr int most_iterations = 60;
constexpr double tail = 0.025;
constexpr double rounding = 1e-9;  // a kappa below this is none: it changes no time that can be measured

struct Point {
  double workers, log_seconds;
};

struct Parameters {
  double log_one = 0.0, sigma = 0.0, kappa = 0.0;
};

double denominator(const Parameters& p, double n) {
  return 1 + p.sigma * (n - 1) + p.kappa * n * (n - 1);
}

double error_of(const std::vector<Point>& points, const Parameters& p) {
  double sum = 0.0;
  for (const Point& q : points) {
    const double r = q.log_seconds - p.log_one - std::log(denominator(p, q.workers) / q.workers);
    sum += r * r;
  }
  return sum;
}

/// The best ln T1 for given sigma and kappa is a mean; what is left is a search over at most two parameters.
double best_log_one(const std::vector<Point>& points, Parameters p) {
  double sum = 0.0;
  for (const Point& q : points) sum += q.log_seconds - std::log(denominator(p, q.workers) / q.workers);
  return sum / static_cast<double>(points.size());
}

Parameters projected(Parameters p, bool with_kappa) {
  p.sigma = std::clamp(p.sigma, 0.0, 1.0);
  p.kappa = with_kappa ? std::max(p.kappa, 0.0) : 0.0;
  return p;
}

/// Start: N/S - 1 = sigma (N-1) + kappa N (N-1), linear least squares.
Parameters linear_start(const std::vector<Point>& points, bool with_kappa) {
  const auto first = std::min_element(points.begin(), points.end(),
                                      [](const Point& a, const Point& b) { return a.workers < b.workers; });
  double aa = 0, ab = 0, bb = 0, ay = 0, by = 0;
  for (const Point& q : points) {
    const double n = q.workers;
    const double y = n * std::exp(q.log_seconds - first->log_seconds) / first->workers - 1;
    const double a = n - 1;
    const double b = n * (n - 1);
    aa += a * a;
    ab += a * b;
    bb += b * b;
    ay += a * y;
    by += b * y;
  }
  Parameters p;
  const double determinant = aa * bb - ab * ab;
  if (with_kappa && determinant > 1e-12 * aa * bb) {
    p.sigma = (ay * bb - by * ab) / determinant;
    p.kappa = (by * aa - ay * ab) / determinant;
  }
  if (p.sigma < 0.0 || p.kappa < 0.0 || !with_kappa) p = {.sigma = aa > 0 ? ay / aa : 0.0};
  return projected(p, with_kappa);
}

/// Projected Gauss-Newton on ln T with halving of the step; converges in a few iterations from the linear
/// start.
Parameters fit_law(const std::vector<Point>& points, bool with_kappa) {
  Parameters p = linear_start(points, with_kappa);
  p.log_one = best_log_one(points, p);
  double error = error_of(points, p);
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    // Derivatives with ln T1 eliminated: centre each column.
    double mean_s = 0.0, mean_k = 0.0;
    for (const Point& q : points) {
      mean_s += (q.workers - 1) / denominator(p, q.workers);
      mean_k += q.workers * (q.workers - 1) / denominator(p, q.workers);
    }
    mean_s /= static_cast<double>(points.size());
    mean_k /= static_cast<double>(points.size());
    double ss = 0, sk = 0, kk = 0, sr = 0, kr = 0;
    for (const Point& q : points) {
      const double s = (q.workers - 1) / denominator(p, q.workers) - mean_s;
      const double k = q.workers * (q.workers - 1) / denominator(p, q.workers) - mean_k;
      const double r = q.log_seconds - p.log_one - std::log(denominator(p, q.workers) / q.workers);
      ss += s * s;
      sk += s * k;
      kk += k * k;
      sr += s * r;
      kr += k * r;
    }
    double step_s = ss > 0 ? sr / ss : 0.0;
    double step_k = 0.0;
    const double determinant = ss * kk - sk * sk;
    const bool kappa_free = with_kappa && determinant > 1e-14 * ss * kk;
    if (kappa_free) {
      step_s = (sr * kk - kr * sk) / determinant;
      step_k = (kr * ss - sr * sk) / determinant;
      // At a wall the blocked parameter stays, the other moves alone.
      if (p.kappa == 0.0 && step_k < 0.0) {
        step_k = 0.0;
        step_s = sr / ss;
      } else if (p.sigma == 0.0 && step_s < 0.0) {
        step_s = 0.0;
        step_k = kr / kk;
      }
    }
    bool improved = false;
    for (double scale = 1.0; scale > 1e-6; scale *= 0.5) {
      Parameters next = projected({0.0, p.sigma + scale * step_s, p.kappa + scale * step_k}, with_kappa);
      next.log_one = best_log_one(points, next);
      const double next_error = error_of(points, next);
      if (!(next_error < error)) continue;
      improved = error - next_error > 1e-15 * error;
      p = next;
      error = next_error;
      break;
    }
    if (!improved) break;
  }
  return p;
}

std::vector<Point> points_of(const std::vector<const ScalingPoint*>& fitted) {
  std::vector<Point> points;
  for (const ScalingPoint* p : fitted) {
    points.push_back({static_cast<double>(p->workers), std::log(median(p->seconds))});
  }
  return points;
}

/// One bootstrap sample: whole blocks are drawn, so that what the points share stays shared.
std::vector<Point> resampled(const std::vector<const ScalingPoint*>& fitted, Random& random) {
  std::size_t blocks = std::numeric_limits<std::size_t>::max();
  for (const ScalingPoint* p : fitted) blocks = std::min(blocks, p->seconds.size());
  std::vector<std::size_t> drawn(blocks);
  for (std::size_t& b : drawn) b = random.below(static_cast<std::uint32_t>(blocks));
  std::vector<Point> points;
  std::vector<double> seconds(blocks);
  for (const ScalingPoint* p : fitted) {
    for (std::size_t i = 0; i < blocks; ++i) seconds[i] = p->seconds[drawn[i]];
    points.push_back({static_cast<double>(p->workers), std::log(median(seconds))});
  }
  return points;
}

Interval percentile_interval(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {sorted_quantile(values, tail), sorted_quantile(values, 1 - tail)};
}

Fit fit_with_intervals(const std::vector<const ScalingPoint*>& fitted, bool with_kappa, std::uint64_t seed) {
  const std::vector<Point> points = points_of(fitted);
  const Parameters p = fit_law(points, with_kappa);
  Fit fit{.law = with_kappa ? "usl" : "amdahl", .one_worker_seconds = std::exp(p.log_one), .sigma = p.sigma};
  fit.kappa = p.kappa;
  fit.seed = seed;
  fit.rms_error = std::sqrt(error_of(points, p) / static_cast<double>(points.size()));
  if (with_kappa && p.kappa > 0.0) fit.peak_workers = std::sqrt((1 - p.sigma) / p.kappa);
  for (const ScalingPoint* q : fitted) fit.largest_measured = std::max(fit.largest_measured, q->workers);
  std::vector<double> sigmas, kappas;
  for (int r = 0; r < resamples; ++r) {
    Random random(seed, static_cast<std::uint64_t>(r));
    const Parameters sample = fit_law(resampled(fitted, random), with_kappa);
    sigmas.push_back(sample.sigma);
    kappas.push_back(sample.kappa);
  }
  fit.sigma_interval = percentile_interval(std::move(sigmas));
  fit.kappa_interval = percentile_interval(std::move(kappas));
  return fit;
}

/// Interval of median(reference) / median(seconds) by pairs where blocks match, else nothing.
std::optional<Interval> ratio_interval(std::span<const double> reference, std::span<const double> seconds,
                                       double alpha) {
  if (reference.size() != seconds.size()) return std::nullopt;
  std::vector<double> d;
  for (std::size_t i = 0; i < seconds.size(); ++i) d.push_back(std::log(reference[i] / seconds[i]));
  const auto interval = SignedRank(d).interval(alpha);
  if (!interval) return std::nullopt;
  return Interval{std::exp(interval->low), std::exp(interval->high)};
}

std::vector<ScalingRow> rows_of(const ScalingInput& input, const ScalingPoint* one) {
  std::vector<ScalingRow> rows;
  const bool has_serial = !input.serial_seconds.empty();
  for (const ScalingPoint& p : input.points) {
    ScalingRow row{.workers = p.workers, .median_seconds = median(p.seconds)};
    if (one != nullptr) row.speedup_over_one = median(one->seconds) / row.median_seconds;
    if (has_serial) row.speedup_over_serial = median(input.serial_seconds) / row.median_seconds;
    const std::span<const double> reference = has_serial       ? std::span(input.serial_seconds)
                                              : one != nullptr ? std::span(one->seconds)
                                                               : std::span<const double>();
    row.speedup_interval = ratio_interval(reference, p.seconds, input.alpha);
    const double n = p.workers;
    const double speedup = row.speedup_over_serial.value_or(row.speedup_over_one);
    row.efficiency = speedup / n;
    if (p.workers > 1 && row.speedup_over_one > 0.0) {
      row.karp_flatt = (1 / row.speedup_over_one - 1 / n) / (1 - 1 / n);
    }
    if (!input.task_seconds.empty()) row.bound = balance_bound(input.task_seconds, p.workers);
    row.oversubscribed = p.workers > input.usable_cores;
    rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.workers < b.workers; });
  return rows;
}

}  // namespace

double balance_bound(std::uint64_t equal_tasks, int workers) {
  const auto w = static_cast<std::uint64_t>(workers);
  if (equal_tasks == 0) return 1.0;
  return static_cast<double>(equal_tasks) / static_cast<double>((equal_tasks + w - 1) / w);
}

double balance_bound(std::span<const double> task_seconds, int workers) {
  // No schedule ends before its longest task, nor before the mean load, nor before the two tasks that must
  // share a worker when there are more tasks than workers.
  std::vector<double> t(task_seconds.begin(), task_seconds.end());
  if (t.empty()) return 1.0;
  std::sort(t.begin(), t.end(), std::greater<>());
  double sum = 0.0;
  for (const double v : t) sum += v;
  const auto w = static_cast<std::size_t>(workers);
  double shortest = std::max(t.front(), sum / workers);
  for (std::size_t k = 1; k * w < t.size(); ++k) {
    // Among the k*w+1 longest tasks some worker gets k+1, at the least the shortest of them.
    double together = 0.0;
    for (std::size_t i = 0; i <= k; ++i) together += t[k * w - i];
    shortest = std::max(shortest, together);
  }
  return sum / shortest;
}

std::optional<double> Fit::seconds_at(double workers) const {
  if (!(workers >= 1.0) || workers > 2.0 * largest_measured) return std::nullopt;
  return one_worker_seconds * (1 + sigma * (workers - 1) + kappa * workers * (workers - 1)) / workers;
}

ScalingReport analyse_scaling(const ScalingInput& input) {
  ScalingReport report;
  const auto one = std::find_if(input.points.begin(), input.points.end(),
                                [](const ScalingPoint& p) { return p.workers == 1; });
  report.rows = rows_of(input, one != input.points.end() ? &*one : nullptr);
  if (one == input.points.end())
    report.refusals.emplace_back("no point with one worker: speedups have no reference");
  std::vector<const ScalingPoint*> fitted;
  std::set<int> distinct;
  bool enough_blocks = true;
  for (const ScalingPoint& p : input.points) {
    if (p.workers > input.usable_cores) {
      report.refusals.push_back(std::to_string(p.workers) + " workers on " +
                                std::to_string(input.usable_cores) +
                                " cores: oversubscribed, in no fit and no claim");
      continue;
    }
    fitted.push_back(&p);
    distinct.insert(p.workers);
    enough_blocks = enough_blocks && p.seconds.size() >= 6;
  }
  if (!enough_blocks) report.refusals.emplace_back("fewer than 6 blocks at some point: no interval, no fit");
  if (one == input.points.end() || !enough_blocks) return report;
  if (distinct.size() < fewest_for_amdahl) {
    report.refusals.push_back("Amdahl's law needs 4 numbers of workers, there are " +
                              std::to_string(distinct.size()));
    return report;
  }
  report.amdahl = fit_with_intervals(fitted, false, input.seed);
  report.preferred = "amdahl";
  if (distinct.size() < fewest_for_usl) {
    report.refusals.push_back("the USL needs 6 numbers of workers, there are " +
                              std::to_string(distinct.size()));
    return report;
  }
  report.usl = fit_with_intervals(fitted, true, input.seed);
  if (report.usl->kappa_interval.low > rounding) report.preferred = "usl";
  return report;
}

}  // namespace assay::bench
