#include "bench/quality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/rank.hpp"
#include "bench/verdict.hpp"

namespace assay::bench {
namespace {

// Thresholds of the modified z score |x - median| / (MAD / 0.6745) after Iglewicz and Hoaglin.
constexpr double mad_to_sigma = 0.6745;
constexpr double mild = 3.5;
constexpr double severe = 10.0;
constexpr double quartiles_to_sigma = 1.349;
constexpr double noisy = 0.05;  // relative spread from which more blocks are advised
constexpr double drift_at_1_percent = 2.575829;
constexpr double one_in_twenty = 1.644854;
constexpr double gap_in_mads = 5.0;
constexpr double smaller_mode = 0.20;

using Effect = Finding::Effect;

/// Median absolute deviation as a standard deviation; from the quartiles where it is zero; else 0.
double robust_sigma(std::span<const double> x, double centre) {
  std::vector<double> distance;
  for (const double v : x) distance.push_back(std::fabs(v - centre));
  const double mad = median(distance);
  if (mad > 0.0) return mad / mad_to_sigma;
  std::vector<double> sorted(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  return (sorted_quantile(sorted, 0.75) - sorted_quantile(sorted, 0.25)) / quartiles_to_sigma;
}

void check_outliers(std::string_view arm, std::span<const double> x, double centre, double sigma,
                    std::vector<Finding>& found) {
  std::size_t mild_count = 0;
  std::size_t severe_count = 0;
  for (const double v : x) {
    const double z = std::fabs(v - centre) / sigma;
    mild_count += z > mild && z <= severe;
    severe_count += z > severe;
  }
  if (mild_count + severe_count > 0) {
    found.push_back(
        {"outliers", Effect::warning, static_cast<double>(mild_count + severe_count),
         fmt::format("{}: {} mild and {} severe outliers; they are kept", arm, mild_count, severe_count)});
  }
  const bool first_is_largest = std::all_of(x.begin() + 1, x.end(), [&](double v) { return v < x[0]; });
  if ((x[0] - centre) / sigma > severe && first_is_largest) {
    found.push_back(
        {"slow-first-run", Effect::warning, x[0] / centre,
         fmt::format("{}: the first run took {:.3g} times the median: more warm-up runs", arm, x[0] / centre)});
  }
}

void check_modes(std::string_view arm, std::span<const double> x, double sigma, std::vector<Finding>& found) {
  std::vector<double> sorted(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  std::size_t after = 0;
  double gap = 0.0;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i] - sorted[i - 1] > gap) {
      gap = sorted[i] - sorted[i - 1];
      after = i;
    }
  }
  const double n = static_cast<double>(sorted.size());
  const double smaller = std::min(static_cast<double>(after), n - static_cast<double>(after)) / n;
  // Within one of two modes the deviation is small; the whole's would hide the gap.
  const std::span<const double> all(sorted);
  const auto low = all.first(after);
  const auto high = all.subspan(after);
  if (low.empty() || smaller < smaller_mode) return;
  const double within = std::max(robust_sigma(low, median(low)), robust_sigma(high, median(high)));
  const double scale = mad_to_sigma * (within > 0.0 ? std::min(within, sigma) : sigma);
  if (gap > gap_in_mads * scale) {
    found.push_back({"two-modes", Effect::warning, gap,
                     fmt::format("{}: times fall in two groups, around {:.4g} s and {:.4g} s", arm, median(low),
                                 median(high))});
  }
}

/// Pairs i < j with x[i] > x[j], by merging.
std::uint64_t inversions(std::vector<double>& x, std::vector<double>& buffer, std::size_t first,
                         std::size_t last) {
  if (last - first < 2) return 0;
  const std::size_t middle = first + (last - first) / 2;
  std::uint64_t count = inversions(x, buffer, first, middle) + inversions(x, buffer, middle, last);
  std::size_t i = first;
  std::size_t j = middle;
  for (std::size_t k = first; k < last; ++k) {
    if (j >= last || (i < middle && x[i] <= x[j])) {
      buffer[k] = x[i++];
    } else {
      count += middle - i;
      buffer[k] = x[j++];
    }
  }
  std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(first),
            buffer.begin() + static_cast<std::ptrdiff_t>(last), x.begin() + static_cast<std::ptrdiff_t>(first));
  return count;
}

}  // namespace

std::string_view word(Finding::Effect effect) {
  switch (effect) {
    case Effect::note: return "note";
    case Effect::warning: return "warning";
    case Effect::cap: return "cap";
  }
  return "note";
}

double lag_one_correlation(std::span<const double> x) {
  if (x.size() < 3) return 0.0;
  double mean = 0.0;
  for (const double v : x) mean += v / static_cast<double>(x.size());
  double own = 0.0;
  double neighbours = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    own += (x[i] - mean) * (x[i] - mean);
    if (i > 0) neighbours += (x[i] - mean) * (x[i - 1] - mean);
  }
  return own > 0.0 ? neighbours / own : 0.0;
}

