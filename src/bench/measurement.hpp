// A measurement: what was asked, every raw sample, where they were taken, perhaps an earlier measurement to
// compare with. What follows from it is a function of these alone, so that anyone can judge it again.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/machine.hpp"
#include "bench/quality.hpp"
#include "bench/sampling.hpp"
#include "bench/verdict.hpp"

namespace assay::bench {

/// An earlier measurement, taken into the new one whole enough to judge by: the file it came from may change.
struct Baseline {
  struct Series {
    Arm arm;
    std::vector<double> wall;  ///< of its complete blocks, in their order
  };
  std::string file, sha256;
  Machine machine;
  std::vector<Series> series;
};

/// The gate whose sides are the arms: whether they give the same, which a speed alone never says.
struct Identity {
  std::string gate, definition_sha256;
  std::string artifact;  ///< file in which a gate of this definition passes; empty: none was given
};

struct Measurement {
  Design design;
  Rule rule;
  Samples samples;
  std::string tool;  ///< the program that took the samples, as JSON text
  std::string
      origin;  ///< host, git, run: what more is known of where they come from, as JSON text; may be empty
  Machine machine;
  Activity before, after;
  std::optional<Baseline> baseline;
  std::optional<Identity> identity;
};

/// What an earlier measurement says of the arms of a new one. UserError where an arm has no earlier samples.
Baseline baseline_of(const Measurement& earlier, const std::vector<Arm>& arms, std::string file,
                     std::string sha256);

/// One sentence a difference that makes times of two machines incomparable: processor, cores, quota, SMT,
/// governor, turbo. None: the same class of host.
std::vector<std::string> host_differences(const Machine& then, const Machine& now);

/// A comparison with the names of its sides.
struct Judgement {
  std::string gate;  ///< bench.paired, or bench.baseline: not paired, so drift between sessions is not removed
  std::string reference, candidate;
  Comparison comparison;
};

/// The rule with the looks and comparisons that share its error rate.
Rule effective_rule(const Measurement& measurement);

/// Each further arm against the first (not where samples were imported: nothing was paired), then each arm
/// against its own baseline.
std::vector<Judgement> judge(const Measurement& measurement);

/// What the data's own checks found.
std::vector<Finding> findings_of(const Measurement& measurement);

/// The worst of the judgements: regressed, then inconclusive. Imported samples without a baseline ask nothing:
/// ok.
Exit exit_of(const Measurement& measurement);

}  // namespace assay::bench
