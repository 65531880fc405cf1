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

/// What a run asks of its points, wherever they come from: a scan's axes, a sampled ensemble. Made on demand,
/// from any thread; at(i) is a pure function of i.
class PointSource {
 public:
  virtual ~PointSource() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  [[nodiscard]] virtual Point at(std::size_t index) const = 0;
  /// The coordinates of every point, in the order of at().
  [[nodiscard]] virtual std::vector<std::string> names() const = 0;
  /// True when no point can occur twice.
  [[nodiscard]] virtual bool distinct() const = 0;
};

class Points final : public PointSource {
 public:
  /// One point without coordinates: what `run` does.
  Points() = default;
  /// Throws UserError for zipped axes of different sizes, a name given twice, or more than 1e8 points.
  explicit Points(std::vector<AxisGroup> groups);

  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] Point at(std::size_t index) const override;
  [[nodiscard]] std::vector<std::string> names() const override;
  [[nodiscard]] const std::vector<AxisGroup>& groups() const { return groups_; }
  /// Judged from the axes alone.
  [[nodiscard]] bool distinct() const override;

 private:
  std::vector<AxisGroup> groups_;
  std::size_t size_ = 1;
};

/// A CSV file with a header of parameter names becomes one zipped group. Errors name file:line:column.
AxisGroup points_of_csv(const std::filesystem::path& path);
AxisGroup points_of_csv_text(std::string_view text, std::string_view name);

}  // namespace assay::plan
