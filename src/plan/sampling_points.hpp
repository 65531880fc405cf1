// The points of an ensemble: each member is a row of sampled inputs, each row is run at every inner point (an
// optional scan). Made on demand, so that a million members cost no memory (a Latin hypercube apart).
//
// With sensitivities the rows are Saltelli's design (2002): block 0 holds the N members A; block 1 N further
// members B; block 2 + j the members of A with input j taken from B. N (d + 2) rows. The members are the same
// with and without.
// SPDX-License-Identifier: MIT
#pragma once

#include "plan/correlation.hpp"
#include "plan/distribution.hpp"
#include "plan/points.hpp"
#include "plan/sampling.hpp"

namespace assay::plan {

struct UncertainInput {
  std::string name;
  Distribution distribution;
};

struct SamplingDesign {
  std::vector<UncertainInput> inputs;  ///< input j takes dimension j of the sampling, and d + j for block B
  std::vector<CorrelatedPair> correlation;
  Sampling sampling = Sampling::sobol;
  std::uint64_t seed = 1;
  std::size_t samples = 64;
  bool sensitivities = false;
};

class SampledPoints final : public PointSource {
 public:
  /// Throws UserError for no input, a name given twice (also by an inner axis), correlated inputs with
  /// sensitivities (their variances do not add up), or more than 1e8 points.
  SampledPoints(SamplingDesign design, Points inner = {});

  [[nodiscard]] std::size_t size() const override { return rows() * inner_.size(); }
  /// Inputs first, then the inner point; the inner point varies fastest.
  [[nodiscard]] Point at(std::size_t index) const override;
  [[nodiscard]] std::vector<std::string> names() const override;
  [[nodiscard]] bool distinct() const override;

  [[nodiscard]] const SamplingDesign& design() const { return design_; }
  [[nodiscard]] const Points& inner() const { return inner_; }
  [[nodiscard]] std::size_t rows() const { return design_.samples * blocks(); }
  [[nodiscard]] std::size_t blocks() const { return design_.sensitivities ? design_.inputs.size() + 2 : 1; }
  /// The sampled inputs of a row; rows 0 .. samples-1 are the members.
  [[nodiscard]] std::vector<Value> row(std::size_t row) const;

 private:
  SamplingDesign design_;
  Points inner_;
  Correlation correlation_;
  UnitSampler sampler_;
};

}  // namespace assay::plan
