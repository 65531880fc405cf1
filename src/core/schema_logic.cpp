// Keywords that combine schemas: allOf, anyOf, oneOf, not, if.
// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "core/schema_node.hpp"

namespace assay::schema_detail {

namespace {

std::vector<const Node*> branches_of(const Keyword& k) {
  if (!k.value.is_array() || k.value.empty()) k.refuse("an array of schemas");
  std::vector<const Node*> nodes;
  for (std::size_t i = 0; i < k.value.size(); ++i)
    nodes.push_back(k.subschema(k.value[i], "/" + std::to_string(i)));
  return nodes;
}

// When no branch fits, the errors of the one that came nearest help most: the one with the fewest, and of
// these the one whose first error lies deepest in the document.
void explain_nearest(const std::vector<const Node*>& branches, const Json& instance, Run& run) {
  std::vector<SchemaError> best;
  for (const auto* branch : branches) {
    std::vector<SchemaError> errors;
    Run trial{&errors, run.limit, run.prefix, run.path, run.depth, false};
    branch->run(instance, trial);
    const auto depth = [](const std::vector<SchemaError>& e) {
      return e.empty() ? 0 : e.front().instance.size();
    };
    if (best.empty() || errors.size() < best.size() ||
        (errors.size() == best.size() && depth(errors) > depth(best)))
      best = std::move(errors);
  }
  for (auto& error : best)
    if (run.wants_text()) run.errors->push_back(std::move(error));
  run.failed = true;
}

std::optional<Check> all_of_check(const Keyword& k) {
  return [branches = branches_of(k)](const Json& instance, Run& run) {
    for (const auto* branch : branches) branch->run(instance, run);
  };
}

std::optional<Check> any_of_check(const Keyword& k) {
  return [branches = branches_of(k), pointer = k.pointer](const Json& instance, Run& run) {
    for (const auto* branch : branches)
      if (branch->accepts(instance, run)) return;
    if (!run.wants_text()) return run.fail(pointer, {}, {}, {});
    explain_nearest(branches, instance, run);
  };
}

std::optional<Check> one_of_check(const Keyword& k) {
  return [branches = branches_of(k), pointer = k.pointer](const Json& instance, Run& run) {
    std::string valid;
    int count = 0;
    for (const auto* branch : branches) {
      if (!branch->accepts(instance, run)) continue;
      valid += (count++ == 0 ? "" : " and ") + branch->pointer;
    }
    if (count == 1) return;
    if (!run.wants_text()) return run.fail(pointer, {}, {}, {});
    if (count == 0) return explain_nearest(branches, instance, run);
    run.fail(pointer, "valid in more than one way", "exactly one alternative", valid);
  };
}

std::optional<Check> not_check(const Keyword& k) {
  const Node* node = k.subschema(k.value, "");
  return [node, pointer = k.pointer](const Json& instance, Run& run) {
    if (node->accepts(instance, run)) run.fail(pointer, "a value that is excluded", {}, shown(instance));
  };
}

std::optional<Check> if_check(const Keyword& k) {
  const Node* condition = k.subschema(k.value, "");
  const auto sibling = [&](const char* name) {
    return k.owner.contains(name) ? k.sibling(name, k.owner[name]) : nullptr;
  };
  const Node* then_node = sibling("then");
  const Node* else_node = sibling("else");
  return [condition, then_node, else_node](const Json& instance, Run& run) {
    const Node* chosen = condition->accepts(instance, run) ? then_node : else_node;
    if (chosen != nullptr) chosen->run(instance, run);
  };
}

}  // namespace

Factory logic_factory(std::string_view keyword) {
  if (keyword == "allOf") return all_of_check;
  if (keyword == "anyOf") return any_of_check;
  if (keyword == "oneOf") return one_of_check;
  if (keyword == "not") return not_check;
  if (keyword == "if") return if_check;
  return nullptr;
}

}  // namespace assay::schema_detail
