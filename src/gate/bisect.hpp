// Where identity first breaks: the smallest number of threads, tasks in a chunk, or steps at which the sides
// part.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/config_gate.hpp"

namespace assay::gate {

struct Probe {
  std::int64_t value = 0;
  Verdict verdict = Verdict::blocked;
};

struct Bisection {
  std::string knob;
  std::int64_t low = 1, high = 1;
  std::vector<Probe> probes;                 ///< in the order in which they ran
  std::optional<std::int64_t> first_broken;  ///< none: identity holds at both ends
  std::optional<GateReport> report;          ///< of the first broken value
};

/// Assumes what holds at a value holds below it, as identity lost at some step stays lost; log2(high - low)
/// runs of the candidate, and of the floor too where the knob is `step`. UserError for a knob without a range.
Bisection bisect(ConfigGate& gate, const std::string& knob, Runtime& runtime);

Json to_json(const Bisection& bisection);
std::string to_text(const Bisection& bisection);

}  // namespace assay::gate
