// The identity ladder: how equal two results are, from the same bytes to the same norm, and the rung a gate
// demands.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::gate {

/// Strongest first; the number is the rung I0..I7. `none`: not even the weakest rung holds.
enum class Level : int {
  byte = 0,
  bit = 1,
  value = 2,
  ulp = 3,
  scaled_ulp = 4,
  tol = 5,
  norm = 6,
  ensemble = 7,  ///< samples of one distribution (sample_test.hpp): tried only where it is demanded
  none = 8
};

/// "I1" for bit, "none" for none.
std::string rung(Level level);
/// "bit", "value", "ulp", ...
std::string_view word(Level level);

/// The parameters at which the rungs with a parameter are tried. A demanded level replaces its own.
struct Ladder {
  std::uint64_t ulps = 4;         ///< I3: ordered-integer distance of each element
  std::uint64_t scaled_ulps = 4;  ///< I4: times ulp(largest magnitude of the observable); the cure near zero
  double rtol = 1e-10;            ///< I5: |a-b| <= atol + rtol*max(|a|,|b|), each element
  double atol = 0.0;
  double norm = 0.0;    ///< I6: |a-b|_2 <= norm*max(|a|_2,|b|_2); 0 means 10*epsilon*sqrt(n)
  double alpha = 0.01;  ///< I7: probability at most that equal distributions are told apart
};

/// What a NaN or an infinity means. A result full of NaN that equals another full of NaN is no evidence.
enum class NonFinite {
  fail_on_nan,  ///< NaN on either side fails, the same infinity on both sides is equal
  equal,        ///< NaN on both sides in the same place is equal
  forbidden,    ///< any NaN or infinity fails: for solvers, where either means divergence
};

/// "fail", "equal", "forbidden": as configs and flags write it.
std::string word(NonFinite rule);

/// What an observable must satisfy.
struct Requirement {
  Level level = Level::bit;
  Ladder ladder;
  NonFinite non_finite = NonFinite::fail_on_nan;
  bool must_be_nontrivial = false;  ///< fail when every value is zero on both sides: nothing was exercised
};

/// `byte`, `bit`, `value`, `ulp:K`, `scaled:K`, `tol:RTOL`, `tol:RTOL,ATOL`, `norm`, `norm:TOL`, `ensemble`,
/// `ensemble:ALPHA`; UserError otherwise.
Requirement parse_level(std::string_view text);

/// The inverse of parse_level, with the parameters in their shortest exact form.
std::string to_text(const Requirement& requirement);

/// C99 hexadecimal form (0x1.8p+1); "nan", "inf", "-inf".
std::string hex(double value);

}  // namespace assay::gate
