// Repair: applies the edits that findings carry to the files that they were read from. Only digits of bound
// figures and generated text change; everything else of a file stays as it is, byte for byte.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "claims/check.hpp"

namespace assay::claims {

struct Repair {
  std::string file;
  std::size_t edits = 0;
  std::string diff;     // unified, three lines of context
  std::string refused;  // why the file was left alone
};

enum class FixMode { write, dry_run };

// Each file is replaced as a whole or not at all, keeps its permissions, and is left alone when it changed
// since it was read. Throws what writing throws.
std::vector<Repair> fix(const CheckReport& report, FixMode mode);

// The edits applied, in order of offset; overlapping ones after the first are dropped.
std::string edited(std::string_view source, std::vector<report::Edit> edits);

// What changes from one text to the other, as `diff -u` writes it; for few changes in far apart places.
std::string unified_diff(const std::string& name, std::string_view before, std::string_view after);

}  // namespace assay::claims
