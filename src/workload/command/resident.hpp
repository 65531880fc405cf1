// What a running program and everything that it has started hold in memory now.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace assay::workload::command {

/// Resident bytes of a process and of all its descendants, pages that two share counted twice; 0 when it is
/// gone. About 20 us a process, so it is asked ten times a second and only where there is a limit.
std::uint64_t resident_bytes(int process);

}  // namespace assay::workload::command
