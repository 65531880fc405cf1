// Correlated inputs: a Gaussian copula. Inputs are given standard normals with the stated correlations; each is
// then pushed through its own distribution, whose shape it keeps exactly.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace assay::plan {

/// A correlation as written: between the normals of two inputs. For two normal inputs it is their correlation;
/// for others the correlation of the values is a little smaller.
struct CorrelatedPair {
  std::string first, second;
  double value = 0.0;
  SourcePos where;
};

class Correlation {
 public:
  /// No correlation at all.
  explicit Correlation(std::size_t inputs = 0) : inputs_(inputs) {}
  /// Throws UserError for an unknown name, a pair given twice, |value| >= 1, or correlations that cannot hold
  /// together (not positive definite), naming the pairs that clash.
  Correlation(const std::vector<std::string>& names, const std::vector<CorrelatedPair>& pairs);

  [[nodiscard]] bool none() const { return factor_.empty(); }
  /// True when an input is correlated with another one.
  [[nodiscard]] bool touches(std::size_t input) const { return !none() && touched_[input]; }
  /// Element (i, j) of the lower Cholesky factor: normals of a member are factor x independent normals.
  [[nodiscard]] double factor(std::size_t i, std::size_t j) const { return factor_[i * inputs_ + j]; }

 private:
  std::size_t inputs_ = 0;
  std::vector<double> factor_;
  std::vector<bool> touched_;
};

}  // namespace assay::plan
