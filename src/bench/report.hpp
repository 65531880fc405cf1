// A measurement as a document, and back. The document is a function of the measurement alone, so that replay
// rebuilds it byte for byte.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "bench/measurement.hpp"
#include "core/json.hpp"

namespace assay::bench {

/// The machine form, schema assay/bench/v1.
Json to_json(const Measurement& measurement);
/// Reads design, rule, samples, machine and baseline back; nothing derived. UserError naming what is missing or
/// wrong.
Measurement measurement_from(const Json& document, std::string_view source);

/// For people; from the machine form, so that both say the same.
std::string to_text(const Json& document);

}  // namespace assay::bench
