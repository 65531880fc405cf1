// Keywords about arrays.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "core/number.hpp"
#include "core/schema_node.hpp"

namespace assay::schema_detail {

namespace {

void run_at(const Node& node, const Json& array, std::size_t index, Run& run) {
  run.path.emplace_back(index);
  node.run(array[index], run);
  run.path.pop_back();
}

std::optional<Check> items_check(const Keyword& k) {
  if (!k.value.is_array()) {
    const Node* node = k.subschema(k.value, "");
    return [node](const Json& instance, Run& run) {
      if (!instance.is_array()) return;
      for (std::size_t i = 0; i < instance.size(); ++i) run_at(*node, instance, i, run);
    };
  }
  std::vector<const Node*> tuple;
  for (std::size_t i = 0; i < k.value.size(); ++i)
    tuple.push_back(k.subschema(k.value[i], "/" + std::to_string(i)));
  return [tuple](const Json& instance, Run& run) {
    if (!instance.is_array()) return;
    for (std::size_t i = 0; i < instance.size() && i < tuple.size(); ++i) run_at(*tuple[i], instance, i, run);
  };
}

std::optional<Check> additional_items_check(const Keyword& k) {
  if (!k.owner.contains("items") || !k.owner["items"].is_array()) return std::nullopt;
  const Node* node = k.subschema(k.value, "");
  return [node, first = k.owner["items"].size()](const Json& instance, Run& run) {
    if (!instance.is_array()) return;
    for (std::size_t i = first; i < instance.size(); ++i) run_at(*node, instance, i, run);
  };
}

std::optional<Check> contains_check(const Keyword& k) {
  const Node* node = k.subschema(k.value, "");
  return [node, pointer = k.pointer](const Json& instance, Run& run) {
    if (!instance.is_array()) return;
    for (const auto& item : instance)
      if (node->accepts(item, run)) return;
    run.fail(pointer, "no item of the array is as required", "at least one item valid by " + node->pointer, {});
  };
}

std::optional<Check> min_items_check(const Keyword& k) {
  if (!k.value.is_number()) k.refuse("a number");
  return [bound = k.value.get<double>(), pointer = k.pointer](const Json& instance, Run& run) {
    if (instance.is_array() && static_cast<double>(instance.size()) < bound)
      run.fail(pointer, "too few items", "at least " + number_text(bound),
               number_text(std::int64_t(instance.size())));
  };
}

std::optional<Check> max_items_check(const Keyword& k) {
  if (!k.value.is_number()) k.refuse("a number");
  return [bound = k.value.get<double>(), pointer = k.pointer](const Json& instance, Run& run) {
    if (instance.is_array() && static_cast<double>(instance.size()) > bound)
      run.fail(pointer, "too many items", "at most " + number_text(bound),
               number_text(std::int64_t(instance.size())));
  };
}

// Equal values must give equal text: 1.0 becomes 1.
Json normal_form(const Json& value) {
  if (value.is_number_float()) {
    const double number = value.get<double>();
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (std::trunc(number) == number && std::abs(number) < exact)
      return Json(static_cast<std::int64_t>(number));
    return value;
  }
  if (!value.is_structured()) return value;
  Json out = value;
  for (auto& item : out) item = normal_form(item);
  return out;
}

std::optional<Check> unique_items_check(const Keyword& k) {
  if (!k.value.is_boolean()) k.refuse("true or false");
  if (k.value == false) return std::nullopt;
  return [pointer = k.pointer](const Json& instance, Run& run) {
    if (!instance.is_array()) return;
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < instance.size(); ++i) {
      const auto [first, is_new] = seen.emplace(canonical_text(normal_form(instance[i])), i);
      if (is_new) continue;
      return run.fail(pointer,
                      "items " + std::to_string(first->second) + " and " + std::to_string(i) + " are equal",
                      "no item twice", shown(instance[i]));
    }
  };
}

}  // namespace

Factory array_factory(std::string_view keyword) {
  if (keyword == "items") return items_check;
  if (keyword == "additionalItems") return additional_items_check;
  if (keyword == "contains") return contains_check;
  if (keyword == "minItems") return min_items_check;
  if (keyword == "maxItems") return max_items_check;
  if (keyword == "uniqueItems") return unique_items_check;
  return nullptr;
}

}  // namespace assay::schema_detail
