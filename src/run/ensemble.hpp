// An ensemble's results: statistics at each inner point and of the reductions over them, from the ordered
// member table. A member that failed, did not converge, was not run or gave a number that is not finite is left
// out and counted.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "run/ensemble_statistics.hpp"
#include "run/execute.hpp"

namespace assay::run {

/// Members left out, by reason; each member counts once, for its first reason.
struct Excluded {
  std::size_t failed = 0, unconverged = 0, not_run = 0, not_finite = 0;
  [[nodiscard]] std::size_t total() const { return failed + unconverged + not_run + not_finite; }
};

/// One number of a member: an observable at an inner point, or a reduction.
struct Quantity {
  std::string name;
  std::string unit;     ///< empty where it is not known (a formula)
  std::string formula;  ///< of a reduction
  Column column;
  std::vector<std::pair<std::string, double>> input_correlation;  ///< Pearson's, for inputs that are numbers
  std::vector<Sensitivity> sensitivities;                         ///< in the order of the inputs, if asked for
};

/// What must hold for the statistics to mean something.
struct Condition {
  std::string name;
  bool holds = false;
  double value = 0.0;
};

struct Group {
  bool reduced = false;  ///< reductions; else observables at `point`
  plan::Point point;     ///< the inner point; empty without a scan
  std::size_t used = 0;  ///< members
  Excluded excluded;
  std::size_t design_members = 0;  ///< members whose rows of the pick-freeze design are all there
  std::vector<Quantity> quantities;
  std::vector<std::vector<Estimate>> covariance;  ///< quantity x quantity
  std::vector<Condition> conditions;
  std::vector<std::pair<std::string, std::string>>
      left_out;                           ///< observables that are no quantities, with the reason
  [[nodiscard]] bool conclusive() const;  ///< every condition holds
};

struct MemberRow {
  std::vector<Value> inputs;
  plan::Status status = plan::Status::ok;  ///< the worst of its inner points
  std::vector<double> quantities;          ///< of every group in order; NaN where missing
};

struct EnsembleResult {
  std::vector<Group> groups;
  std::vector<std::string> columns;  ///< names of a member's quantities: "gamma", "gamma[ky=0.1]"
  std::vector<MemberRow> members;
  std::size_t complete_members = 0;  ///< ok at every inner point
  /// At least one group has statistics that mean something.
  [[nodiscard]] bool conclusive() const;
};

/// The study must be an ensemble. Memory: 8 bytes a row, quantity and group, and the member table.
EnsembleResult ensemble_result(const Study& study, const ResultStore& store);

/// The machine form of everything but the tasks.
Json ensemble_result_json(const Study& study, const EnsembleResult& result);

/// The member table as CSV: member, inputs, quantities, status. Numbers read back to the same bits.
std::string member_csv(const Study& study, const EnsembleResult& result);

}  // namespace assay::run
