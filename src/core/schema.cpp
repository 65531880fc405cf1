// Compiling a schema: finds what each $ref names, then turns every keyword into its check, once a place.
// SPDX-License-Identifier: MIT
#include "core/schema.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "core/error.hpp"
#include "core/number.hpp"
#include "core/schema_node.hpp"
#include "core/uri.hpp"

namespace assay {

using schema_detail::Keyword;
using schema_detail::Node;
using schema_detail::Run;

namespace {

constexpr int kDeepestReference = 2000;

/// A place in one of the documents, and the URI that relative references there start from.
struct Place {
  const Json* schema = nullptr;
  std::string document;
  std::string pointer;
  std::string base;
};

std::string without_fragment(const std::string& uri) {
  return uri.substr(0, uri.find('#'));
}

std::string fragment_of(const std::string& uri) {
  const auto hash = uri.find('#');
  return hash == std::string::npos ? std::string() : percent_decoded(uri.substr(hash + 1));
}

bool is_reference(const Json& schema) {
  return schema.contains("$ref") && schema["$ref"].is_string();
}

std::string base_below(const Json& schema, const std::string& base) {
  if (!schema.is_object() || is_reference(schema) || !schema.contains("$id") || !schema["$id"].is_string())
    return base;
  return resolve_uri(base, schema["$id"].get<std::string>());
}

std::vector<std::string> steps_of(std::string_view pointer) {
  std::vector<std::string> steps;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    std::string step;
    for (std::size_t i = 0; i < end; ++i) {
      const bool escape = pointer[i] == '~' && i + 1 < end;
      step += escape ? (pointer[++i] == '1' ? '/' : '~') : pointer[i];
    }
    steps.push_back(std::move(step));
    pointer.remove_prefix(end);
  }
  return steps;
}

const Json* child_of(const Json& value, const std::string& step) {
  if (value.is_object()) {
    const auto found = value.find(step);
    return found == value.end() ? nullptr : &*found;
  }
  const auto index = parse_int64(step);
  if (!value.is_array() || !index || *index < 0 || static_cast<std::size_t>(*index) >= value.size())
    return nullptr;
  return &value[static_cast<std::size_t>(*index)];
}

// Calls visit(subschema, step below) for everything directly below that is a schema, and nothing else: an
// enum's values may look like schemas.
template <class Visit>
void each_subschema(const Json& schema, Visit visit) {
  static constexpr std::string_view maps[] = {"properties", "patternProperties", "definitions", "dependencies"};
  static constexpr std::string_view others[] = {"items",
                                                "additionalItems",
                                                "contains",
                                                "additionalProperties",
                                                "propertyNames",
                                                "not",
                                                "if",
                                                "then",
                                                "else",
                                                "allOf",
                                                "anyOf",
                                                "oneOf"};
  for (const auto& [key, value] : schema.items()) {
    const bool is_map = std::find(std::begin(maps), std::end(maps), key) != std::end(maps);
    const bool is_other = std::find(std::begin(others), std::end(others), key) != std::end(others);
    if ((is_map && value.is_object()) || (is_other && value.is_array())) {
      for (const auto& [name, item] : value.items())
        visit(item, "/" + key + "/" + schema_detail::escaped_step(name));
    } else if (is_other) {
      visit(value, "/" + key);
    }
  }
}

}  // namespace

struct Schema::Compiled {
  std::string name;
  Documents documents;                // the schema itself under ""
  std::map<std::string, Place> ids;   // absolute $id -> place
  std::map<std::string, Node> nodes;  // "document#pointer" -> compiled; a map keeps addresses
  const Node* root = nullptr;

  [[noreturn]] void refuse(const Place& place, const std::string& what,
                           const std::string& expected = {}) const {
    Problem problem;
    problem.what = "schema " + name + ", at \"" + place.document + "#" + place.pointer + "\": " + what;
    problem.expected = expected;
    throw UserError(std::move(problem));
  }

  void collect_ids(const Place& place) {
    if (!place.schema->is_object() || is_reference(*place.schema)) return;
    Place here = place;
    here.base = base_below(*place.schema, place.base);
    if (here.base != place.base) {
      auto id = here.base;
      if (!id.empty() && id.back() == '#') id.pop_back();
      ids.emplace(id, here);
      here.base = without_fragment(id);
    }
    each_subschema(*place.schema, [&](const Json& below, const std::string& steps) {
      collect_ids({&below, here.document, here.pointer + steps, here.base});
    });
  }

