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
  plan.scratch_stride = team_scratch_size(rows);
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

/// One pass on the device: lines and lambdas are device arrays of `count` <= lines_a_pass entries (the views
/// inside point to device memory, every line with the same `rows`), factors and scratch hold bytes_a_pass
/// together. The launch is asynchronous on `stream` (a cudaStream_t); returns the cudaError_t of the launch, 0
/// on success.
int eliminate_cuda(const BatchPlan& plan, const Line* lines, const Pair* lambdas, int count, int rows, int kept,
                   double* factors, double* scratch, void* stream);

}  // namespace assay::kernels::gk_mu
