// The parameters of a workload, declared once: the same table reads the config, checks --set and --axis, writes
// the resolved config, the commented config of `init`, `list` and the reference page.
// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.hpp"
#include "core/json.hpp"
#include "core/value.hpp"

namespace assay::workload {

struct Parameter {
  std::string key;    ///< dotted path in the config
  std::string alias;  ///< short name for --axis and --set; empty: none
  Value fallback;     ///< also fixes the type
  std::string unit;   ///< "1" for a pure number, empty for words
  std::string doc;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool above_min = false;            ///< min itself is excluded
  std::vector<std::string> choices;  ///< for words
};

class ParameterTable {
 public:
  void add(Parameter parameter);
  [[nodiscard]] const std::vector<Parameter>& all() const { return parameters_; }
  /// Index of a key or alias; throws UserError with the nearest name.
  [[nodiscard]] std::size_t index(std::string_view name, const SourcePos& where = {}) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::vector<Parameter> parameters_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

/// One value for each parameter of a table, each of the right type and in range.
class ParameterSet {
 public:
  /// All at their defaults.
  explicit ParameterSet(std::shared_ptr<const ParameterTable> table);
  /// Reads every key (or alias) of the table from a config; the rest stays at its default.
  static ParameterSet read(Config& config, std::shared_ptr<const ParameterTable> table);

  /// Checked against type, range and choices; integers are taken as reals where a real is wanted.
  void set(std::string_view name, const Value& value, const SourcePos& where = {});

  [[nodiscard]] double real(std::string_view key) const;
  [[nodiscard]] int integer(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key) const;
  [[nodiscard]] const std::string& text(std::string_view key) const;
  [[nodiscard]] const Value& value(std::string_view key) const;

  [[nodiscard]] const ParameterTable& table() const { return *table_; }
  /// Nested as in the config, in the order of the table.
  [[nodiscard]] Json to_json() const;
  /// Equal for equal resolved inputs, and only then.
  [[nodiscard]] std::string identity() const;

 private:
  std::shared_ptr<const ParameterTable> table_;
  std::vector<Value> values_;
};

}  // namespace assay::workload
