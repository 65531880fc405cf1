// Units as ledgers, artifacts and documents write them, and the factor between two of them.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::claims {

// A unit as a factor times a base: "GB/s" is 1e9 "B/s", "ms" 1e-3 "s", "%" 0.01 of the number itself, "tests"
// is "test". Binary prefixes (KiB) are 1024; "KB" and "kB" are 1000.
struct Unit {
  std::string base;
  double factor = 1;
  bool counts = false;  // a word such as "tests", which a document may leave to its sentence
};

Unit parse_unit(std::string_view written);

// value in `to` = value in `from` times this; nothing when they measure different things. A number without unit
// converts to a percentage and to a count of anything, but not to seconds.
std::optional<double> conversion(std::string_view from, std::string_view to);

}  // namespace assay::claims
