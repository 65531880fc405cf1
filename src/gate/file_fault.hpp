// Faults planted into files: a copy of the floor's output with one thing wrong, judged as any candidate is.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "gate/fault.hpp"
#include "gate/files.hpp"
#include "gate/gate.hpp"
#include "gate/rules.hpp"

namespace assay::gate {

/// A file as named arrays that can be changed and written back. Tables give a column each, free text its
/// numbers, JSON its numbers by pointer, binary arrays one array. Files are cut to the first 20,000 rows or a
/// million numbers: a fault in them is as good as one behind them.
class FileModel {
 public:
  virtual ~FileModel() = default;
  [[nodiscard]] virtual Observables observables() const = 0;
  /// Writes the file with these values in place of its own: fewer or more than it has, or an observable
  /// missing, become what such a fault looks like in this kind of file.
  virtual void write(const Observables& changed, const std::filesystem::path& path) const = 0;
};

/// `rules` give each array its requirement; what they ignore is left out.
std::unique_ptr<FileModel> model_of(const std::filesystem::path& path, Rules& rules, const FileFormat& format);

/// Every standard fault in every array of every file, and each file missing and empty.
Proof prove_outputs(const std::vector<OutputFile>& floor, const Rules& rules, const FileFormat& format,
                    const std::filesystem::path& scratch, std::uint64_t seed = 1);

}  // namespace assay::gate
