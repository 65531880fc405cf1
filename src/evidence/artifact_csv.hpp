// The table beside an artifact: the same results for spreadsheets and scripts (RFC 4180).
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "evidence/artifact.hpp"

namespace assay::evidence {

/// Columns: index, the coordinates, status, of, the observables (arrays left out), engine, message. Numbers
/// as in the JSON; what is missing is an empty field.
class CsvTable {
 public:
  CsvTable(std::vector<std::string> coordinates, std::vector<ObservableSpec> observables);
  [[nodiscard]] std::string header() const;
  /// `result` is an element of the artifact's results.
  [[nodiscard]] std::string row(const Json& result) const;

 private:
  std::vector<std::string> coordinates_;
  std::vector<ObservableSpec> observables_;
};

/// The table that an artifact's own results give, in pieces: what its sidecar must be, byte for byte.
void write_csv_of(const Json& artifact, const std::function<void(std::string_view)>& sink);

}  // namespace assay::evidence
