// The device tier: a block eliminates a line. Working matrices stay in global memory, which the second-level
// cache holds (16 KB a matrix of 31 points); many wavenumbers at once hide the barriers.
// SPDX-License-Identifier: MIT
#include <cuda_runtime.h>

#include "kernels/gk_mu/batch.hpp"

namespace assay::kernels::gk_mu {
namespace {

struct Block {
  __device__ int rank() const { return static_cast<int>(threadIdx.x); }
  __device__ int size() const { return static_cast<int>(blockDim.x); }
  __device__ void barrier() const { __syncthreads(); }
};

__global__ void eliminate_lines(const Line* lines, const Pair* lambdas, int rows, int kept, double* factors,
                                std::size_t factor_stride, double* scratch, std::size_t scratch_stride) {
  const int line = static_cast<int>(blockIdx.x);
  const Factor factor = batch_factor(factors, factor_stride, line, rows, kept);
  eliminate_team(Block{}, lines[line], lambdas[line], factor,
                 scratch + scratch_stride * static_cast<std::size_t>(line));
}

}  // namespace

int eliminate_cuda(const BatchPlan& plan, const Line* lines, const Pair* lambdas, int count, int rows, int kept,
                   double* factors, double* scratch, void* stream) {
  if (count <= 0) return 0;
  eliminate_lines<<<count, plan.threads, 0, static_cast<cudaStream_t>(stream)>>>(
      lines, lambdas, rows, kept, factors, plan.factor_stride, scratch, plan.scratch_stride);
  return static_cast<int>(cudaGetLastError());
}

}  // namespace assay::kernels::gk_mu
