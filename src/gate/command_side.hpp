// A program as a side of a gate: it runs in a shell, and what it wrote is kept apart before anything else runs.
// A file that was there before and was not written is no result.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "gate/gate.hpp"
#include "gate/side_spec.hpp"

namespace assay::gate {

/// Runs the side's command in `folder`. {out} is a fresh folder; the listed files are looked for there when the
/// command names it, else in `folder`. Without files, standard output is the result.
SideResult run_command_side(const SideSpec& side, const Knobs& knobs, const std::filesystem::path& folder,
                            Runtime& runtime);

/// Files that are on disk already.
SideResult read_files_side(const SideSpec& side, const std::filesystem::path& folder);

}  // namespace assay::gate
