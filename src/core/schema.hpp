// JSON Schema, draft 7: says everything that is wrong with a document at once, each with both places.
// SPDX-License-Identifier: MIT
//
// All keywords of the draft's validation vocabulary are there. `$ref` reaches the schema itself (by pointer
// or by `$id`) and the documents handed over with it; nothing is fetched. Of `format`, these are assertions:
// date-time, date, time, uri, uri-reference, json-pointer, regex; others are ignored, as are contentMediaType
// and contentEncoding. `pattern` is RE2 (linear time): what RE2 cannot (look-around, back references) is
// refused when the schema is read.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"

namespace assay {

struct SchemaError {
  std::string instance;  ///< pointer into the document, "" for its root: /results/3/status
  std::string schema;    ///< pointer into the schema: /properties/results/items/properties/status/enum
  std::string message;
  std::string expected;
  std::string found;
};

/// "/results/3/status: not one of the values allowed (expected "ok" or "failed", found "done")".
std::string to_text(const SchemaError& error);

class Schema {
 public:
  /// Documents that `$ref` may name, by their URI without a fragment.
  using Documents = std::map<std::string, Json>;

  /// Reads and compiles; UserError with the pointer when the schema itself is wrong. `name` is for messages.
  Schema(Json schema, std::string name, Documents documents = {});
  ~Schema();
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;

  /// Everything wrong with the document, in its order, up to `limit` errors; none if it is valid. About 1 us
  /// for each keyword and value when valid.
  [[nodiscard]] std::vector<SchemaError> validate(const Json& document, std::size_t limit = 1000) const;

  /// The same for a part of a document by a part of the schema, so that a long array is checked element by
  /// element as it is written: pointer "/properties/results/items", instance "/results/17".
  [[nodiscard]] std::vector<SchemaError> validate_part(const Json& part, std::string_view schema_pointer,
                                                       std::string_view instance_pointer,
                                                       std::size_t limit = 1000) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

/// Equality as JSON Schema means it: 1 and 1.0 are equal, the order of keys does not matter.
bool schema_equal(const Json& a, const Json& b);

/// Whether text has a format of the list above; true for formats that are not in it.
bool has_format(std::string_view text, std::string_view format);

}  // namespace assay
