// What a comparison found and what it means. A verdict starts as blocked and is earned.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "gate/level.hpp"
#include "gate/sample_test.hpp"

namespace assay::gate {

enum class Verdict {
  pass,
  fail,     ///< compared, and the demanded level does not hold
  blocked,  ///< nothing was compared, or it may not be judged
};
std::string_view word(Verdict verdict);

/// One differing element: where it is and both values, so that a person can look it up.
struct Difference {
  std::uint64_t index = 0;  ///< element of the observable
  std::string where;        ///< place in the inputs, where the reader knows one (`a.csv:17:3`)
  std::string a, b;         ///< shortest decimal form, or the text itself
  std::string a_hex, b_hex;
  std::optional<std::uint64_t> ulps;  ///< absent for text, integers and NaN
};

/// Everything counted on the way; a plain sum, so that a reader can see what was looked at.
struct Tally {
  std::uint64_t compared = 0;
  std::uint64_t bits_differ = 0;    ///< I1 does not hold for this many
  std::uint64_t values_differ = 0;  ///< I2 does not hold for this many
  std::uint64_t beyond_ulps = 0;    ///< I3
  std::uint64_t beyond_tol = 0;     ///< I5
  std::uint64_t unmatched =
      0;  ///< differ at every rung: NaN or infinity on one side, text, number against text
  std::uint64_t nan_a = 0, nan_b = 0, infinite_a = 0, infinite_b = 0;
  std::uint64_t absent_a = 0, absent_b = 0;  ///< elements that only the other side has, or empty cells
  std::uint64_t max_ulps = 0;
  double max_abs = 0.0, max_rel = 0.0;
  double largest_a = 0.0, largest_b = 0.0;  ///< largest finite magnitude
};

struct ObservableReport {
  std::string name;
  Requirement required;
  Verdict verdict = Verdict::blocked;
  Level level = Level::none;  ///< strongest rung that holds
  Tally tally;
  double norm_a = 0.0, norm_b = 0.0, norm_difference = 0.0;
  std::optional<SampleTest> samples;  ///< where I7 is demanded
  std::optional<Difference> first;    ///< first element that is not bitwise equal
  std::optional<Difference> failing;  ///< first element that breaks the demanded level, where it is elementwise
  std::vector<std::string> reasons;   ///< why it is not a pass, in words
};

struct GateReport {
  std::string gate;
  Verdict verdict = Verdict::blocked;
  Level level = Level::none;     ///< the weakest of the observables
  Level required = Level::none;  ///< the weakest demand
  bool bytes_equal = false;      ///< both inputs are the same bytes (files only)
  std::vector<ObservableReport> observables;
  std::vector<std::string> blockers;
};

/// Fills verdict and level from the observables and the blockers: fail beats blocked, no observable is blocked.
void conclude(GateReport& report);

/// pass 0, fail 1, blocked 4.
Exit exit_of(Verdict verdict);

}  // namespace assay::gate
