// SPDX-License-Identifier: MIT
#include "commands/on_ranks.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cluster/transport.hpp"
#include "commands/failure_text.hpp"
#include "core/child.hpp"
#include "core/host.hpp"
#include "core/interrupt.hpp"
#include "core/openmpi.hpp"
#include "core/temporary_folder.hpp"
#include "engine/mpi/engine.hpp"

namespace assay::commands {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "ASSAY_MPI_FOLDER";
constexpr const char* kRank0 = "rank0";
constexpr const char* kVerdict = "verdict";
constexpr double kEndSeconds = 10.0;  // ranks that have nothing more to do, and a launcher that waits for them
constexpr int kLookMilliseconds = 100;

/// A rank of somebody's mpirun or srun knows it by its environment before MPI has begun.
bool started_as_rank() {
  constexpr std::array<const char*, 3> kNames{"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"};
  for (const char* name : kNames) {
    if (std::getenv(name) != nullptr) return true;
  }
  return false;
}

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& command_line) {
  std::vector<char*> arguments;
  for (const auto& word : command_line) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data());
  throw EnvironmentError("cannot start " + program);
}

/// A number in a file that rank 0 writes whole or not at all.
std::optional<int> number_in(const fs::path& path) {
  std::ifstream file(path);
  int number = 0;
  return file >> number ? std::optional(number) : std::nullopt;
}

void write_number(const char* name, int number) {
  const char* folder = std::getenv(kFolder);
  if (folder == nullptr) return;
  const fs::path path = fs::path(folder) / name;
  const std::string next = path.string() + ".next";
  std::ofstream(next) << number << "\n";
  std::error_code ignored;  // it informs; without it the launcher's exit code is what there is
  fs::rename(next, path, ignored);
}

std::vector<std::string> launcher_of(const run::Study& study) {
  const auto& request = study.engine();
  std::vector<std::string> words = request.launcher;
  if (words.empty()) {
    words.push_back(openmpi::launcher());
    if (request.survive) words.push_back("--continuous");
  }
  words.insert(words.end(), {"-n", std::to_string(request.ranks > 0 ? request.ranks : usable_cores() + 1)});
  return words;
}

/// What OpenMPI needs to be told: rank 0 sleeps most of the time and needs no core, and a worker's programs may
/// use what it may use. And where the ranks find this process.
void prepare_environment(const fs::path& folder) {
  ::setenv(kFolder, folder.c_str(), 1);
  for (const auto& [name, value] : openmpi::missing_settings()) ::setenv(name.c_str(), value.c_str(), 0);
}

bool gone(int process) {
  return ::kill(process, 0) != 0 && errno == ESRCH;
}

/// Waits for the launcher. A signal is passed to rank 0, which ends the run in order. Once rank 0 has given its
/// verdict or has died, what is left has a few seconds.
void wait_for(Child& launcher, const fs::path& folder, const InterruptGuard& interrupt) {
  double last_call = 0.0;
  bool passed_on = false;
  while (true) {
    pollfd watched{launcher.descriptor(), POLLIN, 0};
    if (::poll(&watched, 1, kLookMilliseconds) > 0) return;
    const auto rank0 = number_in(folder / kRank0);
    if (interrupt.signal() != 0 && !passed_on) {
      passed_on = true;
      if (!rank0 || ::kill(*rank0, interrupt.signal()) != 0) launcher.signal(SIGTERM);
    }
    if (last_call == 0.0 && (number_in(folder / kVerdict) || (rank0 && gone(*rank0))))
      last_call = cluster::steady_seconds();
    const double late = last_call > 0.0 ? cluster::steady_seconds() - last_call : 0.0;
    if (late > kEndSeconds) launcher.signal(SIGTERM);  // it then ends the ranks, wherever they are
    if (late > 1.5 * kEndSeconds) return launcher.signal(SIGKILL);
  }
}

}  // namespace

void announce_rank_0() {
  write_number(kRank0, ::getpid());
}
void leave_verdict(int exit_code) {
  write_number(kVerdict, exit_code);
}

std::optional<Exit> run_on_ranks(const run::Study& study, const Console& io) {
  if (study.engine().name != "mpi") return std::nullopt;
  engine::mpi::set_survive(study.engine().survive);
  const std::string program = engine::mpi::program_with_mpi();
  const bool is_rank = engine::mpi::transport() != nullptr;
  if (is_rank || program.empty() || !engine::get("mpi").availability().usable) return std::nullopt;
  if (started_as_rank()) become(program, io.command_line);

  const TemporaryFolder folder("assay-mpi");
  prepare_environment(folder.path());
  auto arguments = launcher_of(study);
  const auto found = find_program(arguments.front());
  if (!found)
    throw EnvironmentError("cannot find the launcher \"" + arguments.front() + "\"", "see engine.launcher");
  arguments.push_back(program);
  arguments.insert(arguments.end(), io.command_line.begin() + 1, io.command_line.end());

  const InterruptGuard interrupt;
  const FileHandle nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  StartFailure failure;
  auto launcher = Child::start({.program = *found, .arguments = arguments, .in = nothing.get()}, failure);
  if (!launcher) throw EnvironmentError("cannot " + std::string(failure.step) + " " + *found);
  wait_for(*launcher, folder.path(), interrupt);
  const ChildEnd end = launcher->wait();
  const auto verdict = number_in(folder.path() / kVerdict);
  // Nobody but the launcher has ended it then, and it does so when a rank has died.
  const bool by_launcher = verdict == 128 + SIGTERM && interrupt.signal() == 0;
  if (verdict && !by_launcher) return static_cast<Exit>(*verdict);
  if (interrupt.signal() != 0) return static_cast<Exit>(128 + interrupt.signal());
  throw EnvironmentError(
      "the ranks ended before the run did: " + arguments.front() + ": " + describe(end),
      "what is done is kept: continue with --out DIR --resume; --survive goes on when a rank dies");
}

}  // namespace assay::commands
