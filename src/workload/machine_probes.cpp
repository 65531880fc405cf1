// The machine's own limits as probes: kernels/machine at sizes that stay in a level of the memory.
// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <memory>

#include "kernels/instruction_set.hpp"
#include "kernels/machine/machine.hpp"
#include "workload/kernel_probe.hpp"

namespace assay::workload {
namespace {

namespace kernel = kernels::machine;

constexpr std::size_t line = 64;

/// Doubles on a cache line's start, touched once so that every page is there before the first run.
std::shared_ptr<double[]> aligned_numbers(std::size_t n) {
  std::shared_ptr<double[]> x(new (std::align_val_t{line}) double[n],
                              [](double* p) { ::operator delete[](p, std::align_val_t{line}); });
  for (std::size_t i = 0; i < n; ++i) x[i] = 1.0 + 1e-3 * static_cast<double>(i % 7);
  return x;
}

std::string in_words(std::size_t bytes) {
  if (bytes >= std::size_t{1} << 20) return fmt::format("{:.3g} MiB", static_cast<double>(bytes) / 0x1p20);
  return fmt::format("{:.3g} KiB", static_cast<double>(bytes) / 0x1p10);
}

}  // namespace

KernelProbe peak_probe() {
  constexpr std::size_t rounds = 20000;
  const auto x = aligned_numbers(kernel::chains);
  return {.name = "machine.fma",
          .tier = "host",
          .instruction_set = kernels::instruction_set_name(),
          .size = fmt::format("{} chains, {} rounds", kernel::chains, rounds),
          .operations = kernel::advance_operations(rounds),
          .working_set = kernel::chains * sizeof(double),
          .run = [x] { kernel::advance_host(rounds, 0.75, 0.5, x.get()); }};
}

std::vector<KernelProbe> stream_probes(std::size_t working_set) {
  // The same three arrays for both, so that every level is filled once: the sum runs over all of them.
  const std::size_t n = working_set / (3 * line) * (line / sizeof(double));
  const auto x = aligned_numbers(3 * n);
  const auto total = std::make_shared<double>(0.0);
  KernelProbe sum{.name = "machine.sum",
                  .tier = "host",
                  .instruction_set = kernels::instruction_set_name(),
                  .size = in_words(3 * n * sizeof(double)),
                  .operations = 3.0 * static_cast<double>(n),
                  .bytes = kernel::sum_bytes(3 * n),
                  .working_set = 3 * n * sizeof(double),
                  .run = [x, n, total] { *total += kernel::sum_host(3 * n, x.get()); }};
  KernelProbe triad = sum;
  triad.name = "machine.triad";
  triad.operations = 2.0 * static_cast<double>(n);
  triad.bytes = kernel::triad_bytes(n);
  triad.run = [x, n] { kernel::triad_host(n, 0.5, x.get() + n, x.get() + 2 * n, x.get()); };
  return {std::move(sum), std::move(triad)};
}

}  // namespace assay::workload
