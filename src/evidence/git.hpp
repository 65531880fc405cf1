// The commit that a folder is at, read from .git by hand; git itself is started only to ask what was changed.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "core/json.hpp"

namespace assay::evidence {

/// {"commit": ..., "dirty": true, false or null} of the repository around a folder; null outside of one.
/// "dirty": tracked files differ from the commit; null when git cannot be asked or the repository is large
/// (index over 8 MiB), as the question then takes longer than the rest of the provenance together. About 0.1
/// ms, and 3 to 10 ms for git.
Json git_json(const std::filesystem::path& folder);

}  // namespace assay::evidence
