// Measurements of other tools as ours: hyperfine, Google Benchmark, nvbench. Only files with single samples are
// taken: from a mean alone nothing can be judged.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string_view>

#include "bench/measurement.hpp"

namespace assay::bench {

/// One arm for each command, benchmark or state, its samples in their order. The three formats are told apart
/// by their members. nvbench keeps its samples in files beside the JSON (`--jsonbin`), which are read from
/// there. UserError: none of the three, no single samples, or samples that are no times.
Measurement import_measurement(const std::filesystem::path& file, std::string_view text);

}  // namespace assay::bench
