// Threads of one process. The arena is bounded by what the process may use, never by what the machine has. A
// task's result does not depend on who computes it, so any number of threads gives the same bits.
// SPDX-License-Identifier: MIT
#include "engine/tbb/engine.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <tbb/version.h>

#include <algorithm>
#include <atomic>

#include "core/host.hpp"
#include "engine/loops.hpp"

namespace assay::engine::tbb {
namespace {

class Tbb final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "tbb"; }
  [[nodiscard]] Availability availability() const override {
    return {true, "oneTBB " TBB_VERSION_STRING ", " + std::to_string(usable_cores()) + " usable cores"};
  }

  void run(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options& options,
           std::stop_token stop) const override {
    if (tasks.size() == 0) return;
    const int wanted = options.threads > 0 ? options.threads : usable_cores();
    const int threads = static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(wanted), tasks.size()));
    // More threads than cores only when asked for: the limit of the process is raised for this run alone.
    const ::tbb::global_control limit(::tbb::global_control::max_allowed_parallelism,
                                      static_cast<std::size_t>(std::max(threads, usable_cores())));
    ::tbb::task_arena arena(threads, 1);
    const std::size_t workers = static_cast<std::size_t>(threads);
    const std::size_t batch = engine::batch_size(tasks.size(), threads, options);
    const bool dynamic = options.batching == Batching::dynamic;
    const auto order = dynamic && batch == 1 ? longest_first(tasks, body, threads) : std::vector<std::size_t>{};
    const Run run{tasks, sink, name(), stop};
    const auto run_range = [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end && run_task(run, body, order.empty() ? i : order[i]); ++i) {
      }
    };
    std::atomic<std::size_t> next{0};
    arena.execute([&] {
      ::tbb::parallel_for(
          std::size_t{0}, workers,
          [&](std::size_t worker) {
            if (!dynamic) {
              run_range(tasks.size() * worker / workers, tasks.size() * (worker + 1) / workers);
              return;
            }
            while (!stop.stop_requested()) {
              const std::size_t begin = next.fetch_add(batch);
              if (begin >= tasks.size()) return;
              run_range(begin, std::min(begin + batch, tasks.size()));
            }
          },
          ::tbb::simple_partitioner{});
    });
  }
};

}  // namespace

const Engine& instance() {
  static const Tbb engine;
  return engine;
}

}  // namespace assay::engine::tbb
