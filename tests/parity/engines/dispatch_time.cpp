// What an engine takes for a task besides the task, the journal apart: a formula's points into a sink that
// drops them. Not a test: it prints times.
// SPDX-License-Identifier: MIT
//
//   dispatch_time [ENGINE] [TASKS]                 serial, tbb or workers (default: workers, 200000)
//   mpirun -n 3 dispatch_time mpi [TASKS]
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "cluster/pool.hpp"
#include "core/error.hpp"
#include "engine/mpi/engine.hpp"
#include "engine/mpi/library.hpp"
#include "run/study.hpp"
#include "run/work_order.hpp"
#include "run/worker.hpp"

namespace {

using namespace assay;

struct Points final : engine::TaskSource {
  explicit Points(const run::Study& of) : study(of) {}
  [[nodiscard]] std::size_t size() const override { return study.points().size(); }
  [[nodiscard]] plan::Task at(std::size_t i) const override { return study.task(i); }
  [[nodiscard]] std::size_t index(std::size_t i) const override { return i; }
  const run::Study& study;
};

struct Drop final : engine::Sink {
  void accept(std::size_t, plan::Outcome) override { ++count; }
  std::atomic<std::size_t> count{0};
};

void measure(const std::string& name, const std::string& tasks) {
  const auto study = run::Study::make(
      Config::from_text("workload = \"formula\"\n[variables]\nx = 1.0\n[formula]\ny = \"x + 1\"\n",
                        "dispatch_time"),
      {.axes = {"x=1:" + tasks}}, run::Scope::scan);
  const run::RemoteBody body(study.workload(), study, {}, {});
  for (int round = 0; round < 4; ++round) {  // the first starts processes and fills caches
    Drop sink;
    const auto start = std::chrono::steady_clock::now();
    engine::get(name).run(Points(study), body, sink, {.threads = 2, .workers = 2}, {});
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    std::cout << name << ": " << took.count() / static_cast<double>(sink.count) << " us a task, " << sink.count
              << " tasks" << (round == 0 ? " (start included)" : "") << std::endl;
  }
}

int as_rank(const std::string& name, const std::string& tasks, int& argc, char**& argv) {
  const auto library = engine::mpi::begin(argc, argv);
  if (library->rank() == 0) {
    engine::mpi::set_ranks(*library);
    measure(name, tasks);
    for (int rank = 1; rank < library->size(); ++rank)
      library->send(rank, cluster::encoded({std::string(cluster::kind::stop), std::string(cluster::kFinish)}));
  } else {
    cluster::RankChannel channel(*library);
    run::serve(channel, {.engine = "mpi", .expects_beats = true}, {});
  }
  library->finalize();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "workers", tasks = argc > 2 ? argv[2] : "200000";
  try {
    if (name == "mpi") return as_rank(name, tasks, argc, argv);
    cluster::set_worker_program(ASSAY_PROGRAM);
    measure(name, tasks);
    return 0;
  } catch (const Error& e) {
    std::cerr << "error: " << e.what() << '\n';
    return static_cast<int>(e.code());
  }
}
