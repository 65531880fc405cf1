// A binary array as a model that faults are planted into (file_fault.hpp).
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>

#include "gate/file_fault.hpp"

namespace assay::gate {

/// NumPy files and raw ones; the type of a NumPy file is its own.
std::unique_ptr<FileModel> array_model(const std::filesystem::path& path, Rules& rules, FileKind kind,
                                       const ArrayType& type);

}  // namespace assay::gate
