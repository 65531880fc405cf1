// The device tier: a block eliminates or solves a line. An elimination keeps its working matrices in shared
// memory where they fit (80 KB for 31 points) and in global memory otherwise; many wavenumbers at once, each on
// a stream of its own, hide the barriers.
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

__global__ void eliminate_lines(LinePass pass, std::size_t factor_stride, std::size_t scratch_stride,
                                bool shared) {
  extern __shared__ double memory[];
  const int line = static_cast<int>(blockIdx.x);
  const Factor factor = batch_factor(pass.factors, factor_stride, line, pass.rows, pass.kept);
  double* const scratch = shared ? memory : pass.scratch + scratch_stride * static_cast<std::size_t>(line);
  eliminate_team(Block{}, pass.lines[line], pass.lambdas[line], factor, scratch);
}

__global__ void solve_lines(LinePass pass, std::size_t factor_stride, int top, double* states) {
  extern __shared__ double memory[];
  const int line = static_cast<int>(blockIdx.x);
  const Factor factor = batch_factor(pass.factors, factor_stride, line, pass.rows, pass.kept);
  solve_team(Block{}, pass.lines[line], factor, top, batch_moments(states, pass.lines[line], line, factor.ld),
             memory);
}

/// Shared memory that a block may ask for; more than 48 KB must be asked for beforehand.
std::size_t shared_limit() {
  int device = 0, bytes = 0;
  if (cudaGetDevice(&device) != cudaSuccess) return 0;
  if (cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device) != cudaSuccess) return 0;
  return static_cast<std::size_t>(bytes);
}

}  // namespace

int eliminate_cuda(const BatchPlan& plan, const LinePass& pass, void* stream) {
  if (pass.count <= 0) return 0;
  const std::size_t shared = shared_scratch_bytes(pass.rows, shared_limit());
  if (shared > 0) {
    const cudaError_t status = cudaFuncSetAttribute(
        eliminate_lines, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared));
    if (status != cudaSuccess) return static_cast<int>(status);
  }
  eliminate_lines<<<pass.count, plan.threads, shared, static_cast<cudaStream_t>(stream)>>>(
      pass, plan.factor_stride, plan.scratch_stride, shared > 0);
  return static_cast<int>(cudaGetLastError());
}

int solve_cuda(const BatchPlan& plan, const LinePass& pass, int top, double* states, void* stream) {
  if (pass.count <= 0) return 0;
  const std::size_t shared = team_solve_scratch_size(pass.rows) * sizeof(double);
  solve_lines<<<pass.count, plan.threads, shared, static_cast<cudaStream_t>(stream)>>>(pass, plan.factor_stride,
                                                                                       top, states);
  return static_cast<int>(cudaGetLastError());
}

}  // namespace assay::kernels::gk_mu
