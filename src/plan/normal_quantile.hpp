// The standard normal distribution, both ways, as fixed sequences of operations on portable_log and
// portable_exp.
// SPDX-License-Identifier: MIT
#pragma once

namespace assay::plan {

/// The z with Phi(z) = p, for 0 < p < 1: Wichura's PPND16 (Algorithm AS 241, Applied Statistics 37 (1988)
/// 477-484), relative error about 1e-15. About 20 ns.
double normal_quantile(double p);

/// Phi(z): the power series z (1 + z^2/3 + z^4/15 + ...) phi(z) about the middle, Laplace's continued fraction
/// in the tails (|z| > 2.5). Relative error below 3e-14 everywhere down to Phi(-37). Up to 1 us.
double normal_cdf(double z);

}  // namespace assay::plan
