// A folder of evidence, checked whole: every file alone, the manifest both ways, and files against each other.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "audit/document.hpp"
#include "audit/finding.hpp"
#include "audit/manifest.hpp"

namespace assay::audit {

struct FolderReport {
  std::filesystem::path folder;
  std::vector<Document> documents;  ///< ours, by name; the JSON is kept only where `keep` asks for it
  std::optional<Manifest> manifest;
  std::vector<Finding> findings;
  std::size_t files = 0;  ///< looked at
};

enum class Keep { nothing, documents };

/// `shown` is the folder as the user typed it; `root` is where the sources of lanes are looked for. Two files
/// at a time on two cores. Symbolic links to folders are not followed.
FolderReport check_folder(const std::filesystem::path& folder, const std::filesystem::path& root,
                          Keep keep = Keep::nothing);

/// The manifest of what is in the folder now: what a person wrote stays, digests are taken again, artifacts
/// that were not listed are added without a scope, those whose file is gone are dropped. A file that cannot be
/// read as an artifact keeps its entry: its scope must not be lost with a damaged disk.
Manifest updated_manifest(const FolderReport& report, const std::filesystem::path& root);

}  // namespace assay::audit
