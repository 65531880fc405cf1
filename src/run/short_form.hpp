// A command typed after `--` as a config: each axis, input and setting that it names becomes a parameter, typed
// by its values.
// SPDX-License-Identifier: MIT
#pragma once

#include "core/config.hpp"

namespace assay::run {

struct Overrides;

/// Sets workload, command.run, parameters and observables from Overrides::command and ::observe. `{}` stands
/// for the only axis, as other tools have it. UserError for what cannot be meant.
void apply_command(Config& config, Overrides& overrides);

}  // namespace assay::run
