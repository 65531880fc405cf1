// The words that limit a claim, and whether they stand near it.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "claims/document.hpp"

namespace assay::claims {

// Where the words stand in a range of the text: whole words, any case, blanks of any kind alike.
std::vector<TextRange> occurrences(const Document& document, TextRange range, const std::string& words);

// Those that stand neither in the text nor in the blocks around it: its block, the lead-in, heads of its table,
// the headings above.
std::vector<std::string> missing_scope(const Document& document, TextRange text,
                                       const std::vector<std::string>& scope);

}  // namespace assay::claims
