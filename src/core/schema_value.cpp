// Keywords about single values: type, enum, const, numbers, strings.
// SPDX-License-Identifier: MIT
#include <re2/re2.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/number.hpp"
#include "core/schema_node.hpp"
#include "core/utf8.hpp"

namespace assay::schema_detail {

namespace {

bool is_integral(const Json& value) {
  if (value.is_number_integer()) return true;
  return value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>();
}

bool has_type(const Json& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return is_integral(value);
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  return value.is_object();
}

bool is_type_name(const Json& name) {
  for (const char* known : {"null", "boolean", "integer", "number", "string", "array", "object"})
    if (name == known) return true;
  return false;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

std::optional<Check> type_check(const Keyword& k) {
  const Json list = k.value.is_array() ? k.value : Json::array({k.value});
  std::vector<std::string> types;
  for (const auto& type : list) {
    if (!is_type_name(type))
      k.refuse("null, boolean, integer, number, string, array or object, or an array of them");
    types.push_back(type.get<std::string>());
  }
  return [types, pointer = k.pointer](const Json& instance, Run& run) {
    for (const auto& type : types)
      if (has_type(instance, type)) return;
    run.fail(pointer, "wrong type", joined(types), kind_of(instance) + " " + shown(instance));
  };
}

std::optional<Check> enum_check(const Keyword& k) {
  if (!k.value.is_array()) k.refuse("an array of values");
  return [values = k.value, pointer = k.pointer](const Json& instance, Run& run) {
    for (const auto& value : values)
      if (schema_equal(instance, value)) return;
    if (!run.wants_text()) return run.fail(pointer, {}, {}, {});
    std::vector<std::string> words;
    for (const auto& value : values) words.push_back(shown(value));
    run.fail(pointer, "not one of the values allowed", joined(words), shown(instance));
  };
}

std::optional<Check> const_check(const Keyword& k) {
  return [value = k.value, pointer = k.pointer](const Json& instance, Run& run) {
    if (!schema_equal(instance, value))
      run.fail(pointer, "not the value required", shown(value), shown(instance));
  };
}

template <class Holds>
std::optional<Check> bound_check(const Keyword& k, std::string words, Holds holds) {
  if (!k.value.is_number()) k.refuse("a number");
  return [bound = k.value.get<double>(), pointer = k.pointer, words, holds](const Json& instance, Run& run) {
    if (!instance.is_number() || holds(instance.get<double>(), bound)) return;
    run.fail(pointer, "out of range", words + " " + number_text(bound), shown(instance));
  };
}

std::optional<Check> minimum_check(const Keyword& k) {
  return bound_check(k, "at least", [](double value, double bound) { return value >= bound; });
}

std::optional<Check> maximum_check(const Keyword& k) {
  return bound_check(k, "at most", [](double value, double bound) { return value <= bound; });
}

std::optional<Check> exclusive_minimum_check(const Keyword& k) {
  return bound_check(k, "more than", [](double value, double bound) { return value > bound; });
}

std::optional<Check> exclusive_maximum_check(const Keyword& k) {
  return bound_check(k, "less than", [](double value, double bound) { return value < bound; });
}

// 0.0075 is a multiple of 0.0001 to a person though not in binary: a few ulps of the quotient are forgiven.
bool is_multiple(double value, double step) {
  const double quotient = value / step;
  return std::abs(quotient - std::round(quotient)) <= 8e-16 * std::abs(quotient);
}

std::optional<Check> multiple_check(const Keyword& k) {
  if (!k.value.is_number() || !(k.value.get<double>() > 0)) k.refuse("a number above 0");
  return [step = k.value.get<double>(), pointer = k.pointer](const Json& instance, Run& run) {
    if (!instance.is_number() || is_multiple(instance.get<double>(), step)) return;
    run.fail(pointer, "not a multiple", "a multiple of " + number_text(step), shown(instance));
  };
}

std::optional<Check> min_length_check(const Keyword& k) {
  if (!k.value.is_number()) k.refuse("a number");
  return [bound = k.value.get<double>(), pointer = k.pointer](const Json& instance, Run& run) {
    if (!instance.is_string()) return;
    const auto length = utf8_count(instance.get_ref<const std::string&>());
    if (static_cast<double>(length) < bound)
      run.fail(pointer, "text too short", "at least " + number_text(bound) + " characters", shown(instance));
  };
}

std::optional<Check> max_length_check(const Keyword& k) {
  if (!k.value.is_number()) k.refuse("a number");
  return [bound = k.value.get<double>(), pointer = k.pointer](const Json& instance, Run& run) {
    if (!instance.is_string()) return;
    const auto length = utf8_count(instance.get_ref<const std::string&>());
    if (static_cast<double>(length) > bound)
      run.fail(pointer, "text too long", "at most " + number_text(bound) + " characters", shown(instance));
  };
}

std::optional<Check> pattern_check(const Keyword& k) {
  if (!k.value.is_string()) k.refuse("a regular expression");
  const auto pattern = compiled_pattern(k.value.get<std::string>());
  if (!pattern) k.refuse("a regular expression that RE2 knows (no look-around, no back references)");
  return [pattern, text = k.value.get<std::string>(), pointer = k.pointer](const Json& instance, Run& run) {
    if (!instance.is_string() || matches(*pattern, instance.get_ref<const std::string&>())) return;
    run.fail(pointer, "text does not match", "a text that matches " + text, shown(instance));
  };
}

std::optional<Check> format_check(const Keyword& k) {
  if (!k.value.is_string()) k.refuse("a format's name");
  return [format = k.value.get<std::string>(), pointer = k.pointer](const Json& instance, Run& run) {
    if (!instance.is_string() || has_format(instance.get_ref<const std::string&>(), format)) return;
    run.fail(pointer, "text has not the format", "a text in the format " + format, shown(instance));
  };
}

}  // namespace

std::shared_ptr<const re2::RE2> compiled_pattern(const std::string& pattern) {
  auto compiled = std::make_shared<re2::RE2>(pattern, re2::RE2::Quiet);
  if (!compiled->ok()) compiled.reset();
  return compiled;
}

bool matches(const re2::RE2& pattern, const std::string& text) {
  return re2::RE2::PartialMatch(text, pattern);
}

Factory value_factory(std::string_view keyword) {
  if (keyword == "type") return type_check;
  if (keyword == "enum") return enum_check;
  if (keyword == "const") return const_check;
  if (keyword == "minimum") return minimum_check;
  if (keyword == "maximum") return maximum_check;
  if (keyword == "exclusiveMinimum") return exclusive_minimum_check;
  if (keyword == "exclusiveMaximum") return exclusive_maximum_check;
  if (keyword == "multipleOf") return multiple_check;
  if (keyword == "minLength") return min_length_check;
  if (keyword == "maxLength") return max_length_check;
  if (keyword == "pattern") return pattern_check;
  if (keyword == "format") return format_check;
  return nullptr;
}

}  // namespace assay::schema_detail
