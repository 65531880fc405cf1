// Rows of named cells, from a CSV file or from an array of objects in JSON, so that a claim can say "column
// gamma where ky is 0.3" of either.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json.hpp"

namespace assay::claims {

class TableData {
 public:
  virtual ~TableData() = default;
  virtual std::size_t rows() const = 0;
  // The cell as it is written; nothing when the row has no such field.
  virtual std::optional<std::string> cell(std::size_t row, std::string_view field) const = 0;
  virtual std::vector<std::string> fields() const = 0;
  virtual std::size_t line_of(std::size_t row) const = 0;  // in the file; 0: unknown

  using Where = std::vector<std::pair<std::string, std::string>>;
  // The rows whose fields have these values, numbers compared as numbers.
  std::vector<std::size_t> find(const Where& where) const;
};

// RFC 4180: commas, quotes, a header line; lines that begin with '#' before the header are skipped.
std::unique_ptr<TableData> csv_table(std::string_view text);

// A field is a member of the row, a dotted path ("point.ky"), or a member of its "point" or "observables".
// `rows` must outlive the table.
std::unique_ptr<TableData> json_table(const Json& rows);

// Text of a JSON scalar: numbers in the shortest form, strings as they are.
std::string scalar_text(const Json& value);

// Whether two texts say the same: equal, or equal as numbers to 12 digits.
bool same_value(std::string_view a, std::string_view b);

}  // namespace assay::claims
