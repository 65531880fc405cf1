#include "core/schema_node.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace assay {

bool schema_equal(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) {
    if (a.is_number_float() || b.is_number_float())
      return a.get<long double>() == b.get<long double>();  // 64 bits of mantissa hold every integer read
    const bool a_negative = !a.is_number_unsigned() && a.get<std::int64_t>() < 0;
    const bool b_negative = !b.is_number_unsigned() && b.get<std::int64_t>() < 0;
    return a_negative == b_negative && a.get<std::uint64_t>() == b.get<std::uint64_t>();
  }
  if (a.type() != b.type() || a.size() != b.size()) return false;
  if (a.is_object()) {
    for (const auto& member : a.get_ref<const Json::object_t&>()) {
      const auto other = b.find(member.first);
      if (other == b.end() || !schema_equal(member.second, *other)) return false;
    }
    return true;
  }
  if (a.is_array()) {
    for (std::size_t i = 0; i < a.size(); ++i)
      if (!schema_equal(a[i], b[i])) return false;
    return true;
  }
  return a == b;
}

namespace schema_detail {

std::string escaped_step(std::string_view step) {
  std::string out;
  for (const char c : step) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string kind_of(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "boolean";
  if (value.is_number_float()) return "number";
  if (value.is_number()) return "integer";
  if (value.is_string()) return "string";
  return value.is_array() ? "array" : "object";
}

std::string shown(const Json& value) {
  constexpr std::size_t longest = 60;
  if (value.is_structured() && value.size() > 8)
    return "(" + std::to_string(value.size()) + (value.is_array() ? " items)" : " keys)");
  auto text = to_text(value, 0);
  if (text.size() <= longest) return text;
  if (value.is_structured())
    return "(" + std::to_string(value.size()) + (value.is_array() ? " items)" : " keys)");
  return text.substr(0, longest) + "...";
}

void Run::fail(const std::string& schema_pointer, std::string message, std::string expected,
               std::string found) {
  failed = true;
  if (!wants_text()) return;
  std::string instance = prefix;
  for (const auto& step : path) {
    instance += '/';
    if (const auto* key = std::get_if<std::string_view>(&step)) {
      instance += escaped_step(*key);
    } else {
      instance += std::to_string(std::get<std::size_t>(step));
    }
  }
  errors->push_back(
      {std::move(instance), schema_pointer, std::move(message), std::move(expected), std::move(found)});
}

void Node::run(const Json& instance, Run& run) const {
  for (const auto& check : checks) check(instance, run);
}

bool Node::accepts(const Json& instance, const Run& outer) const {
  Run quiet;
  quiet.depth = outer.depth;
  for (const auto& check : checks) {
    check(instance, quiet);
    if (quiet.failed) return false;
  }
  return true;
}

void Keyword::refuse(const std::string& expected) const {
  Problem problem;
  problem.what = "schema keyword at \"" + pointer + "\" has a value that it cannot have";
  problem.expected = expected;
  problem.found = shown(value);
  throw UserError(std::move(problem));
}

Factory factory_of(std::string_view keyword) {
  for (const auto find : {value_factory, object_factory, array_factory, logic_factory})
    if (const auto factory = find(keyword)) return factory;
  return nullptr;
}

}  // namespace schema_detail

}  // namespace assay
