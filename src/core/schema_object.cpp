// Keywords about objects: required, properties and their kin.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "core/number.hpp"
#include "core/schema_node.hpp"
#include "core/suggest.hpp"

namespace assay::schema_detail {

namespace {

using Patterns = std::vector<std::pair<std::shared_ptr<const re2::RE2>, const Node*>>;

void need_object(const Keyword& k) {
  if (!k.value.is_object()) k.refuse("an object");
}

void run_below(const Node& node, const Json& value, std::string_view key, Run& run) {
  run.path.emplace_back(key);
  node.run(value, run);
  run.path.pop_back();
}

std::optional<Check> required_check(const Keyword& k) {
  if (!k.value.is_array()) k.refuse("an array of keys");
  std::vector<std::string> keys;
  for (const auto& key : k.value) {
    if (!key.is_string()) k.refuse("an array of keys");
    keys.push_back(key.get<std::string>());
  }
  return [keys, pointer = k.pointer](const Json& instance, Run& run) {
    if (!instance.is_object()) return;
    for (const auto& key : keys)
      if (!instance.contains(key))
        run.fail(pointer, "missing key \"" + key + "\"", "the key \"" + key + "\"", {});
  };
}

std::optional<Check> properties_check(const Keyword& k) {
  need_object(k);
  std::unordered_map<std::string, const Node*> nodes;
  for (const auto& [key, value] : k.value.items()) nodes[key] = k.subschema(value, "/" + escaped_step(key));
  return [nodes](const Json& instance, Run& run) {
    if (!instance.is_object()) return;
    for (const auto& member : instance.get_ref<const Json::object_t&>()) {
      const auto node = nodes.find(member.first);
      if (node != nodes.end()) run_below(*node->second, member.second, member.first, run);
    }
  };
}

Patterns patterns_of(const Keyword& k, const Json& patterns, bool compile_nodes) {
  Patterns out;
  for (const auto& [pattern, value] : patterns.items()) {
    const auto compiled = compiled_pattern(pattern);
    if (!compiled) k.refuse("patterns that RE2 knows (no look-around, no back references)");
    out.emplace_back(compiled, compile_nodes ? k.subschema(value, "/" + escaped_step(pattern)) : nullptr);
  }
  return out;
}

std::optional<Check> pattern_properties_check(const Keyword& k) {
  need_object(k);
  return [patterns = patterns_of(k, k.value, true)](const Json& instance, Run& run) {
    if (!instance.is_object()) return;
    for (const auto& member : instance.get_ref<const Json::object_t&>())
      for (const auto& [pattern, node] : patterns)
        if (matches(*pattern, member.first)) run_below(*node, member.second, member.first, run);
  };
}

// Forbidding additional keys gets its own words, since it is what a mistyped key runs into.
std::optional<Check> additional_properties_check(const Keyword& k) {
  std::vector<std::string> known;
  if (k.owner.contains("properties"))
    for (const auto& [key, value] : k.owner["properties"].items()) known.push_back(key);
  std::sort(known.begin(), known.end());
  Patterns patterns;
  if (k.owner.contains("patternProperties")) patterns = patterns_of(k, k.owner["patternProperties"], false);
  const Node* node = k.subschema(k.value, "");
  const bool forbidden = k.value == false;
  return [known, patterns, node, forbidden, pointer = k.pointer](const Json& instance, Run& run) {
    if (!instance.is_object()) return;
    for (const auto& member : instance.get_ref<const Json::object_t&>()) {
      const auto& key = member.first;
      if (std::binary_search(known.begin(), known.end(), key)) continue;
      if (std::any_of(patterns.begin(), patterns.end(), [&](const auto& p) { return matches(*p.first, key); }))
        continue;
      if (!forbidden) {
        run_below(*node, member.second, key, run);
      } else if (run.wants_text()) {
        run.fail(pointer, "unknown key \"" + key + "\"", known.empty() ? "no keys" : one_of(key, known), {});
      } else {
        run.fail(pointer, {}, {}, {});
      }
    }
  };
}

std::optional<Check> property_names_check(const Keyword& k) {
  const Node* node = k.subschema(k.value, "");
  return [node](const Json& instance, Run& run) {
    if (!instance.is_object()) return;
    for (const auto& member : instance.get_ref<const Json::object_t&>())
      run_below(*node, Json(member.first), member.first, run);
  };
}

std::optional<Check> min_properties_check(const Keyword& k) {
  if (!k.value.is_number()) k.refuse("a number");
  return [bound = k.value.get<double>(), pointer = k.pointer](const Json& instance, Run& run) {
    if (instance.is_object() && static_cast<double>(instance.size()) < bound)
      run.fail(pointer, "too few keys", "at least " + number_text(bound),
               number_text(std::int64_t(instance.size())));
  };
}

std::optional<Check> max_properties_check(const Keyword& k) {
  if (!k.value.is_number()) k.refuse("a number");
  return [bound = k.value.get<double>(), pointer = k.pointer](const Json& instance, Run& run) {
    if (instance.is_object() && static_cast<double>(instance.size()) > bound)
      run.fail(pointer, "too many keys", "at most " + number_text(bound),
               number_text(std::int64_t(instance.size())));
  };
}

std::optional<Check> dependencies_check(const Keyword& k) {
  need_object(k);
  struct Dependency {
    std::string key;
    std::vector<std::string> others;
    const Node* node;
  };
  std::vector<Dependency> dependencies;
  for (const auto& [key, value] : k.value.items()) {
    Dependency d{key, {}, nullptr};
    if (value.is_array()) {
      d.others = value.get<std::vector<std::string>>();
    } else {
      d.node = k.subschema(value, "/" + escaped_step(key));
    }
    dependencies.push_back(std::move(d));
  }
  return [dependencies, pointer = k.pointer](const Json& instance, Run& run) {
    if (!instance.is_object()) return;
    for (const auto& d : dependencies) {
      if (!instance.contains(d.key)) continue;
      if (d.node != nullptr) d.node->run(instance, run);
      for (const auto& other : d.others)
        if (!instance.contains(other))
          run.fail(pointer, "\"" + d.key + "\" is given without \"" + other + "\"", "the key \"" + other + "\"",
                   {});
    }
  };
}

}  // namespace

Factory object_factory(std::string_view keyword) {
  if (keyword == "required") return required_check;
  if (keyword == "properties") return properties_check;
  if (keyword == "patternProperties") return pattern_properties_check;
  if (keyword == "additionalProperties") return additional_properties_check;
  if (keyword == "propertyNames") return property_names_check;
  if (keyword == "minProperties") return min_properties_check;
  if (keyword == "maxProperties") return max_properties_check;
  if (keyword == "dependencies") return dependencies_check;
  return nullptr;
}

}  // namespace assay::schema_detail
