// Many lines at once on a device: one block a line, all lines of as many wavenumbers as memory holds.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "kernels/gk_mu/team.hpp"

namespace assay::kernels::gk_mu {

/// How a batch of equal lines is laid out in device memory and in passes; plain arithmetic, tested on the host.
struct BatchPlan {
  int lines = 0;         ///< all of them: wavenumbers x species x mu
  int lines_a_pass = 0;  ///< resident together; 0: not even one fits
  int passes = 0;
  int threads = 0;                 ///< of a block
  std::size_t factor_stride = 0;   ///< doubles a line
  std::size_t scratch_stride = 0;  ///< doubles a line
  std::size_t bytes_a_pass = 0;    ///< factors and scratch of a pass, tables not counted
};

inline BatchPlan plan_batch(int lines, int rows, int kept, std::size_t memory_bytes) {
  BatchPlan plan;
  plan.lines = lines;
  plan.threads = rows * rows < 256 ? 128 : 256;
  plan.factor_stride = factor_size(rows, kept);
  const std::size_t eliminating = team_scratch_size(rows), solving = team_solve_scratch_size(rows);
  plan.scratch_stride = eliminating > solving ? eliminating : solving;
  const std::size_t line_bytes = (plan.factor_stride + plan.scratch_stride) * sizeof(double);
  const std::size_t fitting = memory_bytes / line_bytes;
  plan.lines_a_pass = fitting < static_cast<std::size_t>(lines) ? static_cast<int>(fitting) : lines;
  plan.passes = plan.lines_a_pass > 0 ? (lines + plan.lines_a_pass - 1) / plan.lines_a_pass : 0;
  plan.bytes_a_pass = line_bytes * static_cast<std::size_t>(plan.lines_a_pass);
  return plan;
}

/// Block `line` of a pass: the storage of its factor and scratch.
ASSAY_HD inline Factor batch_factor(double* factors, std::size_t stride, int line, int rows, int kept) {
  Factor f;
  f.data = factors + stride * static_cast<std::size_t>(line);
  f.rows = rows;
  f.ld = padded(rows);
  f.kept = kept;
  return f;
}

/// Bytes of the working matrices of an elimination that a block keeps in its shared memory; 0: they do not fit
/// and stay in global memory, which the second-level cache holds.
inline std::size_t shared_scratch_bytes(int rows, std::size_t limit) {
  const std::size_t bytes = team_scratch_size(rows) * sizeof(double);
  return bytes <= limit ? bytes : 0;
}

/// What a pass works on. lines and lambdas are arrays of `count` <= lines_a_pass entries where the kernels run
/// (the views inside point there, too, every line with the same `rows`); factors and scratch hold bytes_a_pass
/// together.
struct LinePass {
  const Line* lines = nullptr;
  const Pair* lambdas = nullptr;  ///< of an elimination
  int count = 0;
  int rows = 0;
  int kept = 0;
  double* factors = nullptr;
  double* scratch = nullptr;
};

/// Moments of line `line` in a state of `count` lines, planes [line][re, im][m][ld].
ASSAY_HD inline Moments batch_moments(double* states, const Line& l, int line, int ld) {
  const std::size_t plane = static_cast<std::size_t>(l.nm) * ld;
  double* const re = states + 2 * plane * static_cast<std::size_t>(line);
  return {re, re + plane, ld};
}

/// On the device: asynchronous on `stream` (a cudaStream_t); both return the cudaError_t of the launch, 0 on
/// success. solve: states := (lambda - A)^-1 states for factors that kept every moment.
int eliminate_cuda(const BatchPlan& plan, const LinePass& pass, void* stream);
int solve_cuda(const BatchPlan& plan, const LinePass& pass, int top, double* states, void* stream);

/// The same by the same team code on the host, line after line: what is tested where there is no device.
int eliminate_emulated(const BatchPlan& plan, const LinePass& pass, void* stream);
int solve_emulated(const BatchPlan& plan, const LinePass& pass, int top, double* states, void* stream);

}  // namespace assay::kernels::gk_mu
