// Is the data fit to be judged? Findings are reported; no sample is ever removed or changed.
// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::bench {

struct Finding {
  enum class Effect { note, warning, cap };  ///< cap: the verdict can be no better than inconclusive
  std::string check;
  Effect effect = Effect::note;
  double value = 0.0;  ///< what the check measured
  std::string message;
};
std::string_view word(Finding::Effect effect);

/// One arm's times in the order they were taken: outliers, slow first run, warm-up, drift, two modes, spread.
/// O(n log n).
std::vector<Finding> check_arm(std::string_view arm, std::span<const double> seconds);
/// The log ratios of the blocks: dependence between neighbours.
std::vector<Finding> check_pairs(std::span<const double> reference, std::span<const double> candidate);
enum class Started { process, here };
/// Times too short for the start of a process, or for whatever else this machine does.
std::vector<Finding> check_duration(std::string_view arm, std::span<const double> seconds,
                                    double shortest_seconds, Started started = Started::process);

// The measures themselves.
double lag_one_correlation(std::span<const double> x);
/// Kendall's S over the order of the samples, as a standard normal score.
double drift_score(std::span<const double> x);
/// MSER: how many leading samples to leave out for the steadiest rest; at most half.
std::size_t warmup_length(std::span<const double> x);

}  // namespace assay::bench
