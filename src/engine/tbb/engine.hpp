// Threads of one process through oneTBB.
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/engine.hpp"

namespace assay::engine::tbb {

const Engine& instance();

}  // namespace assay::engine::tbb
