// What a schema compiles to: nodes that hold their checks; one factory a keyword. Internal to core/schema*.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/json.hpp"
#include "core/schema.hpp"

namespace re2 {
class RE2;
}

namespace assay::schema_detail {

using Step = std::variant<std::string_view, std::size_t>;

/// Where a validation stands. `errors` is null while only yes or no is asked (branches of anyOf, not, if, ...).
struct Run {
  std::vector<SchemaError>* errors = nullptr;
  std::size_t limit = 0;
  std::string prefix;
  std::vector<Step> path;
  int depth = 0;
  bool failed = false;

  [[nodiscard]] bool wants_text() const { return errors != nullptr && errors->size() < limit; }
  void fail(const std::string& schema_pointer, std::string message, std::string expected, std::string found);
};

using Check = std::function<void(const Json&, Run&)>;

struct Node {
  std::string pointer;  ///< with "#" before it when it lies in another document: "http://...#/a"
  std::vector<Check> checks;
  void run(const Json& instance, Run& run) const;
  /// Yes or no, without messages.
  [[nodiscard]] bool accepts(const Json& instance, const Run& outer) const;
};

/// What a keyword's factory sees of the schema object that holds it.
struct Keyword {
  const Json& value;    ///< the keyword's value
  const Json& owner;    ///< the schema object
  std::string pointer;  ///< to the keyword
  std::function<const Node*(const Json&, const std::string&)>
      subschema;                                                        ///< (value, pointer below the keyword)
  std::function<const Node*(const std::string&, const Json&)> sibling;  ///< a schema under another keyword

  [[noreturn]] void refuse(const std::string& expected) const;
};

using Factory = std::optional<Check> (*)(const Keyword&);

/// Null for what is no assertion (title, default, unknown words).
Factory factory_of(std::string_view keyword);
Factory value_factory(std::string_view keyword);
Factory object_factory(std::string_view keyword);
Factory array_factory(std::string_view keyword);
Factory logic_factory(std::string_view keyword);

/// Null when RE2 does not know the pattern.
std::shared_ptr<const re2::RE2> compiled_pattern(const std::string& pattern);
bool matches(const re2::RE2& pattern, const std::string& text);

/// A value as an error shows it: whole if short, else its kind and size.
std::string shown(const Json& value);
std::string kind_of(const Json& value);
/// '~' and '/' as JSON pointers write them.
std::string escaped_step(std::string_view step);

}  // namespace assay::schema_detail
