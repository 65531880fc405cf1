// One task after the other: the engine that every other is compared with.
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/engine.hpp"

namespace assay::engine::serial {

const Engine& instance();

}  // namespace assay::engine::serial
