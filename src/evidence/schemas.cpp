#include "evidence/schemas.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "evidence/embedded_schemas.hpp"

namespace assay::evidence {

std::vector<std::string> schema_kinds() {
  std::vector<std::string> kinds;
  for (const auto& schema : embedded_schemas()) kinds.emplace_back(schema.kind);
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

std::string_view schema_text(std::string_view kind) {
  for (const auto& schema : embedded_schemas())
    if (schema.kind == kind) return schema.text;
  throw UserError(Problem{.what = "no kind of document \"" + std::string(kind) + "\"",
                          .expected = one_of(kind, schema_kinds())});
}

const Schema& schema_of(std::string_view kind) {
  static std::mutex mutex;
  static std::map<std::string, Schema, std::less<>> compiled;
  const std::lock_guard lock(mutex);
  if (const auto found = compiled.find(kind); found != compiled.end()) return found->second;
  const auto name = "schemas/" + std::string(kind) + ".v1.schema.json";
  return compiled.emplace(kind, Schema(parse_json(schema_text(kind), name), name)).first->second;
}

std::vector<SchemaError> validate(std::string_view kind, const Json& document) {
  return schema_of(kind).validate(document);
}

std::string kind_of_document(const Json& document) {
  constexpr std::string_view prefix = "assay/";
  constexpr std::string_view suffix = "/v1";
  std::string id;
  if (document.is_object() && document.contains("schema") && document["schema"].is_string())
    id = document["schema"].get<std::string>();
  const std::string_view text = id;
  if (!text.starts_with(prefix) || !text.ends_with(suffix) || text.size() <= prefix.size() + suffix.size())
    throw UserError(Problem{.what = "the document does not say what it is",
                            .expected = "a member \"schema\" such as \"assay/scan/v1\"",
                            .found = id.empty() ? "none" : "\"" + id + "\""});
  const auto kind = text.substr(prefix.size(), text.size() - prefix.size() - suffix.size());
  schema_text(kind);
  return std::string(kind);
}

}  // namespace assay::evidence
