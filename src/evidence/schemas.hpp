// The schemas of everything that this program writes, built into it from schemas/.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "core/schema.hpp"

namespace assay::evidence {

/// "gate", "run", "scan", ...: the kinds, sorted.
std::vector<std::string> schema_kinds();

/// The text of schemas/<kind>.v1.schema.json. UserError with a suggestion for a kind that is none.
std::string_view schema_text(std::string_view kind);

/// Compiled once a process, on first use.
const Schema& schema_of(std::string_view kind);

/// Everything wrong with a document of a kind; none when it is valid.
std::vector<SchemaError> validate(std::string_view kind, const Json& document);

/// The kind that a document says it has: "scan" for "assay/scan/v1". UserError when it says none or an
/// unknown one.
std::string kind_of_document(const Json& document);

}  // namespace assay::evidence
