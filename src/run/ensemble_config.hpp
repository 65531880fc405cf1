// What [ensemble] of a config says: how the inputs are distributed and sampled, and what is asked of the
// results.
// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config.hpp"
#include "core/expression.hpp"
#include "core/json.hpp"
#include "plan/sampling_points.hpp"
#include "run/ensemble_statistics.hpp"
#include "workload/workload.hpp"

namespace assay::run {

/// A number of a member taken over its inner points, as [ensemble.reduce] writes it:
///   "max gamma"   "mean gamma"   "sum max(gamma, 0)^2/ky^2"   "ky at max gamma"
/// that is max, min, mean or sum of a formula of the observables and inner coordinates, or the coordinate where
/// the formula is largest or smallest (the first such place).
class Reduction {
 public:
  enum class Kind { max, min, mean, sum, at_max, at_min };
  static Reduction parse(std::string name, std::string_view text, const std::vector<std::string>& observables,
                         const std::vector<std::string>& coordinates, const SourcePos& where = {});

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] Kind kind() const { return kind_; }
  /// What the formula is, when it is a single name; else empty. The axis of "ky at max ...".
  [[nodiscard]] const std::string& subject() const { return subject_; }
  /// `points[p]` holds the observables, then the coordinates, of inner point p. NaN if the formula is NaN
  /// anywhere.
  [[nodiscard]] double evaluate(const std::vector<std::vector<double>>& points) const;

 private:
  std::string name_, text_, subject_;
  Kind kind_ = Kind::max;
  std::size_t axis_ = 0;  ///< position of the coordinate in a point
  std::optional<Expression> formula_;
};

struct EnsembleSpec {
  plan::SamplingDesign design;
  std::vector<double> quantiles{0.05, 0.5, 0.95};
  Bootstrap bootstrap;
  std::vector<std::string> observables;  ///< of which statistics are taken; empty: every scalar one
  std::vector<Reduction> reductions;
};

/// Reads and takes every key of [ensemble]; `coordinates` are the inner axes. Inputs are put in the order of
/// their names, so that the order of the file does not decide who gets which dimension of the sampling.
EnsembleSpec read_ensemble(Config& config, const workload::Workload& workload,
                           const std::vector<std::string>& coordinates);

/// The [ensemble] part of the resolved config.
Json ensemble_json(const EnsembleSpec& spec);

/// Resamples for a bootstrap when nobody says: 1000, fewer for large ensembles (1e8 draws), at least 100.
std::size_t default_resamples(std::size_t samples);

}  // namespace assay::run
