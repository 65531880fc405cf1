#include "commands/bench_arms.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "core/allocation.hpp"
#include "core/host.hpp"
#include "gate/artifact.hpp"
#include "run/execute.hpp"

namespace assay::commands {
namespace {

std::string describe(const std::string& file, const run::Study& study) {
  const run::EngineChoice choice = run::choose_engine(study, study.unique_tasks());
  return fmt::format("{} engine={} threads={}", file, choice.record.used, choice.record.threads);
}

/// User and system time of this process and of the children that it waited for.
std::pair<double, double> processor_seconds() {
  double user = 0.0, system = 0.0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    user += static_cast<double>(usage.ru_utime.tv_sec) + 1e-6 * static_cast<double>(usage.ru_utime.tv_usec);
    system += static_cast<double>(usage.ru_stime.tv_sec) + 1e-6 * static_cast<double>(usage.ru_stime.tv_usec);
  }
  return {user, system};
}

/// The kernel's peak of our resident memory starts again from what is resident now.
void restart_peak() {
  std::ofstream("/proc/self/clear_refs") << 5;
}
long peak_kib() {
  const std::string text = proc_entry("self/status", "VmHWM");
  return text.empty() ? 0 : std::strtol(text.c_str(), nullptr, 10);
}

void require_results(const run::Report& report, const std::string& what) {
  if (report.failure)
    throw WorkloadError(
        fmt::format("{}: task {} failed: {}", what, report.failure->index, report.failure->outcome.message),
        "assay run shows which tasks fail; a run that fails is no timing");
}

bench::RunResult run_study(const run::Study& study, const std::string& what, std::stop_token stop) {
  const auto store = run::memory_store(study.points().size());
  restart_peak();
  const auto [user, system] = processor_seconds();
  const auto start = std::chrono::steady_clock::now();
  const run::Report report = run::execute(study, *store, {.stop = stop});
  bench::RunResult result;
  result.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto [user_after, system_after] = processor_seconds();
  result.user_seconds = user_after - user;
  result.system_seconds = system_after - system;
  result.max_rss_kib = peak_kib();
  result.interrupted = stop.stop_requested();
  if (!result.interrupted) require_results(report, what);
  return result;
}

void require_passing(const std::string& artifact, bench::Identity& identity) {
  for (const gate::PassingTrial& trial : gate::passing_trials(artifact)) {
    if (trial.definition_sha256 != identity.definition_sha256) continue;
    identity.artifact = artifact;
    return;
  }
  throw UserError(Problem{.what = "in " + artifact + " the gate " + identity.gate + " does not pass",
                          .expected = "an artifact in which a gate of the present definition passes",
                          .hint = "write it with assay gate FILE --out DIR"});
}

}  // namespace

GateArms arms_of_gate(const std::string& file, const gate::GateFlags& flags, const std::string& artifact) {
  const auto gate = gate::ConfigGate::make(Config::from_file(file), flags);
  GateArms found{.folder = gate->folder().string()};
  for (gate::SideRun& side : gate->runs()) {
    bench::Arm arm{side.label, side.command};
    found.timeout_seconds = std::max(found.timeout_seconds, side.timeout_seconds);
    if (side.study) {
      arm.command = describe(file, *side.study);
      arm.config_sha256 = side.study->config_sha256();
      found.studies[arm.name] = side.study;
    }
    found.arms.push_back(std::move(arm));
  }
  found.identity = {.gate = gate->name(), .definition_sha256 = definition_sha256(*gate)};
  if (!artifact.empty()) require_passing(artifact, found.identity);
  return found;
}

void count_memory(std::vector<bench::Arm>& arms, const GateArms& gate, std::stop_token stop) {
  if (!AllocationCount::possible()) return;
  for (bench::Arm& arm : arms) {
    const auto study = gate.studies.find(arm.name);
    if (study == gate.studies.end()) continue;
    const AllocationCount count;
    const bench::RunResult result = run_study(*study->second, arm.command, stop);
    if (result.interrupted) return;
    arm.memory = bench::Memory{.tasks = study->second->unique_tasks(),
                               .allocated_bytes = count.allocated_bytes(),
                               .peak_bytes = count.peak_bytes()};
  }
}

bench::Runner runner_of(const bench::Design& design, const GateArms& gate, const std::string& scratch,
                        std::stop_token stop) {
  const bench::Runner commands =
      bench::command_runner(design, {.folder = gate.folder, .scratch = scratch}, stop);
  return [commands, stop, studies = gate.studies](const bench::Arm& arm) {
    const auto study = studies.find(arm.name);
    return study == studies.end() ? commands(arm) : run_study(*study->second, arm.command, stop);
  };
}

}  // namespace assay::commands
