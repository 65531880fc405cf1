// assay bench --scaling: what does a further worker buy, cold and warm?
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/process.hpp"
#include "bench/scaling_report.hpp"
#include "commands/bench_modes.hpp"
#include "core/atomic_file.hpp"
#include "core/interrupt.hpp"
#include "core/sha256.hpp"
#include "core/suggest.hpp"
#include "evidence/outcome_text.hpp"
#include "evidence/provenance.hpp"
#include "gate/artifact.hpp"
#include "run/execute.hpp"
#include "run/work_order.hpp"

namespace assay::commands {
namespace {

double seconds_of(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// The tasks that are solved: duplicates are not.
class UniqueTasks final : public engine::TaskSource {
 public:
  explicit UniqueTasks(const run::Study& study) : study_(study) {
    for (std::size_t i = 0; i < study.points().size(); ++i) {
      if (study.original(i) == i) indices_.push_back(i);
    }
  }
  [[nodiscard]] std::size_t size() const override { return indices_.size(); }
  [[nodiscard]] plan::Task at(std::size_t i) const override { return study_.task(indices_[i]); }

 private:
  const run::Study& study_;
  std::vector<std::size_t> indices_;
};

/// Runs the workload's tasks and keeps what came out, and what each took of its thread: nothing for those that
/// another process ran.
class Timed final : public engine::TaskBody, public engine::Sink {
 public:
  explicit Timed(const run::Study& study) : study_(study), cpu_(study.points().size()), out_(cpu_.size()) {}

  plan::Outcome evaluate(const plan::Task& task, std::stop_token stop) const override {
    const double start = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    plan::Outcome outcome = study_.workload().evaluate(task, stop);
    const double took = seconds_of(CLOCK_THREAD_CPUTIME_ID) - start;
    const std::lock_guard lock(mutex_);
    cpu_[task.index] = took;
    by_thread_[std::this_thread::get_id()] += took;
    return outcome;
  }
  void accept(std::size_t index, plan::Outcome outcome) override {
    if (outcome.status == plan::Status::failed)
      throw WorkloadError("task " + std::to_string(index) + " failed: " + outcome.message,
                          "a run that fails is no timing; assay scan shows which tasks fail");
    outcome.wall_seconds = outcome.cpu_seconds = 0.0;
    outcome.peak_kib = 0;
    outcome.engine.clear();
    outcome.host.clear();
    outcome.worker.clear();
    const std::lock_guard lock(mutex_);
    evidence::append_outcome(out_[index], outcome);
  }

  [[nodiscard]] double busiest() const {
    double most = 0.0;
    for (const auto& [thread, seconds] : by_thread_) most = std::max(most, seconds);
    return most;
  }
  [[nodiscard]] std::vector<double> task_seconds(const UniqueTasks& tasks) const {
    std::vector<double> seconds;
    for (std::size_t i = 0; i < tasks.size(); ++i) seconds.push_back(cpu_[tasks.at(i).index]);
    return seconds;
  }
  [[nodiscard]] std::string digest() const {
    std::string all;
    for (const std::string& line : out_) all += line + "\n";
    return sha256_hex(all);
  }

 private:
  const run::Study& study_;
  mutable std::mutex mutex_;
  mutable std::vector<double> cpu_;
  mutable std::map<std::thread::id, double> by_thread_;
  std::vector<std::string> out_;
};

/// Of this process and of those that it has waited for.
double processor_seconds() {
  rusage children{};
  ::getrusage(RUSAGE_CHILDREN, &children);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds_of(CLOCK_PROCESS_CPUTIME_ID) + seconds(children.ru_utime) + seconds(children.ru_stime);
}

bench::ScalingRun run_warm(const ScalingOptions& o, const run::Study& study, int workers,
                           std::stop_token stop) {
  const UniqueTasks tasks(study);
  Timed timed(study);
  const run::RemoteBody body(timed, study, std::filesystem::current_path(), stop);
  engine::Options options = study.engine().options;
  options.threads = options.workers = std::max(workers, 1);
  const auto start = std::chrono::steady_clock::now();
  const double cpu = processor_seconds();
  engine::get(workers == 0 ? "serial" : o.engine).run(tasks, body, timed, options, stop);
  return {.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          .cpu_seconds = processor_seconds() - cpu,
          .busiest_seconds = timed.busiest(),
          .task_seconds = timed.task_seconds(tasks),
          .results_sha256 = timed.digest()};
}

bench::ScalingRun run_cold(const ScalingOptions& o, const run::Study& study, int workers,
                           std::stop_token stop) {
  bench::CommandLine line;
  line.arguments = {std::filesystem::read_symlink("/proc/self/exe").string(),
                    study.ensemble() != nullptr ? "ensemble" : "scan", o.config, "--quiet"};
  const auto add = [&](const std::string& flag, const std::string& value) {
    line.arguments.insert(line.arguments.end(), {flag, value});
  };
  for (const std::string& item : o.set) add("--set", item);
  for (const std::string& item : o.axes) add("--axis", item);
  add("--engine", workers == 0 ? "serial" : o.engine);
  if (workers > 0) add(o.engine == "tbb" ? "--threads" : "--workers", std::to_string(workers));
  for (const std::string& word : line.arguments) line.text += (line.text.empty() ? "" : " ") + word;
  const bench::RunResult result = bench::run_command(line, {.stop = stop});
  if (!result.ok() && !result.interrupted)
    throw WorkloadError("the whole program failed: " + bench::describe(result) + ": " + line.text,
                        "run it by itself to see why; failed runs are never timings");
  return {.wall_seconds = result.wall_seconds, .cpu_seconds = result.user_seconds + result.system_seconds};
}

/// Numbers of workers whose results a passing gate of this config holds against the floor.
std::set<int> gated_workers(const std::string& path, const std::string& engine,
                            const std::string& config_sha256) {
  std::set<int> workers;
  for (const gate::PassingTrial& trial : gate::passing_trials(path)) {
    for (const Json& side : trial.sides) {
      if (side.value("engine", "") == engine && side.value("config_sha256", "") == config_sha256)
        workers.insert(side.value("threads", 0));
    }
  }
  return workers;
}

ScalingOptions with_engine(ScalingOptions o) {
  const std::vector<std::string> measured{"tbb", "workers"};
  if (o.engine.empty()) o.engine = measured.front();
  if (std::find(measured.begin(), measured.end(), o.engine) != measured.end()) return o;
  throw UserError(
      Problem{.what = "--scaling does not measure engine \"" + o.engine + "\"",
              .expected = one_of(o.engine, measured),
              .hint = "any other is measured as a command: assay bench --a \"assay scan ...\" --b ..."});
}

run::Study study_of(const ScalingOptions& o) {
  if (o.config.empty())
    throw UserError("--scaling needs a study",
                    "example: assay bench --scaling 1,2 --config examples/cyclone.toml");
  run::Overrides overrides;
  overrides.set = o.set;
  overrides.axes = o.axes;
  return run::Study::make(Config::from_file(o.config), overrides, run::Scope::any);
}

bench::ScalingDesign design_of(const ScalingOptions& o, bool with_cold) {
  bench::ScalingDesign design{.engine = o.engine, .blocks = o.blocks, .seed = o.seed};
  for (const std::string mode : {"warm", "cold"}) {
    if (mode == "cold" && !with_cold) continue;
    design.arms.push_back({mode, 0});
    for (const int n : std::set<int>(o.workers.begin(), o.workers.end())) design.arms.push_back({mode, n});
  }
  return design;
}

}  // namespace

Exit bench_scaling(const ScalingOptions& asked, Console& io) {
  const ScalingOptions o = with_engine(asked);
  const run::Study study = study_of(o);
  // Before anything is timed: a gate that cannot be used costs nobody the minutes of a measurement.
  const std::set<int> gated =
      o.gate.empty() ? std::set<int>() : gated_workers(o.gate, o.engine, study.config_sha256());
  const Json origin = evidence::provenance_json({.command = io.command_line,
                                                 .config_folder = std::filesystem::path(o.config).parent_path(),
                                                 .devices = {}});
  InterruptGuard interrupt;
  bench::ScalingMeasurement m;
  {
    Progress progress(io.err, io.progress_style(), "blocks", static_cast<std::size_t>(o.blocks));
    const auto run = [&](const bench::ScalingArm& arm) {
      return arm.mode == "warm" ? run_warm(o, study, arm.workers, interrupt.token())
                                : run_cold(o, study, arm.workers, interrupt.token());
    };
    m = bench::measure_scaling(design_of(o, !o.warm_only), run, interrupt.token(), [&] { progress.advance(); });
  }
  m.config_text = canonical_text(study.config());
  m.config_sha256 = study.config_sha256();
  m.tasks = study.points().size();
  m.unique_tasks = study.unique_tasks();
  m.gate = o.gate;
  m.gated_workers = gated;
  Json whole = document("scaling", bench::to_json(m));
  whole["provenance"].update(origin);
  if (!o.out.empty()) {
    write_file_atomically(o.out, to_text(whole) + "\n");
    io.note("wrote " + o.out);
  }
  if (io.json) io.print_json(whole);
  io.say(bench::scaling_text(whole));
  if (interrupt.signal() != 0) {
    io.err << "interrupted after " << m.blocks << " blocks\n";
    return static_cast<Exit>(128 + interrupt.signal());
  }
  return bench::exit_of(m);
}

}  // namespace assay::commands
