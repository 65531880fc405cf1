// A measurement as a document: what was asked, every raw sample, and what follows from them. The document is a
// function of design, samples and machine alone, so that replay rebuilds it byte for byte.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "bench/machine.hpp"
#include "bench/sampling.hpp"
#include "bench/verdict.hpp"
#include "core/json.hpp"

namespace assay::bench {

struct Measurement {
  Design design;
  Rule rule;
  Samples samples;
  std::string version;  ///< of the program that took the samples
  Machine machine;
  Activity before, after;
};

/// Comparison of each further arm with the first.
std::vector<Comparison> compare_arms(const Measurement& measurement);

/// The machine form, schema assay/bench/v1.
Json to_json(const Measurement& measurement);
/// Reads design, rule, samples and machine back; nothing derived. UserError naming what is missing or wrong.
Measurement measurement_from(const Json& document, std::string_view source);

/// For people; from the machine form, so that both say the same.
std::string to_text(const Json& document);

/// The worst of the comparisons: regressed, then inconclusive.
Exit exit_of(const std::vector<Comparison>& comparisons, const Rule& rule);

}  // namespace assay::bench
