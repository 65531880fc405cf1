// A gate's report as the machine form and as text.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/json.hpp"
#include "gate/fault.hpp"
#include "gate/verdict.hpp"

namespace assay::gate {

/// One element of "verdicts".
Json to_json(const GateReport& report);
/// The kill table.
Json to_json(const Proof& proof);

/// For people: failing observables in full, passing ones a line each; `all` shows passing ones however many.
std::string to_text(const GateReport& report, bool all);
std::string to_text(const Proof& proof);

}  // namespace assay::gate
