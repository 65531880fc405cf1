// The program but for its start: the streams, colour and the exit code.
// SPDX-License-Identifier: MIT
#pragma once

namespace assay::commands {

/// Never throws.
int program(int argc, char** argv);

}  // namespace assay::commands
