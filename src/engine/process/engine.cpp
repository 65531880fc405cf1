// A waiting thread costs a stack and no CPU; two context switches a task are noise beside the start of a
// program (about 0.5 ms). One event loop for all children was rejected: it starts them one after the other.
// SPDX-License-Identifier: MIT
#include "engine/process/engine.hpp"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "core/error.hpp"
#include "core/host.hpp"

namespace assay::engine::process {
namespace {

/// The calling thread, and with it the programs that it starts, on one of the cores that this process may use.
void pin_to_core(std::size_t job) {
  const auto cores = allowed_cores();
  if (cores.empty()) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(cores[job % cores.size()]), &one);
  ::pthread_setaffinity_np(::pthread_self(), sizeof one, &one);
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
    std::atomic<std::size_t> next{0};
    std::atomic<bool> broken{false};
    std::mutex mutex;
    std::exception_ptr problem;  // of the sink: a full disk, say
    const auto work = [&](std::size_t job) {
      if (options.pin) pin_to_core(job);
      try {
        while (!stop.stop_requested() && !broken) {
          const std::size_t i = next.fetch_add(1);
          if (i >= tasks.size()) return;
          const plan::Task task = tasks.at(i);
          plan::Outcome outcome = evaluate_task(body, task, name(), stop);
          if (stop.stop_requested() && outcome.status == plan::Status::skipped) return;
          sink.accept(task.index, std::move(outcome));
        }
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!problem) problem = std::current_exception();
        broken = true;
      }
    };
    {
      const auto jobs = std::min(static_cast<std::size_t>(jobs_of(options)), tasks.size());
      std::vector<std::jthread> threads;
      for (std::size_t job = 0; job < jobs; ++job) threads.emplace_back(work, job);
    }
    if (problem) std::rethrow_exception(problem);
  }
};

}  // namespace

const Engine& instance() {
  static const Process engine;
  return engine;
}

}  // namespace assay::engine::process
