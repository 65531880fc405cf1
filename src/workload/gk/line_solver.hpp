// Where the lines of a MuSystem are eliminated and solved: by the host kernels, unless this thread says
// otherwise. The rest of the direct route (bases, field matrix, Arnoldi, judgement) is the same everywhere.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "kernels/gk_mu/gk_mu.hpp"

namespace assay::workload::gk {

/// The lines of one system somewhere else. States are planes of doubles [line][re, im][m][ld].
class LineSolver {
 public:
  virtual ~LineSolver() = default;
  /// Eliminates every line at lambda, keeping the blocks of `kept` moments there. `low` receives those of
  /// moments below 4, line after line, as they stand at the start of a factor.
  virtual void eliminate(kernels::gk_mu::Pair lambda, int kept, double* low) = 0;
  /// states := (lambda - A)^-1 states; right-hand sides are zero above m = top.
  virtual void solve(int top, double* states) = 0;
};

/// `rows` points a basis at most; the views live as long as the solver.
using LineSolverFactory =
    std::function<std::unique_ptr<LineSolver>(const std::vector<const kernels::gk_mu::Line*>& lines, int rows)>;

/// While it lives, systems made by this thread give their lines to solvers of this factory. A solve of the
/// direct route makes its systems itself, several at different resolutions: this reaches all of them.
class ScopedLineSolvers {
 public:
  explicit ScopedLineSolvers(LineSolverFactory factory);
  ~ScopedLineSolvers();
  ScopedLineSolvers(const ScopedLineSolvers&) = delete;
  ScopedLineSolvers& operator=(const ScopedLineSolvers&) = delete;

  /// Null: the host kernels.
  static std::unique_ptr<LineSolver> make(const std::vector<const kernels::gk_mu::Line*>& lines, int rows);

 private:
  LineSolverFactory factory_;
  ScopedLineSolvers* outer_;
};

}  // namespace assay::workload::gk
