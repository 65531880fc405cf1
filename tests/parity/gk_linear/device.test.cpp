// The CUDA tier without a device: packing, sizes, launch geometry, and the kernels themselves, run block by
// block with one thread a block. What this leaves to a device is contraction and concurrency within a block.
#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <vector>

namespace {
struct Index {
  unsigned x = 0, y = 0, z = 0;
};
Index blockIdx, threadIdx, blockDim{1, 1, 1};
std::vector<double> block_memory;
}  // namespace
#define __device__
#define __global__
#define __launch_bounds__(n)
#define __syncthreads()
namespace assay::kernels::gk_linear {
namespace {
double* shared_memory() {
  return block_memory.data();
}
}  // namespace
}  // namespace assay::kernels::gk_linear
#include "kernels/gk_linear/device_kernels.cuh"
#include "workload/gk/operator.hpp"

using namespace assay::workload::gk;
namespace kernel = assay::kernels::gk_linear;

namespace {

const double not_written = std::numeric_limits<double>::quiet_NaN();

/// A batch of modes that differ in ky, every term of the operator on.
std::vector<Spec> batch_of_specs() {
  std::vector<Spec> specs(3);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    specs[i].nl = 3, specs[i].nm = 11;
    specs[i].grid = {.ntheta = 10, .nperiod = 2};
    specs[i].ky = 0.1 + 0.2 * static_cast<double>(i);
    specs[i].species[0].nu = 0.05;
    specs[i].species.push_back({.name = "electron", .charge = -1.0, .mass = 0.01, .nu = 0.1});
    specs[i].tau = 0.0;
    specs[i].beta = 0.01;
    specs[i].a_parallel = specs[i].b_parallel = true;
  }
  return specs;
}

template <class Kernel>
void for_each_block(unsigned x, unsigned y, unsigned z, Kernel run) {
  for (blockIdx.z = 0; blockIdx.z < z; ++blockIdx.z) {
    for (blockIdx.y = 0; blockIdx.y < y; ++blockIdx.y) {
      for (blockIdx.x = 0; blockIdx.x < x; ++blockIdx.x) run();
    }
  }
}

/// What solve_fields_cuda and apply_columns_cuda launch, as loops.
void run_batch(const kernel::Tables& size, const std::vector<kernel::Tables>& tables, const double* g,
               double* fields, double* out) {
  const auto shape = kernel::launch_shape(size, tables.size(), 2048);
  block_memory.assign(shape.shared_bytes / 8, not_written);
  for_each_block(shape.batch, 1, 1, [&] { kernel::potentials(tables.data(), g, fields); });
  for_each_block(shape.columns, shape.batch, 1, [&] { kernel::low_rows(tables.data(), g, fields); });
  const auto species = static_cast<unsigned>(size.ns);
  if (size.nu != nullptr) {
    for_each_block(species, shape.batch, 1, [&] { kernel::collision_moments(tables.data(), g, fields); });
  }
  for_each_block(shape.tiles, shape.columns, shape.batch,
                 [&] { kernel::apply_rows(tables.data(), g, fields, out, shape.rows); });
}

}  // namespace

TEST_CASE("gk_linear cuda kernels on packed tables equal the floor, mode by mode of a batch") {
  std::vector<Operator> ops;
  for (const auto& spec : batch_of_specs()) ops.push_back(make_operator(spec));
  const auto& size = ops[0].tables;
  const std::size_t n = ops[0].size(), packed = kernel::packed_doubles(size);
  std::vector<double> storage(packed * ops.size(), not_written);
  std::vector<kernel::Tables> tables;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    double* at = storage.data() + i * packed;
    tables.push_back(kernel::pack_tables(ops[i].tables, at, at));
  }
  std::mt19937 bits(3);
  std::normal_distribution<double> normal;
  std::vector<Complex> g(n * ops.size()), out(g.size(), {not_written, not_written}), floor(n);
  for (auto& x : g) x = {normal(bits), normal(bits)};
  std::vector<double> fields(kernel::field_doubles(size) * ops.size(), not_written);
  run_batch(size, tables, reinterpret_cast<const double*>(g.data()), fields.data(),
            reinterpret_cast<double*>(out.data()));
  Workspace work;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    apply(ops[i], Tier::floor, std::span(g).subspan(i * n, n), floor, work);
    double largest = 0.0, distance = 0.0;
    for (std::size_t k = 0; k < n; ++k) {
      REQUIRE(std::isfinite(std::abs(out[i * n + k])));
      largest = std::max(largest, std::abs(floor[k]));
      distance = std::max(distance, std::abs(out[i * n + k] - floor[k]));
    }
    CHECK(largest > 1.0);
    CHECK(distance <= 1e-14 * largest);
  }
}

TEST_CASE("packing keeps every table and addresses them from the given base") {
  const Operator op = make_operator(batch_of_specs()[0]);
  std::vector<double> host(kernel::packed_doubles(op.tables));
  const double* device = host.data() + 1000000;  // an address that is never read
  const auto packed = kernel::pack_tables(op.tables, host.data(), device);
  const auto same = [&](const double* original, const double* moved, std::size_t n) {
    const std::size_t offset = static_cast<std::size_t>(moved - device);
    REQUIRE(offset + n <= host.size());
    return std::equal(original, original + n, host.data() + offset);
  };
  CHECK(same(op.tables.derivative, packed.derivative, static_cast<std::size_t>(op.nz()) * op.nz()));
  CHECK(same(op.tables.gyro_heat, packed.gyro_heat, static_cast<std::size_t>(2 * 3) * op.nz()));
  CHECK(packed.zonal_average == nullptr);
}

TEST_CASE("launch geometry covers every row within the limits of a block") {
  for (const int nz : {3, 31, 96, 257, 600}) {
    for (const int nm : {2, 8, 9, 48}) {
      kernel::Tables t;
      t.ns = 2, t.nl = 5, t.nm = nm, t.nz = nz;
      const auto shape = kernel::launch_shape(t, 7);
      CHECK(shape.rows >= 1);
      CHECK(shape.rows <= kernel::most_rows);
      CHECK(shape.tiles * static_cast<unsigned>(shape.rows) >= static_cast<unsigned>(nm));
      CHECK((shape.tiles - 1) * static_cast<unsigned>(shape.rows) < static_cast<unsigned>(nm));
      CHECK(shape.columns == 10);
      CHECK(shape.batch == 7);
      CHECK(shape.threads % 32 == 0);
      CHECK(shape.threads <= 256);
      CHECK(shape.shared_bytes <= 48 * 1024);
    }
  }
}

TEST_CASE("the memory plan admits a batch that fits and not one more") {
  const Operator op = make_operator({});
  const std::size_t one = kernel::device_bytes(op.tables, 3), memory = 40 * one + one / 2;
  CHECK(kernel::largest_batch(op.tables, 3, memory) == 40);
  CHECK(one > 3 * 16 * op.size());
  CHECK(one < 4 * 16 * op.size());
}
