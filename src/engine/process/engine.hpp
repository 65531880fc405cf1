// External programs, a fixed number at a time: each job is a thread that starts one, waits, and takes the next.
// Tasks that compute inside this process are none of its work.
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/engine.hpp"

namespace assay::engine::process {

const Engine& instance();

}  // namespace assay::engine::process
