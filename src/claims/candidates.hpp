// Tying a sentence to a value: the values under a folder that would support its figure, the ledger's new entry,
// and the marker in the document.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "claims/check.hpp"

namespace assay::claims {

struct ValueFound {
  std::string source;  // "artifacts/bench.json#/measurements/[name=scan]/estimate", relative to the ledger
  std::string text;    // the value
  std::string unit;    // as the artifact says, or as the figure needs it
};

// Numbers in JSON files under `folder` that round to a figure of the statement, at most `most`, by file and
// place.
std::vector<ValueFound> candidates_for(const Finding& claim, const std::filesystem::path& root,
                                       const std::string& folder, std::size_t most);

// The entry as text for the ledger's end.
std::string entry_text(const std::string& id, const std::string& kind, const ValueFound& value);

// Puts "<!-- claim: ID -->" before the figure of the statement. UserError for formats other than Markdown. The
// file is replaced whole, and left alone when it is not what was read.
void insert_marker(const std::string& file, const std::string& source, const Item& item, const std::string& id);

}  // namespace assay::claims
