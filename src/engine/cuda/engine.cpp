// One CUDA device: as many tasks resident at once as its memory holds, in batches of equal size. Memory is
// checked before the first launch. Only workloads that offer a device batch run here; nothing falls back by
// itself.
// SPDX-License-Identifier: MIT
#include "engine/cuda/engine.hpp"

#include <cuda_runtime.h>

#include <chrono>

#include "core/error.hpp"
#include "engine/cuda/memory_plan.hpp"

namespace assay::engine::cuda {
namespace {

/// Every CUDA call goes through here and keeps its text.
void check(cudaError_t status, const char* call) {
  if (status == cudaSuccess) return;
  throw EnvironmentError(std::string("CUDA: ") + call + " failed: " + cudaGetErrorString(status),
                         "assay engines shows what the device says; --engine tbb runs without it");
}
#define ASSAY_CUDA_CHECK(call) check((call), #call)

class Cuda final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "cuda"; }

  [[nodiscard]] Availability availability() const override {
    int count = 0;
    if (const cudaError_t status = cudaGetDeviceCount(&count); status != cudaSuccess) {
      return {false, std::string("no usable device: ") + cudaGetErrorString(status)};
    }
    if (count == 0) return {false, "no CUDA device"};
    cudaDeviceProp device{};
    if (cudaGetDeviceProperties(&device, 0) != cudaSuccess) return {false, "the device does not answer"};
    return {true, std::string(device.name) + ", " + std::to_string(device.totalGlobalMem >> 20) + " MiB"};
  }

  void run(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options& options,
           std::stop_token stop) const override {
    if (const auto a = availability(); !a.usable) {
      throw EnvironmentError("engine cuda: " + a.reason, "choose --engine tbb, or allow it with --fallback");
    }
    const DeviceBatch* batch = body.device_batch();
    if (batch == nullptr)
      throw EnvironmentError("engine cuda: this workload and route have no CUDA kernel",
                             "choose --engine tbb, or allow it with --fallback");
    std::size_t free_bytes = 0, total_bytes = 0;
    ASSAY_CUDA_CHECK(cudaMemGetInfo(&free_bytes, &total_bytes));
    const MemoryPlan memory = plan_memory(tasks.size(), batch->bytes_per_task(), batch->fixed_bytes(),
                                          free_bytes, options.batch_size);
    for (std::size_t begin = 0; begin < tasks.size() && !stop.stop_requested();
         begin += memory.resident_tasks) {
      std::vector<plan::Task> chunk;
      for (std::size_t i = begin; i < std::min(begin + memory.resident_tasks, tasks.size()); ++i)
        chunk.push_back(tasks.at(i));
      const auto start = std::chrono::steady_clock::now();
      auto outcomes = batch->solve(chunk, stop);
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (stop.stop_requested() && outcomes[i].status == plan::Status::skipped) continue;
        outcomes[i].engine = std::string(name());
        outcomes[i].wall_seconds = seconds / static_cast<double>(outcomes.size());
        sink.accept(chunk[i].index, std::move(outcomes[i]));
      }
    }
  }
};

}  // namespace

const Engine& instance() {
  static const Cuda engine;
  return engine;
}

}  // namespace assay::engine::cuda
