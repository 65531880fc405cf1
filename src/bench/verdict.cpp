#include "bench/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "bench/random.hpp"
#include "core/number.hpp"

namespace assay::bench {
namespace {

constexpr double signed_rank_efficiency = 0.955;  // against the t test under normal noise
constexpr double spread_of_median = 1.4826;  // median absolute deviation to standard deviation, normal noise

double positive_log(double value) {
  if (value > 0.0 && std::isfinite(value)) return std::log(value);
  throw WorkloadError("a sample of " + number_text(value) + " cannot be compared as a ratio",
                      "every sample must be positive and finite; failed runs are not timings");
}

std::vector<double> logs(std::span<const double> x) {
  std::vector<double> y(x.size());
  std::transform(x.begin(), x.end(), y.begin(), positive_log);
  return y;
}

/// log(candidate/reference) of each block.
std::vector<double> log_ratios(std::span<const double> reference, std::span<const double> candidate) {
  if (reference.size() != candidate.size()) {
    throw WorkloadError("paired samples of different length: " + std::to_string(reference.size()) + " and " +
                        std::to_string(candidate.size()));
  }
  std::vector<double> d = logs(candidate);
  const std::vector<double> a = logs(reference);
  for (std::size_t i = 0; i < d.size(); ++i) d[i] -= a[i];
  return d;
}

Interval exp_of(const Interval& i) {
  return {std::exp(i.low), std::exp(i.high)};
}

/// The rule on the log scale, where worse is positive.
Verdict judge(const std::optional<Interval>& ci, const std::optional<Interval>& tost, double limit, bool flip) {
  if (!ci) return Verdict::inconclusive;
  const auto worse_up = [flip](const Interval& i) { return flip ? Interval{-i.high, -i.low} : i; };
  const Interval i = worse_up(*ci);
  if (i.low > limit) return Verdict::regressed;
  if (i.high < -limit) return Verdict::improved;
  if (tost) {
    const Interval e = worse_up(*tost);
    if (e.low > -limit && e.high < limit) return Verdict::equivalent;
  }
  if (i.low > 0.0 || i.high < 0.0) return Verdict::changed_small;
  return Verdict::inconclusive;
}

void explain(Comparison& c, const Rule& rule) {
  if (c.verdict != Verdict::inconclusive) return;
  if (c.n < fewest_blocks) {
    c.reasons.push_back("only " + std::to_string(c.n) + " blocks: fewer than " + std::to_string(fewest_blocks) +
                        " give no 95 % interval");
  } else if (!c.interval) {
    c.reasons.push_back(std::to_string(c.n) + " blocks give no interval at the level that is left to each of " +
                        std::to_string(rule.looks) + " looks and " + std::to_string(rule.family) +
                        " comparisons");
  } else {
    c.reasons.push_back("the interval holds both no change and a change of more than " +
                        number_text(rule.effect()));
  }
}

}  // namespace

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::regressed: return "regressed";
    case Verdict::improved: return "improved";
    case Verdict::equivalent: return "equivalent";
    case Verdict::changed_small: return "changed-small";
    case Verdict::inconclusive: return "inconclusive";
  }
  return "inconclusive";
}

Comparison compare_paired(std::span<const double> reference, std::span<const double> candidate,
                          const Rule& rule) {
  const std::vector<double> d = log_ratios(reference, candidate);
  Comparison c{.n = d.size()};
  const SignedRank ranks(d);
  const bool flip = rule.better == Better::higher;
  const double limit = std::log1p(rule.effect());
  const double alpha = rule.alpha_at_look();
  c.ratio = std::exp(ranks.estimate());
  const auto ci = c.n >= fewest_blocks ? ranks.interval(alpha) : std::nullopt;
  const auto tost = c.n >= fewest_blocks ? ranks.interval(2.0 * alpha) : std::nullopt;
  if (ci) c.interval = exp_of(*ci);
  if (tost) c.equivalence = exp_of(*tost);
  c.p_worse = flip ? ranks.p_below(-limit) : ranks.p_above(limit);
  c.p_better = flip ? ranks.p_above(limit) : ranks.p_below(-limit);
  c.verdict = judge(ci, tost, limit, flip);
  explain(c, rule);
  return c;
}

