// What a person says of an artifact, put into the manifest without an editor.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "audit/manifest.hpp"

namespace assay::audit {

/// A key of an entry's table and a text for it. The entry is named as in the manifest, or by its file.
struct ManifestEdit {
  std::string key, entry, text;
};

/// "ENTRY=TEXT", for the flag of a key. UserError without an entry.
ManifestEdit parse_edit(const std::string& key, const std::string& text);

/// The keys that a person writes: lane, supports, and the lists does_not_support, supersedes and sources. Texts
/// given for a list replace it. Digests stay as they are, that of named sources excepted (below `root`): a word
/// about an artifact must not bless a change of it. UserError for an entry that is not listed.
void apply(Manifest& manifest, const std::vector<ManifestEdit>& edits, const std::filesystem::path& root);

}  // namespace assay::audit
