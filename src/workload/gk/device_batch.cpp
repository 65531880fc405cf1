#include "workload/gk/device_batch.hpp"

#include "workload/gk/linear.hpp"
#include "workload/gk/mu_system.hpp"

namespace assay::workload::gk {

std::size_t device_bytes(const Spec& spec) {
  const auto parities = parities_of(spec);
  const int nz = make_geometry(spec.geometry, spec.grid).nz();
  const int rows = parities.size() > 1 ? nz / 2 + 1 : nz;
  const std::size_t lines = spec.species.size() * static_cast<std::size_t>(spec.nmu);
  return parities.size() * device_line_bytes(lines, rows, spec.nm);
}

std::size_t DirectOnDevice::bytes_per_task(const plan::Task& task) const {
  return device_bytes(spec_of(workload_.resolve(task.point)));
}

plan::Outcome DirectOnDevice::evaluate(engine::DeviceStream& device, const plan::Task& task,
                                       std::stop_token stop) const {
  const ScopedLineSolvers lines(device_line_solvers(device, launches_));
  plan::Outcome outcome = workload_.evaluate(task, stop);
  outcome.tier = launches_.tier;
  return outcome;
}

}  // namespace assay::workload::gk
