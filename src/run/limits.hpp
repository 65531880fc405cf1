// [limits] of a config and the flags over it: how long tasks may take, how often they are tried again, how many
// may fail.
// SPDX-License-Identifier: MIT
#pragma once

#include "core/config.hpp"
#include "workload/surroundings.hpp"

namespace assay::run {

struct Overrides;

/// A number of seconds or a text with a unit.
double read_seconds(Config& config, const std::string& key, double fallback);

/// UserError for a bad value, and for a limit that only external programs can have where the workload is none.
workload::Limits read_limits(Config& config, const Overrides& overrides, bool external);

}  // namespace assay::run