double drift_score(std::span<const double> x) {
  const double n = static_cast<double>(x.size());
  if (x.size() < 4) return 0.0;
  std::vector<double> copy(x.begin(), x.end());
  std::vector<double> buffer(copy.size());
  const double falling = static_cast<double>(inversions(copy, buffer, 0, copy.size()));
  double ties = 0.0;  // pairs of equal values
  double tie_term = 0.0;
  for (std::size_t i = 0; i < copy.size();) {
    std::size_t j = i;
    while (j < copy.size() && copy[j] == copy[i]) ++j;
    const double t = static_cast<double>(j - i);
    ties += t * (t - 1) / 2;
    tie_term += t * (t - 1) * (2 * t + 5);
    i = j;
  }
  const double rising = n * (n - 1) / 2 - falling - ties;
  const double s = rising - falling;
  const double variance = (n * (n - 1) * (2 * n + 5) - tie_term) / 18;
  if (!(variance > 0.0) || s == 0.0) return 0.0;
  return (s > 0 ? s - 1 : s + 1) / std::sqrt(variance);
}

std::size_t warmup_length(std::span<const double> x) {
  std::size_t best = 0;
  double best_value = INFINITY;
  double sum = 0.0;
  double squares = 0.0;
  const double origin =
      x.empty() ? 0.0 : x.back();  // differences from one sample: no cancellation of large squares
  for (std::size_t i = x.size(); i-- > 0;) {
    sum += x[i] - origin;
    squares += (x[i] - origin) * (x[i] - origin);
    const double m = static_cast<double>(x.size() - i);
    const double value = (squares - sum * sum / m) / (m * m);
    if (i <= x.size() / 2 && value <= best_value) {
      best_value = value;
      best = i;
    }
  }
  return best;
}

std::vector<Finding> check_arm(std::string_view arm, std::span<const double> x) {
  std::vector<Finding> found;
  if (x.size() < fewest_blocks) return found;
  const double centre = median(x);
  const double sigma = robust_sigma(x, centre);
  if (sigma > 0.0) {
    check_outliers(arm, x, centre, sigma, found);
    check_modes(arm, x, sigma, found);
    if (sigma / centre > noisy) {
      found.push_back({"noise", Effect::warning, sigma / centre,
                       fmt::format("{}: spread of {:.1f} % of the median: more blocks, or a quieter machine",
                                   arm, 100 * sigma / centre)});
    }
  }
  const std::size_t leading = warmup_length(x);
  // The minimum of a flat statistic wanders; only a rest that is clearly steadier counts.
  if (leading > x.size() / 4 &&
      std::fabs(median(x.first(leading)) - median(x.subspan(leading))) > 2.0 * sigma) {
    found.push_back({"not-steady", Effect::cap, static_cast<double>(leading),
                     fmt::format("{}: not steady before sample {}: raise --warmup", arm, leading)});
  }
  const double z = drift_score(x);
  if (std::fabs(z) > drift_at_1_percent) {
    found.push_back(
        {"drift", Effect::warning, z,
         fmt::format("{}: times {} over the run; pairing removes it, a baseline comparison does not", arm,
                     z > 0 ? "rise" : "fall")});
  }
  return found;
}

std::vector<Finding> check_pairs(std::span<const double> reference, std::span<const double> candidate) {
  std::vector<Finding> found;
  std::vector<double> d;
  for (std::size_t i = 0; i < std::min(reference.size(), candidate.size()); ++i) {
    d.push_back(std::log(candidate[i] / reference[i]));
  }
  if (d.size() < fewest_blocks) return found;
  const double r = lag_one_correlation(d);
  const double n = static_cast<double>(d.size());
  const double effective = r > 0.0 ? n * (1 - r) / (1 + r) : n;
  // A few independent blocks often look a little alike: only a correlation beyond chance (5 %, one side)
  // counts.
  const bool beyond_chance = r > one_in_twenty / std::sqrt(n);
  if (beyond_chance && effective < static_cast<double>(fewest_blocks)) {
    found.push_back(
        {"dependence", Effect::cap, r,
         fmt::format("neighbouring blocks are alike (correlation {:.2f}): worth only {:.1f} independent "
                     "blocks",
                     r, effective)});
  }
  return found;
}

std::vector<Finding> check_duration(std::string_view arm, std::span<const double> x, double shortest_seconds,
                                    Started started) {
  if (x.empty() || median(x) >= shortest_seconds) return {};
  const std::string_view why = started == Started::process
                                   ? "close to the cost of starting a process; let it do more work"
                                   : "short against what else a machine does; let the study have more tasks";
  return {
      {"too-short", Effect::warning, median(x), fmt::format("{}: {:.3g} s a run is {}", arm, median(x), why)}};
}

}  // namespace assay::bench
