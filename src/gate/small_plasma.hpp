// The case that the built-in gates share.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace assay::gate {

/// A small tokamak case; with the wavenumbers of the gates its growth rates are all different and none zero.
/// Its electrons are adiabatic: the particle flux is zero, and what is computed for it is rounding. A gate
/// appends its own tables.
inline constexpr std::string_view small_plasma = R"toml(
workload = "gk.linear"
[grid]
ntheta = 16
nperiod = 1
[velocity]
nl = 3
nm = 6
[species.ion]
a_LT = 2.49
a_Ln = 0.8
)toml";

}  // namespace assay::gate
