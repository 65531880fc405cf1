// The lines of a MuSystem on a device: tables and factors stay there, only the field matrix's blocks and the
// states of a solve travel. One stream, so that everything is done in order.
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/engine.hpp"
#include "kernels/gk_mu/batch.hpp"
#include "workload/gk/line_solver.hpp"

namespace assay::workload::gk {

/// The launches of kernels/gk_mu/batch.hpp, on a device or emulated.
struct LineLaunches {
  const char* tier;  ///< what an outcome names: cuda, or emulated
  int (*eliminate)(const kernels::gk_mu::BatchPlan&, const kernels::gk_mu::LinePass&, void* stream);
  int (*solve)(const kernels::gk_mu::BatchPlan&, const kernels::gk_mu::LinePass&, int top, double* states,
               void* stream);
};
/// Of the device; nothing where CUDA was not compiled in.
const LineLaunches* cuda_launches();
const LineLaunches& emulated_launches();

LineSolverFactory device_line_solvers(engine::DeviceStream& device, const LineLaunches& launches);

/// Device bytes of so many lines: factors of every moment, working matrices, tables and a state.
std::size_t device_line_bytes(std::size_t lines, int rows, int nm);

}  // namespace assay::workload::gk
