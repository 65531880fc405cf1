// What the manifest beside an artifact says that it does not support: words that no sentence bound to it may
// use, and kinds of claims ("speed", "identity", "accuracy") that may not lean on it.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace assay::claims {

// `does_not_support` of the entry that lists `path` (relative to `root`) in the nearest manifest.toml at or
// above its folder, not above `root`; nothing without one. A manifest that cannot be read denies nothing here:
// check-artifacts says what is wrong with it.
std::vector<std::string> denials_of(const std::filesystem::path& root, const std::string& path);

}  // namespace assay::claims
