// Worker processes on this machine, given batches of tasks over pipes: what tbb does with threads, for tasks
// that may take their process down with them, and the same path that MPI ranks and workers under a scheduler
// go.
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/engine.hpp"

namespace assay::engine::workers {

const Engine& instance();

}  // namespace assay::engine::workers
