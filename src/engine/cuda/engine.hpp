// Many tasks resident on one CUDA device at once.
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/engine.hpp"

namespace assay::engine::cuda {

const Engine& instance();

}  // namespace assay::engine::cuda
