// One CUDA device: as many tasks resident at once as its memory holds, each on a stream of its own. Memory is
// checked before the first launch. Only workloads that offer a device batch run here; nothing falls back by
// itself.
// SPDX-License-Identifier: MIT
#include "engine/cuda/engine.hpp"

#include <cuda_runtime.h>

#include <cstring>

#include "core/error.hpp"
#include "engine/cuda/memory_plan.hpp"
#include "engine/cuda/resident.hpp"

namespace assay::engine::cuda {
namespace {

/// Every CUDA call goes through here and keeps its text.
void check(cudaError_t status, const char* call) {
  if (status == cudaSuccess) return;
  throw EnvironmentError(std::string("CUDA: ") + call + " failed: " + cudaGetErrorString(status),
                         "assay engines shows what the device says; --engine tbb runs without it");
}
#define ASSAY_CUDA_CHECK(call) check((call), #call)

/// Transfers go through a pinned buffer: from other memory they would stop the host until they are done.
class CudaStream final : public DeviceStream {
 public:
  CudaStream() { ASSAY_CUDA_CHECK(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking)); }
  ~CudaStream() override {
    cudaStreamSynchronize(stream_);
    cudaStreamDestroy(stream_);
    cudaFreeHost(staging_);
  }
  CudaStream(const CudaStream&) = delete;
  CudaStream& operator=(const CudaStream&) = delete;

  void* allocate(std::size_t bytes) override {
    void* memory = nullptr;
    ASSAY_CUDA_CHECK(cudaMallocAsync(&memory, bytes, stream_));
    return memory;
  }
  void release(void* memory) noexcept override { cudaFreeAsync(memory, stream_); }

  void upload(void* to, const void* from, std::size_t bytes) override {
    char* const place = staged(bytes);
    std::memcpy(place, from, bytes);
    ASSAY_CUDA_CHECK(cudaMemcpyAsync(to, place, bytes, cudaMemcpyHostToDevice, stream_));
  }
  void download(void* to, const void* from, std::size_t bytes, std::size_t rows, std::size_t stride) override {
    char* const place = staged(bytes * rows);
    ASSAY_CUDA_CHECK(
        cudaMemcpy2DAsync(place, bytes, from, stride, bytes, rows, cudaMemcpyDeviceToHost, stream_));
    wait();
    std::memcpy(to, place, bytes * rows);
  }
  void check(int status, const char* launch) const override {
    cuda::check(static_cast<cudaError_t>(status), launch);
  }
  [[nodiscard]] void* handle() const override { return stream_; }

 private:
  void wait() {
    ASSAY_CUDA_CHECK(cudaStreamSynchronize(stream_));
    used_ = 0;
  }
  /// A piece of the pinned buffer that no transfer uses.
  char* staged(std::size_t bytes) {
    if (used_ + bytes > size_) wait();
    if (bytes > size_) {
      ASSAY_CUDA_CHECK(cudaFreeHost(staging_));
      staging_ = nullptr, size_ = 0;
      ASSAY_CUDA_CHECK(cudaMallocHost(reinterpret_cast<void**>(&staging_), 2 * bytes));
      size_ = 2 * bytes;
    }
    char* const place = staging_ + used_;
    used_ += (bytes + 255) / 256 * 256;
    return place;
  }

  cudaStream_t stream_ = nullptr;
  char* staging_ = nullptr;
  std::size_t size_ = 0, used_ = 0;
};

/// Memory that was given back stays with the process: the next task takes it without asking the system.
void keep_released_memory() {
  cudaMemPool_t pool = nullptr;
  ASSAY_CUDA_CHECK(cudaDeviceGetDefaultMemPool(&pool, 0));
  std::uint64_t threshold = ~std::uint64_t{0};
  ASSAY_CUDA_CHECK(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &threshold));
}

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
    const MemoryPlan memory =
        plan_memory(tasks.size(), bytes_of_largest(tasks, *batch), 0, free_bytes, options.batch_size);
    keep_released_memory();
    const std::size_t resident = resident_tasks(tasks.size(), memory.resident_tasks, options.threads);
    run_resident(
        tasks, *batch, resident, [] { return std::make_unique<CudaStream>(); }, name(), sink, stop);
  }
};

}  // namespace

const Engine& instance() {
  static const Cuda engine;
  return engine;
}

}  // namespace assay::engine::cuda
