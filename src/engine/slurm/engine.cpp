// SPDX-License-Identifier: MIT
#include "engine/slurm/engine.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "cluster/spool.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "engine/remote.hpp"
#include "engine/slurm/keeper.hpp"

namespace assay::engine::slurm {
namespace {

constexpr double kBatchSeconds = 2.0;
constexpr double kAnswerSeconds = 5.0;  // that the controller gets for it
constexpr double kEndSeconds = 10.0;    // that workers get to end their tasks, before their jobs are cancelled

/// The spool, and the keeper beside it.
class Jobs final : public cluster::Transport {
 public:
  Jobs(const Cluster& cluster, Keeper::Request request, std::size_t open_tasks)
      : spool_(request.job.spool, request.patience_seconds), cluster_(cluster), name_(request.job.name) {
    keeper_.emplace(cluster, std::move(request), open_tasks);
  }

  void pump(cluster::Manager& manager, double seconds) override {
    spool_.pump(manager, seconds);
    keeper_->open_tasks(manager.open_tasks());
    if (!manager.stopping()) return;
    keeper_->wind_down();
    const double now = cluster::steady_seconds();
    if (stopping_since_ == 0.0) stopping_since_ = now;
    if (cancelled_ || now - stopping_since_ < kEndSeconds) return;
    cancelled_ = true;
    cluster_.cancel(name_, false, kAnswerSeconds);
  }
  [[nodiscard]] bool exhausted() const override { return !keeper_->given_up().empty(); }
  void send(int worker, const cluster::Frame& frame) override { spool_.send(worker, frame); }
  void dismiss(int worker) override { spool_.dismiss(worker); }
  void see_off() { spool_.see_off(); }
  [[nodiscard]] Keeper& keeper() { return *keeper_; }

 private:
  cluster::SpoolTransport spool_;
  const Cluster& cluster_;
  std::string name_;
  std::optional<Keeper> keeper_;
  double stopping_since_ = 0.0;
  bool cancelled_ = false;
};

class Slurm final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "slurm"; }
  [[nodiscard]] Availability availability() const override { return cluster_.availability(); }

  void run(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options& options,
           std::stop_token stop) const override {
    if (tasks.size() == 0) return;
    const RemoteWork work = remote_work(body, "slurm");
    const Limits limits = cluster_.limits(options.slurm.partition);
    const Shape shape = shape_for(tasks.size(), options.workers, options.slurm, limits);
    Keeper::Request request{.job = job_for(work.order, options, shape),
                            .limits = limits,
                            .look_seconds = std::clamp(options.silence_seconds / 4.0, 0.2, 15.0),
                            .patience_seconds = options.patience_seconds,
                            .tell = options.tell};
    script_text(request.job, 1);  // a template that is wrong says so before anything is made
    const auto spool = request.job.spool;
    {
      Jobs jobs(cluster_, request, tasks.size());
      try {
        run_remote(tasks, body, sink, options, jobs,
                   {.workers = static_cast<std::size_t>(shape.elements),
                    .engine = "slurm",
                    .batch_seconds = kBatchSeconds,
                    .beats = true},
                   stop);
      } catch (const EnvironmentError& e) {
        const std::string why = jobs.keeper().given_up();
        end(jobs, request, stop);
        if (why.empty()) throw;
        Problem problem = e.problem();
        problem.found = why + (problem.found.empty() ? "" : "\n    ") + problem.found;
        throw EnvironmentError(std::move(problem));
      } catch (...) {
        end(jobs, request, stop);
        throw;
      }
      end(jobs, request, stop);
    }
    if (!options.spool.empty()) return;
    std::error_code ignored;  // what is left there is of workers that were lost
    std::filesystem::remove_all(spool, ignored);
  }

 private:
  static void end(Jobs& jobs, const Keeper::Request& request, const std::stop_token& stop) {
    jobs.see_off();
    const bool gone = jobs.keeper().finish();
    if (!request.tell || (gone && !stop.stop_requested())) return;
    const std::string attach = "assay attach " + in_single_quotes(request.job.folder.string());
    const std::string& name = request.job.name;
    request.tell(
        gone ? "slurm: the jobs of this run (" + name + ") are cancelled; " + attach + " runs what is left"
             : "slurm: the controller does not answer, and jobs of this run may be left: scancel --name=" +
                   name + " ends them" + (stop.stop_requested() ? ", " + attach + " uses them" : ""));
  }

  Cluster cluster_;
};

}  // namespace

int workers_of(std::size_t tasks, const Options& options) {
  return shape_for(tasks, options.workers, options.slurm, {}).elements;
}

const Engine& instance() {
  static const Slurm engine;
  return engine;
}

}  // namespace assay::engine::slurm
