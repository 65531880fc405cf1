// The program as a rank of an MPI run: rank 0 runs the command, the others are its workers. No rank waits for
// another at the end once one was lost: MPI's own end would never return.
// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iostream>

#include "cluster/message.hpp"
#include "commands/on_ranks.hpp"
#include "commands/program.hpp"
#include "core/interrupt.hpp"
#include "engine/mpi/engine.hpp"
#include "engine/mpi/library.hpp"
#include "run/worker.hpp"

namespace {

using namespace assay;

constexpr std::string_view kLeave = "leave", kTogether = "together", kAlone = "alone";

constexpr double kFarewellSeconds = 2.0;  // that workers get to leave by themselves

/// Never returns a rank to a place that could wait for a dead one.
[[noreturn]] void leave_alone(int code) {
  std::cout.flush();
  std::cerr.flush();
  _exit(code);
}

int work(engine::mpi::Library& library) {
  const auto launcher = ::getppid();
  cluster::RankChannel channel(library);
  {
    const InterruptGuard interrupt;
    const run::WorkerRequest request{
        .engine = "mpi", .label = "rank " + std::to_string(library.rank()), .expects_beats = true};
    const run::WorkerEnd end = run::serve(channel, request, interrupt.token());
    if (interrupt.signal() != 0 || !end.told) leave_alone(0);
  }
  while (::getppid() == launcher) {
    const auto frame = channel.receive(0.1);
    if (!frame || frame->kind != kLeave) continue;
    if (frame->payload != kTogether) break;
    library.finalize();
    return 0;
  }
  leave_alone(0);
}

int give_out_work(engine::mpi::Library& library, int argc, char** argv) {
  engine::mpi::set_ranks(library);
  commands::announce_rank_0();
  const int code = commands::program(argc, argv);
  commands::leave_verdict(code);
  const bool together = !engine::mpi::transport()->broken() && !engine::mpi::survive();
  for (int rank = 1; rank < library.size(); ++rank) {
    library.send(rank, cluster::encoded({std::string(cluster::kind::stop), std::string(cluster::kFinish)}));
    library.send(rank, cluster::encoded({std::string(kLeave), std::string(together ? kTogether : kAlone)}));
  }
  if (!together) {
    engine::mpi::transport()->end_local_workers(kFarewellSeconds);
    leave_alone(code);
  }
  library.finalize();
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto library = engine::mpi::begin(argc, argv);
    return library->rank() == 0 ? give_out_work(*library, argc, argv) : work(*library);
  } catch (const std::exception& e) {
    std::cerr << "error: " << e.what() << '\n';
    return static_cast<int>(Exit::environment);
  }
}
