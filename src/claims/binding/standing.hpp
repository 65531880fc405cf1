// What the manifest beside an artifact says of it: which classes of claims may lean on it, which words they may
// not use, whether another artifact has replaced it, and whether the file is the one that was listed.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace assay::claims {

struct Standing {
  bool listed = false;
  std::uint8_t allowed = 0xff;      // bit i: ClaimClass i
  std::vector<std::string> denied;  // `does_not_support`, classes and words
  bool without_scope = false;       // listed, but nobody has said what it supports
  std::string superseded_by;        // name of the entry that replaces it
  std::string sha256;               // of the file that was listed
};

// The entry that lists `path` (relative to `root`) in the nearest manifest.toml at or above its folder, not
// above `root`. `supports` allows every class, or those that it begins with: "speed, identity: the scan on two
// threads". A manifest that cannot be read says nothing here: check-artifacts says what is wrong with it.
Standing standing_of(const std::filesystem::path& root, const std::string& path);

}  // namespace assay::claims
