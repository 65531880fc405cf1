// SPDX-License-Identifier: MIT
#include "workload/gk/line_solver.hpp"

namespace assay::workload::gk {
namespace {
thread_local ScopedLineSolvers* innermost = nullptr;
}  // namespace

ScopedLineSolvers::ScopedLineSolvers(LineSolverFactory factory)
    : factory_(std::move(factory)), outer_(innermost) {
  innermost = this;
}

ScopedLineSolvers::~ScopedLineSolvers() {
  innermost = outer_;
}

std::unique_ptr<LineSolver> ScopedLineSolvers::make(const std::vector<const kernels::gk_mu::Line*>& lines,
                                                    int rows) {
  return innermost == nullptr ? nullptr : innermost->factory_(lines, rows);
}

}  // namespace assay::workload::gk
