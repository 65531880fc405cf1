// The output files of two sides, pair by pair, as one report whose places a person can follow.
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "gate/files.hpp"
#include "gate/gate.hpp"
#include "gate/rules.hpp"

namespace assay::gate {

/// Files are paired by position. With more than one, observables are called "file:column". A file that cannot
/// be read as its kind, or that one side lacks, fails. Places read "A result.csv:17", wherever the files lie.
GateReport compare_outputs(const std::vector<OutputFile>& a, const std::vector<OutputFile>& b, Rules& rules,
                           const FileFormat& format);

}  // namespace assay::gate
