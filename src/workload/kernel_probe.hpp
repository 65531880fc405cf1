// Kernels as something to be timed: what one run computes and moves, and a function that does it. Sizes and
// inputs are those of real problems, made once; a run allocates nothing.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace assay::workload {

struct KernelProbe {
  std::string name;             ///< "gk_linear.rhs"
  std::string tier;             ///< floor or host
  std::string instruction_set;  ///< of the host tier; empty for the floor
  std::string size;             ///< in words: "Nl 16, Nm 48, Nz 96"
  double operations = 0.0;      ///< of one run, floating point, from the kernel's cost function
  double bytes = 0.0;           ///< that one run must move to or from the level that holds its working set
  std::size_t working_set = 0;  ///< bytes that a run touches
  std::function<void()> run;
};

/// The kernels of the gyrokinetic routes at the sizes of the Cyclone case; a few tens of MB and milliseconds.
std::vector<KernelProbe> kernel_probes();

/// Multiply-adds in registers: operations, no bytes.
KernelProbe peak_probe();

/// A sum and a triad over arrays of about so many bytes together: bytes, and what a run computes meanwhile.
std::vector<KernelProbe> stream_probes(std::size_t working_set);

}  // namespace assay::workload
