// Text with {name} fields, as arguments, environment, standard input and templates of a command hold it.
// Strict: a field that is no parameter is an error, and who wrote the text can ask which parameters it uses.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/value.hpp"

namespace assay::workload::command {

/// The names that fields may have: the parameters in order, then those that every task has.
class FieldNames {
 public:
  explicit FieldNames(std::vector<std::string> parameters);
  [[nodiscard]] const std::vector<std::string>& all() const { return names_; }
  [[nodiscard]] std::size_t parameters() const { return parameters_; }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  /// Fields that every task has, after the parameters.
  enum Builtin : std::size_t { index, seed, task_folder, config_folder };
  [[nodiscard]] std::size_t builtin(Builtin which) const { return parameters_ + which; }

 private:
  std::vector<std::string> names_;
  std::size_t parameters_;
};

/// One value for each name, in the order of FieldNames.
using FieldValues = std::vector<Value>;

/// A letter or '_', then letters, digits, '_' and '-'.
bool is_field_name(std::string_view text);

/// `{name}` is a field, `{name:04}` or `{name:.3e}` one with a format (that of std::format), `{{name}}` the
/// text
/// `{name}`. A brace that is not followed by a name and a closing brace stands for itself, so that JSON and awk
/// need no escapes.
class FieldText {
 public:
  FieldText() = default;
  /// UserError that points at an unknown name or a format that its value cannot have.
  static FieldText parse(std::string_view text, const FieldNames& names, const FieldValues& samples,
                         const SourcePos& where = {});
  [[nodiscard]] std::string render(const FieldValues& values) const;
  /// Adds the names (as numbers) of the fields in it.
  void collect_used(std::set<std::size_t>& used) const;
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool constant() const { return fields_.empty(); }

 private:
  struct Field {
    std::string before;  ///< the text in front of it
    std::size_t name = 0;
    std::string format;
  };
  std::string text_;
  std::vector<Field> fields_;
  std::string after_;
};

}  // namespace assay::workload::command
