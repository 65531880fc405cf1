// The machine that a run sees: processor, memory, limits set on the process, what else runs. Read from /proc
// and /sys in about a millisecond; nothing is started and no device is touched.
// SPDX-License-Identifier: MIT
#pragma once

#include "core/json.hpp"

namespace assay::evidence {

/// What stays the same from run to run on one machine. What cannot be read is null. The machine is named by a
/// digest of its id, which tells two machines apart and gives no name away.
Json host_json();

/// What does not: load average, free memory.
Json host_now_json();

}  // namespace assay::evidence
