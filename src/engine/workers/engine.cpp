#include "engine/workers/engine.hpp"

#include <algorithm>

#include "cluster/pool.hpp"
#include "cluster/spool.hpp"
#include "core/error.hpp"
#include "core/host.hpp"
#include "engine/remote.hpp"

namespace assay::engine::workers {
namespace {

class Workers final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "workers"; }
  [[nodiscard]] Availability availability() const override {
    return {true, std::to_string(usable_cores()) + " worker processes by default"};
  }

  void run(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options& options,
           std::stop_token stop) const override {
    if (tasks.size() == 0) return;
    if (!options.spool.empty()) return run_spooled(tasks, body, sink, options, stop);
    const int workers = static_cast<int>(
        std::min<std::size_t>(static_cast<std::size_t>(workers_of(options, body)), tasks.size()));
    cluster::Pool pool({.workers = workers, .arguments = {"worker", "--engine-name", "workers"}});
    run_remote(tasks, body, sink, options, pool,
               {.workers = static_cast<std::size_t>(workers), .engine = "workers"}, stop);
  }

 private:
  /// By workers that others have started, and that look for their messages.
  static void run_spooled(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options& options,
                          const std::stop_token& stop) {
    constexpr double kBatchSeconds = 2.0;
    cluster::SpoolTransport spool(options.spool, options.patience_seconds);
    run_remote(tasks, body, sink, options, spool,
               {.workers = static_cast<std::size_t>(std::max(options.workers, 1)),
                .engine = "workers",
                .batch_seconds = kBatchSeconds,
                .beats = true},
               stop);
    spool.see_off();
  }
};

}  // namespace

const Engine& instance() {
  static const Workers engine;
  return engine;
}

}  // namespace assay::engine::workers
