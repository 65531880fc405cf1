// A scan axis: a name and its values, generated on demand so that a range of a million integers costs nothing.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/value.hpp"

namespace assay::plan {

class Axis {
 public:
  /// `0.1,0.2,0.4` a list; `1:1000` integers, inclusive; `0.1:0.6:6` from, to, count; `log:1e-3:1:7` likewise
  /// in log. Throws UserError that points at the text.
  static Axis parse(std::string name, std::string_view text, const SourcePos& where = {});
  static Axis of_list(std::string name, std::vector<Value> values);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Reals of a range are rounded to 15 significant digits, so that 0.1:0.6:6 holds 0.3 and not
  /// 0.30000000000000004.
  [[nodiscard]] Value at(std::size_t i) const;
  /// True when no value occurs twice.
  [[nodiscard]] bool distinct() const;
  [[nodiscard]] bool is_list() const { return kind_ == Kind::list; }
  /// The axis as it was given, for the resolved config.
  [[nodiscard]] std::string text() const;

 private:
  enum class Kind { list, integers, linear, log };
  std::string name_;
  Kind kind_ = Kind::list;
  std::size_t size_ = 0;
  std::vector<Value> list_;
  std::int64_t first_ = 0;
  double from_ = 0.0, to_ = 0.0;
};

}  // namespace assay::plan
