// From timings to a verdict: an interval must exclude "no change" and a minimum effect must be exceeded. What
// cannot be decided is said to be inconclusive, never equal.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/rank.hpp"
#include "core/error.hpp"

namespace assay::bench {

enum class Verdict { regressed, improved, equivalent, changed_small, inconclusive };
std::string_view word(Verdict verdict);  ///< "changed-small" and so on

enum class Better { lower, higher };

/// Fewer blocks than this give no 95 % interval, hence no claim.
inline constexpr std::size_t fewest_blocks = 6;

struct Rule {
  double min_effect = 0.05;  ///< fraction; smaller changes are not worth a verdict
  double noise_floor = 0.0;  ///< fraction, from an A/A run; the larger of the two counts
  double alpha = 0.05;       ///< two-sided, of the whole decision
  int looks = 1;             ///< declared before the first sample: each look gets alpha/looks
  int family = 1;            ///< comparisons judged together: intervals are shown at alpha/family
  Better better = Better::lower;

  [[nodiscard]] double effect() const { return min_effect > noise_floor ? min_effect : noise_floor; }
  [[nodiscard]] double alpha_at_look() const { return alpha / (static_cast<double>(looks) * family); }
};

/// Ratios are candidate over reference, in the metric's own direction (time: above 1 is slower).
struct Comparison {
  std::size_t n = 0;
  double ratio = 0.0;                   ///< exp of the Hodges-Lehmann estimate
  std::optional<Interval> interval;     ///< of the ratio, at 1 - alpha_at_look
  std::optional<Interval> equivalence;  ///< of the ratio, at 1 - 2*alpha_at_look: two one-sided tests
  double p_worse = 1.0;                 ///< two-sided p of "worse by more than the effect"; 1 when unpaired
  double p_better = 1.0;
  Verdict verdict = Verdict::inconclusive;
  std::vector<std::string> reasons;  ///< why it is inconclusive, in words
};

/// One value a block and arm, in the order of the blocks. WorkloadError for a value that is not positive and
/// finite.
Comparison compare_paired(std::span<const double> reference, std::span<const double> candidate,
                          const Rule& rule);
/// For stored baselines: no pairing, so drift between the sessions is not removed.
Comparison compare_unpaired(std::span<const double> reference, std::span<const double> candidate,
                            const Rule& rule);

/// A fraction below which this machine cannot tell two runs of the same program apart: 95th percentile of
/// |estimate| over resampled label exchanges of an A/A run. Deterministic in the seed.
double noise_floor(std::span<const double> first, std::span<const double> second, std::uint64_t seed,
                   int resamples = 200);

/// Holm's step-down over several comparisons: which of them stand at this alpha.
std::vector<bool> holm(std::span<const double> p, double alpha);
/// Re-judges several comparisons as one family: regressed and improved must survive Holm, else they are
/// inconclusive.
void judge_family(std::span<Comparison> family, const Rule& rule);

/// Pairs needed to see `effect` (a fraction beyond the rule's own) with this power, from the spread of a
/// pilot's log ratios; the larger of the robust and the classical spread counts. Nothing where effect is not
/// beyond the rule's.
std::optional<std::size_t> pairs_needed(std::span<const double> pilot_reference,
                                        std::span<const double> pilot_candidate, double effect, double power,
                                        const Rule& rule);

/// ok for improved, equivalent and a small change that is not worse than the effect; evidence_no; inconclusive.
Exit exit_of(const Comparison& comparison, const Rule& rule);

}  // namespace assay::bench
