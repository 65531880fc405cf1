// A waiting thread costs a stack and no CPU; two context switches a task are noise beside the start of a
// program (about 0.5 ms). One event loop for all children was rejected: it starts them one after the other.
// SPDX-License-Identifier: MIT
#include "engine/process/engine.hpp"

#include <pthread.h>
#include <sched.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/host.hpp"
#include "engine/loops.hpp"

namespace assay::engine::process {
namespace {

/// The calling thread, and with it the programs that it starts, on as many cores as a task takes slots.
void pin_to_cores(std::size_t job, std::size_t slots) {
  const auto cores = allowed_cores();
  if (cores.empty()) return;
  cpu_set_t own;
  CPU_ZERO(&own);
  for (std::size_t i = job * slots; i < (job + 1) * slots; ++i)
    CPU_SET(static_cast<std::size_t>(cores[i % cores.size()]), &own);
  ::pthread_setaffinity_np(::pthread_self(), sizeof own, &own);
}

class Process final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "process"; }
  [[nodiscard]] Availability availability() const override {
    return {true, std::to_string(usable_cores()) + " jobs at a time by default"};
  }

  void run(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options& options,
           std::stop_token stop) const override {
    if (!body.external()) {
      throw UserError("engine process starts external programs, and this workload computes inside assay",
                      "choose --engine tbb or serial");
    }
    const auto jobs = std::min(static_cast<std::size_t>(jobs_of(options, body)), tasks.size());
    run_on_threads({tasks, sink, name(), std::move(stop)}, jobs, [&](std::size_t job) -> const TaskBody& {
      if (options.pin) pin_to_cores(job, static_cast<std::size_t>(body.slots()));
      return body;
    });
  }
};

}  // namespace

const Engine& instance() {
  static const Process engine;
  return engine;
}

}  // namespace assay::engine::process
