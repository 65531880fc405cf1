// SPDX-License-Identifier: MIT
#include "engine/remote.hpp"

#include "core/error.hpp"

namespace assay::engine {

RemoteWork remote_work(const TaskBody& body, const std::string& engine) {
  if (const auto work = body.remote()) return *work;
  throw UserError("engine " + engine + " runs the tasks of a config in other processes, and these have none",
                  "choose --engine tbb or serial");
}

void run_remote(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options& options,
                cluster::Transport& transport, const RemoteRun& how, const std::stop_token& stop) {
  const RemoteWork work = remote_work(body, how.engine);
  const cluster::Settings settings{.silence_seconds = options.silence_seconds,
                                   .batch_seconds = how.batch_seconds,
                                   .batch_size = options.batch_size,
                                   .fixed = options.batching == Batching::fixed,
                                   .expected_workers = how.workers,
                                   .beats = how.beats,
                                   .host = cluster::host_name(),
                                   .engine = how.engine};
  const auto order = settings.fixed || settings.batch_size > 1
                         ? std::vector<std::size_t>{}
                         : longest_first(tasks, body, static_cast<int>(how.workers));
  const cluster::TaskList list{tasks.size(),
                               [&](std::size_t i) { return tasks.index(order.empty() ? i : order[i]); }};
  cluster::Manager manager(work.order, list, settings, transport, [&](std::size_t task, plan::Outcome outcome) {
    sink.accept(task, std::move(outcome));
  });
  if (how.begin) how.begin(manager);
  try {
    cluster::drive(manager, transport, settings, stop, work.ending);
  } catch (...) {
    if (how.end) how.end(manager);
    throw;
  }
  if (how.end) how.end(manager);
}

}  // namespace assay::engine
