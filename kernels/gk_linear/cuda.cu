// Launches of device_kernels.cuh; nothing else, so that nvcc sees as little as possible.
// SPDX-License-Identifier: MIT
#include <cuda_runtime.h>

namespace assay::kernels::gk_linear {
namespace {
__device__ double* shared_memory() {
  extern __shared__ double memory[];
  return memory;
}
}  // namespace
}  // namespace assay::kernels::gk_linear

#include "kernels/gk_linear/device_kernels.cuh"

namespace assay::kernels::gk_linear {

int solve_fields_cuda(const Tables& size, const Tables* tables, std::size_t batch, const double* g,
                      double* fields, void* stream) {
  const LaunchShape shape = launch_shape(size, batch);
  auto* queue = static_cast<cudaStream_t>(stream);
  potentials<<<shape.batch, shape.threads, 0, queue>>>(tables, g, fields);
  low_rows<<<dim3(shape.columns, shape.batch), shape.threads, 0, queue>>>(tables, g, fields);
  if (size.nu != nullptr) {
    collision_moments<<<dim3(static_cast<unsigned>(size.ns), shape.batch), shape.threads, 0, queue>>>(tables, g,
                                                                                                      fields);
  }
  return static_cast<int>(cudaGetLastError());
}

int apply_columns_cuda(const Tables& size, const Tables* tables, std::size_t batch, const double* g,
                       const double* fields, double* out, void* stream) {
  const LaunchShape shape = launch_shape(size, batch);
  auto* queue = static_cast<cudaStream_t>(stream);
  apply_rows<<<dim3(shape.tiles, shape.columns, shape.batch), shape.threads, shape.shared_bytes, queue>>>(
      tables, g, fields, out, shape.rows);
  return static_cast<int>(cudaGetLastError());
}

}  // namespace assay::kernels::gk_linear