  Place find(const Place& from, const std::string& reference) const {
    const auto uri = resolve_uri(from.base, reference);
    if (const auto named = ids.find(uri); named != ids.end()) return named->second;
    const auto document = without_fragment(uri);
    Place place;
    if (const auto by_id = ids.find(document); by_id != ids.end()) {
      place = by_id->second;
    } else if (const auto by_name = documents.find(document); by_name != documents.end()) {
      place = {&by_name->second, document, "", document};
    } else {
      refuse(from, "$ref \"" + reference + "\" names nothing that is known here", "a place in this schema");
    }
    const auto fragment = fragment_of(uri);
    if (!fragment.empty() && fragment.front() != '/') refuse(from, "$ref \"" + reference + "\" names no $id");
    for (const auto& step : steps_of(fragment)) {
      place.base = base_below(*place.schema, place.base);
      place.schema = child_of(*place.schema, step);
      if (place.schema == nullptr) refuse(from, "$ref \"" + reference + "\" points to nothing");
      place.pointer += "/" + schema_detail::escaped_step(step);
    }
    return place;
  }

  const Node* compile(Place place) {
    const auto [entry, is_new] = nodes.try_emplace(place.document + "#" + place.pointer);
    Node* node = &entry->second;
    if (!is_new) return node;
    node->pointer = place.document.empty() ? place.pointer : entry->first;
    if (place.schema->is_boolean()) {
      if (*place.schema == false)
        node->checks.push_back([pointer = node->pointer](const Json& instance, Run& run) {
          run.fail(pointer, "nothing is allowed here", {}, schema_detail::shown(instance));
        });
      return node;
    }
    if (!place.schema->is_object()) refuse(place, "not a schema", "an object, true or false");
    if (is_reference(*place.schema)) {
      node->checks.push_back(follow(compile(find(place, (*place.schema)["$ref"].get<std::string>()))));
      return node;
    }
    place.base = base_below(*place.schema, place.base);
    for (const auto& [key, value] : place.schema->items()) add_check(*node, place, key, value);
    return node;
  }

  void add_check(Node& node, const Place& place, const std::string& key, const Json& value) {
    const auto factory = schema_detail::factory_of(key);
    if (factory == nullptr) return;
    const auto prefix = place.pointer + "/";
    const Keyword keyword{value, *place.schema,
                          (place.document.empty() ? "" : place.document + "#") + prefix + key,
                          [&](const Json& below, const std::string& steps) {
                            return compile({&below, place.document, prefix + key + steps, place.base});
                          },
                          [&](const std::string& other, const Json& below) {
                            return compile({&below, place.document, prefix + other, place.base});
                          }};
    if (auto check = factory(keyword)) node.checks.push_back(std::move(*check));
  }

  static schema_detail::Check follow(const Node* target) {
    return [target](const Json& instance, Run& run) {
      if (run.depth >= kDeepestReference)
        throw UserError("schema refers to itself without end at " + target->pointer);
      ++run.depth;
      target->run(instance, run);
      --run.depth;
    };
  }
};

Schema::Schema(Json schema, std::string name, Documents documents) : compiled_(std::make_unique<Compiled>()) {
  compiled_->name = std::move(name);
  compiled_->documents = std::move(documents);
  compiled_->documents[""] = std::move(schema);
  for (const auto& [uri, document] : compiled_->documents) compiled_->collect_ids({&document, uri, "", uri});
  compiled_->root = compiled_->compile({&compiled_->documents[""], "", "", ""});
}

Schema::~Schema() = default;
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;

std::vector<SchemaError> Schema::validate(const Json& document, std::size_t limit) const {
  return validate_part(document, "", "", limit);
}

std::vector<SchemaError> Schema::validate_part(const Json& part, std::string_view schema_pointer,
                                               std::string_view instance_pointer, std::size_t limit) const {
  const auto node = compiled_->nodes.find("#" + std::string(schema_pointer));
  if (node == compiled_->nodes.end())
    throw std::logic_error("schema " + compiled_->name + " has nothing at " + std::string(schema_pointer));
  std::vector<SchemaError> errors;
  if (limit == 0 || node->second.accepts(part, {})) return errors;
  Run run;
  run.errors = &errors;
  run.limit = limit;
  run.prefix = std::string(instance_pointer);
  node->second.run(part, run);
  return errors;
}

std::string to_text(const SchemaError& error) {
  std::string text = (error.instance.empty() ? "(the whole)" : error.instance) + ": " + error.message;
  if (error.expected.empty() && error.found.empty()) return text;
  text += " (";
  if (!error.expected.empty()) text += "expected " + error.expected;
  if (!error.expected.empty() && !error.found.empty()) text += ", ";
  if (!error.found.empty()) text += "found " + error.found;
  return text + ")";
}

}  // namespace assay
