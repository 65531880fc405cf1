// gk.linear: growth rate and frequency of one (kx, ky) of a flux tube. Equations, units and limits:
// docs/concepts/gyrokinetics.md.
// SPDX-License-Identifier: MIT
#pragma once

#include "workload/gk/spec.hpp"
#include "workload/workload.hpp"

namespace assay::workload::gk {

Kind linear_kind();

/// The solver's plain structs from the flat parameters; throws UserError for values that make no sense
/// together.
Spec spec_of(const ParameterSet& inputs);

/// The parameters of a config with these species; `ion` alone also answers to the short names a_LT, a_Ln, nu.
std::shared_ptr<const ParameterTable> linear_parameters(const std::vector<std::string>& species);

}  // namespace assay::workload::gk
