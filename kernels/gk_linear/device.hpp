// The CUDA tier of the gyrokinetic right-hand side: how a batch lies in device memory and how it is launched.
//
// A batch is many modes (ky values, ensemble members) of one size, resident at once: states and fields one
// after the other, one Tables a mode. Nothing here needs a device: packing, sizes and launch geometry are
// plain functions, tested on the host; only the two launch functions are in cuda.cu, and the engine that
// owns streams and memory calls them.
//
// A block computes `rows` Hermite rows of one column of one mode. It forms the streaming flux of its rows and
// G in shared memory, then each thread owns points of z and sums over z' for all its rows at once: one
// element of D and K (read from the first-level cache; D is antisymmetric and K symmetric, so a column is read
// as a row and the loads are coalesced) serves `rows` complex multiplications. The order of every sum is that
// of the floor; only contraction to fused operations differs.
// Operations an element: as the floor, 8 Nz + 62; device memory traffic 32 bytes and the neighbours' rows,
// which other blocks of the column have just brought into the second-level cache.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "kernels/gk_linear/gk_linear.hpp"

namespace assay::kernels::gk_linear {

/// Doubles of all tables of one mode in one piece, in the fixed order of pack_tables.
std::size_t packed_doubles(const Tables& t);

/// Copies every table into `to` and returns Tables whose pointers start at `base`, where `to` will be copied
/// to: the device address, or `to` itself.
Tables pack_tables(const Tables& t, double* to, const double* base);

/// Bytes of one mode on the device: tables, fields and `states` states (2 for an application, 3 for rk4).
std::size_t device_bytes(const Tables& t, int states);

/// Modes that fit into `bytes` of device memory, the array of Tables included.
std::size_t largest_batch(const Tables& t, int states, std::size_t bytes);

/// Launch geometry of apply: grid (row tiles, columns, batch), one block `threads` wide.
struct LaunchShape {
  int rows = 0;     ///< Hermite rows of a block, at most 8
  int threads = 0;  ///< a multiple of 32
  unsigned tiles = 0, columns = 0, batch = 0;
  std::size_t shared_bytes = 0;  ///< flux, G and Nyquist sum of each row of a block
};
inline constexpr int most_rows = 8;
LaunchShape launch_shape(const Tables& t, std::size_t batch, std::size_t shared_limit = 48 * 1024);

/// Both return a cudaError_t as int (0 is success) of the launch; stream is a cudaStream_t. `tables` is a
/// device array of `batch` packed Tables, all of the sizes of `size`; g, out and fields are device arrays, mode
/// after mode.
int solve_fields_cuda(const Tables& size, const Tables* tables, std::size_t batch, const double* g,
                      double* fields, void* stream);
int apply_columns_cuda(const Tables& size, const Tables* tables, std::size_t batch, const double* g,
                       const double* fields, double* out, void* stream);

}  // namespace assay::kernels::gk_linear
