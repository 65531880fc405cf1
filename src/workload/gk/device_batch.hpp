// gk.linear on a device: the direct route, its lines eliminated and solved there. The same solver as on the
// host in every other respect, so what it verifies it verifies here, too.
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/engine.hpp"
#include "workload/gk/device_lines.hpp"
#include "workload/gk/spec.hpp"
#include "workload/workload.hpp"

namespace assay::workload::gk {

/// Bytes that a solve of this point holds on a device at its peak: the systems of every parity at the
/// resolution of the answer.
std::size_t device_bytes(const Spec& spec);

/// The workload's own evaluate(), with its lines on the device.
class DirectOnDevice final : public engine::DeviceBatch {
 public:
  /// `workload` outlives this; `launches` of the device that the streams belong to.
  DirectOnDevice(const Workload& workload, const LineLaunches& launches)
      : workload_(workload), launches_(launches) {}
  [[nodiscard]] std::size_t bytes_per_task(const plan::Task& task) const override;
  plan::Outcome evaluate(engine::DeviceStream& device, const plan::Task& task,
                         std::stop_token stop) const override;

 private:
  const Workload& workload_;
  const LineLaunches& launches_;
};

}  // namespace assay::workload::gk
