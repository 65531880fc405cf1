// Stands in for the CUDA engine where it was not compiled, and says why. CMake's choice between this file and
// engine.cpp is the only switch.
// SPDX-License-Identifier: MIT
#include "core/error.hpp"
#include "engine/cuda/engine.hpp"

namespace assay::engine::cuda {
namespace {

class Unavailable final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "cuda"; }
  [[nodiscard]] Availability availability() const override {
    return {false, "not compiled in: " ASSAY_CUDA_REASON};
  }
  void run(const TaskSource&, const TaskBody&, Sink&, const Options&, std::stop_token) const override {
    throw EnvironmentError("engine cuda: " + availability().reason,
                           "build on a machine with nvcc, or choose --engine tbb");
  }
};

}  // namespace

const Engine& instance() {
  static const Unavailable engine;
  return engine;
}

}  // namespace assay::engine::cuda
