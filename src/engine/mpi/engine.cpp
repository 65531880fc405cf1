#include "engine/mpi/engine.hpp"

#include <unistd.h>

#include <filesystem>
#include <memory>

#include "core/child.hpp"
#include "core/error.hpp"
#include "core/openmpi.hpp"
#include "engine/loops.hpp"
#include "engine/remote.hpp"

namespace assay::engine::mpi {
namespace {

struct World {
  cluster::Ranks* ranks = nullptr;
  std::unique_ptr<cluster::RankTransport> transport;
  bool survive = false;
};
World& world() {
  static World instance;
  return instance;
}

class Mpi final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "mpi"; }

  [[nodiscard]] Availability availability() const override {
    if (world().ranks != nullptr)
      return {true, "rank 0 of " + std::to_string(world().ranks->size()) + " gives out the tasks"};
    if (program_with_mpi().empty())
      return {false, "built without MPI: there is no assay-mpi beside this program"};
    if (!find_program(openmpi::launcher())) return {false, "there is no mpirun on the PATH"};
    return {true, "started by mpirun, as many ranks as --ranks says"};
  }

  void run(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options& options,
           std::stop_token stop) const override {
    if (world().ranks == nullptr) {
      throw UserError(
          "engine mpi needs ranks, and this process is none",
          "scan, run and ensemble start mpirun themselves; another command: mpirun -n 4 assay-mpi ...");
    }
    if (world().ranks->size() == 1)  // the manager is the only one who can work
      return run_in_order({tasks, sink, name(), std::move(stop)}, body);
    if (tasks.size() == 0) return;
    run_remote(
        tasks, body, sink, options, *world().transport,
        {.workers = static_cast<std::size_t>(world().ranks->size() - 1),
         .engine = "mpi",
         .beats = true,
         .begin = [](cluster::Manager& manager) { world().transport->attach(manager); },
         .end = [](const cluster::Manager& manager) { world().transport->note_losses(manager.counts()); }},
        stop);
  }
};

}  // namespace

const Engine& instance() {
  static const Mpi engine;
  return engine;
}

void set_ranks(cluster::Ranks& ranks) {
  world().ranks = &ranks;
  world().transport = std::make_unique<cluster::RankTransport>(ranks);
}

cluster::RankTransport* transport() {
  return world().transport.get();
}

int ranks() {
  return world().ranks != nullptr ? world().ranks->size() : 1;
}

void set_survive(bool survive) {
  world().survive = survive;
}
bool survive() {
  return world().survive;
}

std::string program_with_mpi() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto path = self.parent_path() / "assay-mpi";
  return !error && ::access(path.c_str(), X_OK) == 0 ? path.string() : std::string();
}

}  // namespace assay::engine::mpi
