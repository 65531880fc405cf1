// A device batch without a device: the team code, one line after the other, by a team of one.
// SPDX-License-Identifier: MIT
#include "kernels/gk_mu/batch.hpp"

namespace assay::kernels::gk_mu {

int eliminate_emulated(const BatchPlan& plan, const LinePass& pass, void*) {
  for (int line = 0; line < pass.count; ++line) {
    const Factor factor = batch_factor(pass.factors, plan.factor_stride, line, pass.rows, pass.kept);
    eliminate_team(Alone{}, pass.lines[line], pass.lambdas[line], factor,
                   pass.scratch + plan.scratch_stride * static_cast<std::size_t>(line));
  }
  return 0;
}

int solve_emulated(const BatchPlan& plan, const LinePass& pass, int top, double* states, void*) {
  for (int line = 0; line < pass.count; ++line) {
    const Factor factor = batch_factor(pass.factors, plan.factor_stride, line, pass.rows, pass.kept);
    solve_team(Alone{}, pass.lines[line], factor, top, batch_moments(states, pass.lines[line], line, factor.ld),
               pass.scratch + plan.scratch_stride * static_cast<std::size_t>(line));
  }
  return 0;
}

}  // namespace assay::kernels::gk_mu
