// The points of a scan: a product of groups, each one axis or several axes zipped or the rows of a CSV file.
// Points are made on demand; the last group varies fastest.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plan/axis.hpp"
#include "plan/task.hpp"

namespace assay::plan {

/// Axes that move together; they have equal sizes.
struct AxisGroup {
  std::vector<Axis> axes;
  [[nodiscard]] std::size_t size() const { return axes.empty() ? 0 : axes.front().size(); }
};

class Points {
 public:
  /// One point without coordinates: what `run` does.
  Points() = default;
  /// Throws UserError for zipped axes of different sizes, a name given twice, or more than 1e8 points.
  explicit Points(std::vector<AxisGroup> groups);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Point at(std::size_t index) const;
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] const std::vector<AxisGroup>& groups() const { return groups_; }
  /// True when no point can occur twice, judged from the axes alone.
  [[nodiscard]] bool distinct() const;

 private:
  std::vector<AxisGroup> groups_;
  std::size_t size_ = 1;
};

/// A CSV file with a header of parameter names becomes one zipped group. Errors name file:line:column.
AxisGroup points_of_csv(const std::filesystem::path& path);
AxisGroup points_of_csv_text(std::string_view text, std::string_view name);

}  // namespace assay::plan
