// Two sides of one observable, fed in lock-step and in pieces: memory is constant whatever the length,
// but at rung I7, which needs the values themselves.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "gate/verdict.hpp"

namespace assay::gate {

enum class Side { a, b };

/// Euclidean norm of a stream: a sum of squares kept with a power of two that holds off overflow and underflow.
class NormSum {
 public:
  /// The power of two to multiply values by when the largest of them has this magnitude; 1 in the usual range.
  static double factor_for(double largest);
  /// `squared` is the sum of (x*factor)^2.
  void add(double squared, double factor);
  void add(const NormSum& other) { add(other.squared_, other.factor_); }
  [[nodiscard]] double norm() const;

 private:
  double squared_ = 0.0;
  double factor_ = 1.0;
};

/// Collects every metric of the ladder at once; the verdict is taken in report(). Elements that are bitwise
/// equal cost one read each; differing finite doubles about a nanosecond.
class Comparison {
 public:
  Comparison(std::string name, Requirement required);

  /// Equal lengths; longer sides are the caller's business (add_absent).
  void add(std::span<const double> a, std::span<const double> b);
  /// Distances are in ulps of the narrower type.
  void add(std::span<const float> a, std::span<const float> b);
  /// Exact whatever their size: integers are equal or not up to the ulp rungs; tolerances apply to the
  /// difference.
  void add(std::span<const std::int64_t> a, std::span<const std::int64_t> b);
  void add(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);
  void add_one(double a, double b) { add(std::span(&a, 1), std::span(&b, 1)); }
  void add_text(std::string_view a, std::string_view b);
  /// A number against text, or a value against an empty cell: unequal at every rung.
  void add_unmatched(std::string_view a, std::string_view b);
  /// `count` elements that this side lacks.
  void add_absent(Side side, std::uint64_t count);
  /// An element that both sides leave empty: treated as NaN is.
  void add_empty();
  /// What makes the two sides incomparable as a whole: type, shape. Fails at every rung.
  void add_mismatch(std::string reason);

  /// Appends what was collected over the elements that follow this part: parts may be compared by several
  /// threads. The result depends on where the parts begin, in the last bits of the norms only, never on the
  /// threads.
  void append(Comparison&& later);

  /// The first difference (or failing element) that has no place yet, for the reader to fill in; else null.
  [[nodiscard]] Difference* unplaced();

  [[nodiscard]] std::uint64_t count() const { return tally_.compared; }
  [[nodiscard]] ObservableReport report() const;

 private:
  void add_block(std::span<const double> a, std::span<const double> b);
  template <class T>
  void add_element(T a, T b, std::uint64_t index);
  template <class T>
  void add_integers(std::span<const T> a, std::span<const T> b);
  void keep(double a, double b);
  void note(Difference difference, bool breaks);
  [[nodiscard]] bool breaks_level(bool bits, bool values, std::uint64_t ulps, double abs, double larger) const;
  [[nodiscard]] bool same_size_and_kind() const;
  [[nodiscard]] bool holds(Level level) const;
  [[nodiscard]] double scaled_unit() const;
  void explain(ObservableReport& report) const;

  std::string name_;
  Requirement required_;
  Tally tally_;
  NormSum norm_a_, norm_b_, norm_difference_;
  std::optional<Difference> first_, failing_;
  std::uint64_t first_nan_ = UINT64_MAX;
  std::uint64_t empty_ = 0;
  std::vector<double> sample_a_, sample_b_;  ///< finite values, kept where I7 is demanded
  bool narrow_ = false;                      ///< float: the scaled rung uses its unit
  std::vector<std::string> mismatches_;
};

/// Both arrays at once; different lengths count as absent elements.
ObservableReport compare(std::string name, std::span<const double> a, std::span<const double> b,
                         const Requirement& required);

}  // namespace assay::gate