Comparison compare_unpaired(std::span<const double> reference, std::span<const double> candidate,
                            const Rule& rule) {
  const std::vector<double> a = logs(reference);
  const std::vector<double> b = logs(candidate);
  Comparison c{.n = std::min(a.size(), b.size())};
  const double alpha = rule.alpha_at_look();
  const Shift ci = rank_sum_shift(a, b, alpha);
  const Shift tost = rank_sum_shift(a, b, 2.0 * alpha);
  c.ratio = std::exp(ci.estimate);
  const bool enough = c.n >= fewest_blocks;
  if (enough && ci.interval) c.interval = exp_of(*ci.interval);
  if (enough && tost.interval) c.equivalence = exp_of(*tost.interval);
  c.verdict = judge(enough ? ci.interval : std::nullopt, enough ? tost.interval : std::nullopt,
                    std::log1p(rule.effect()), rule.better == Better::higher);
  explain(c, rule);
  return c;
}

double noise_floor(std::span<const double> first, std::span<const double> second, std::uint64_t seed,
                   int resamples) {
  const std::vector<double> d = log_ratios(first, second);
  std::vector<double> sizes;
  for (int r = 0; r < std::max(resamples, 20); ++r) {
    Random random(seed, static_cast<std::uint64_t>(r));
    std::vector<double> exchanged = d;
    for (double& v : exchanged) v = random.bits() >> 31 != 0 ? -v : v;
    sizes.push_back(std::fabs(SignedRank(exchanged).estimate()));
  }
  std::sort(sizes.begin(), sizes.end());
  return std::expm1(sorted_quantile(sizes, 0.95));
}

std::vector<bool> holm(std::span<const double> p, double alpha) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return p[i] < p[j]; });
  std::vector<bool> stands(p.size(), false);
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    if (!(p[order[rank]] <= alpha / static_cast<double>(p.size() - rank))) break;
    stands[order[rank]] = true;
  }
  return stands;
}

void judge_family(std::span<Comparison> family, const Rule& rule) {
  std::vector<double> p;
  for (const Comparison& c : family) p.push_back(std::min(c.p_worse, c.p_better));
  const std::vector<bool> stands = holm(p, rule.alpha / rule.looks);
  for (std::size_t i = 0; i < family.size(); ++i) {
    Comparison& c = family[i];
    const bool enough = c.n >= fewest_blocks;
    if (stands[i] && enough) {
      c.verdict = c.p_worse < c.p_better ? Verdict::regressed : Verdict::improved;
      c.reasons.clear();
    } else if (c.verdict == Verdict::regressed || c.verdict == Verdict::improved) {
      c.verdict = Verdict::inconclusive;
      c.reasons.push_back("does not stand among " + std::to_string(family.size()) + " comparisons (Holm)");
    }
  }
}

std::optional<std::size_t> pairs_needed(std::span<const double> pilot_reference,
                                        std::span<const double> pilot_candidate, double effect, double power,
                                        const Rule& rule) {
  const double beyond = std::log1p(effect) - std::log1p(rule.effect());
  if (!(beyond > 0.0) || pilot_reference.size() < 2) return std::nullopt;
  const std::vector<double> d = log_ratios(pilot_reference, pilot_candidate);
  const double n = static_cast<double>(d.size());
  const double mean = std::accumulate(d.begin(), d.end(), 0.0) / n;
  double squares = 0.0;
  for (const double v : d) squares += (v - mean) * (v - mean);
  const double centre = median(d);
  std::vector<double> distance;
  for (const double v : d) distance.push_back(std::fabs(v - centre));
  const double spread = std::max(std::sqrt(squares / (n - 1)), spread_of_median * median(distance));
  const double z = normal_quantile(1.0 - rule.alpha_at_look() / 2) + normal_quantile(power);
  const double pairs = std::ceil(std::pow(z * spread / beyond, 2) / signed_rank_efficiency);
  return std::max(static_cast<std::size_t>(pairs), fewest_blocks);
}

Exit exit_of(const Comparison& c, const Rule& rule) {
  switch (c.verdict) {
    case Verdict::regressed: return Exit::evidence_no;
    case Verdict::improved:
    case Verdict::equivalent: return Exit::ok;
    case Verdict::changed_small: {
      const double worst = rule.better == Better::lower ? c.interval->high : 1.0 / c.interval->low;
      return worst < 1.0 + rule.effect() ? Exit::ok : Exit::inconclusive;
    }
    case Verdict::inconclusive: return Exit::inconclusive;
  }
  return Exit::bug;
}

}  // namespace assay::bench
