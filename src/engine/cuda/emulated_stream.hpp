// A device that is the host: its memory is ours, its kernels run when they are launched. Counts what is in use,
// so that a test sees what a task needs and whether it gives everything back.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstring>
#include <map>
#include <new>

#include "core/error.hpp"
#include "engine/engine.hpp"

namespace assay::engine::cuda {

class EmulatedStream final : public DeviceStream {
 public:
  ~EmulatedStream() override {
    for (const auto& [memory, bytes] : blocks_) ::operator delete(memory, line);
  }
  void* allocate(std::size_t bytes) override {
    void* memory = ::operator new(bytes, line);
    std::memset(memory, 0xFF, bytes);  // NaN: what was not written shows
    blocks_[memory] = bytes;
    in_use_ += bytes;
    peak_ = in_use_ > peak_ ? in_use_ : peak_;
    return memory;
  }
  void release(void* memory) noexcept override {
    const auto block = blocks_.find(memory);
    if (block == blocks_.end()) return;
    in_use_ -= block->second;
    ::operator delete(memory, line);
    blocks_.erase(block);
  }
  void upload(void* to, const void* from, std::size_t bytes) override { std::memcpy(to, from, bytes); }
  void download(void* to, const void* from, std::size_t bytes, std::size_t rows, std::size_t stride) override {
    for (std::size_t row = 0; row < rows; ++row)
      std::memcpy(static_cast<char*>(to) + row * bytes, static_cast<const char*>(from) + row * stride, bytes);
  }
  void check(int status, const char* launch) const override {
    if (status != 0) throw EnvironmentError(std::string("emulated device: ") + launch + " failed");
  }
  [[nodiscard]] void* handle() const override { return nullptr; }

  [[nodiscard]] std::size_t in_use() const { return in_use_; }
  [[nodiscard]] std::size_t peak() const { return peak_; }

 private:
  static constexpr std::align_val_t line{64};
  std::map<void*, std::size_t> blocks_;
  std::size_t in_use_ = 0, peak_ = 0;
};

}  // namespace assay::engine::cuda
