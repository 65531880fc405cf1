// Two files as the two sides of a gate: tables, JSON, NPY and raw binary, read in lock-step with bounded
// memory.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/array_type.hpp"
#include "gate/rules.hpp"
#include "gate/verdict.hpp"

namespace assay::gate {

enum class FileKind { guess, csv, text, json, npy, raw };

struct FileFormat {
  FileKind kind = FileKind::guess;
  ArrayType type;  ///< of raw binary
};

/// `auto`, `csv`, `text`, `json`, `npy`, `raw:f64` and the other element types; UserError otherwise.
FileFormat parse_format(std::string_view text);

/// By content for NPY, by suffix else: .json, .npy, .csv, .tsv; free text for the rest. Raw binary must be
/// asked for.
FileKind guess_kind(const std::filesystem::path& path);

/// Compares b with a. Throws UserError for a file that cannot be read as its kind; what is readable but differs
/// in columns, shape, type or length is a failed gate. A rule that matches nothing is an error.
GateReport compare_files(const std::filesystem::path& a, const std::filesystem::path& b, Rules rules,
                         const FileFormat& format = {});

/// The same for one of several files that share their rules: `rules` remembers what it matched, and a rule
/// without a match is the caller's business.
GateReport compare_files_sharing(const std::filesystem::path& a, const std::filesystem::path& b, Rules& rules,
                                 const FileFormat& format);

/// UserError for a rule that matched none of the observables.
void reject_unused(const Rules& rules, const GateReport& report);

/// What of an artifact of this program tells when, where and by whom it was made, not what came out.
void ignore_volatile(Rules& rules);

// The kinds, one each; `rules` remembers what it matched.
GateReport compare_tables(const std::filesystem::path& a, const std::filesystem::path& b, Rules& rules,
                          bool free_text);
GateReport compare_json(const std::filesystem::path& a, const std::filesystem::path& b, Rules& rules);
GateReport compare_npy(const std::filesystem::path& a, const std::filesystem::path& b, Rules& rules);
GateReport compare_raw(const std::filesystem::path& a, const std::filesystem::path& b, Rules& rules,
                       const ArrayType& type);

}  // namespace assay::gate
