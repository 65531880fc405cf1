#include "run/execute.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "core/host.hpp"
#include "core/memory_group.hpp"
#include "core/number.hpp"
#include "engine/mpi/engine.hpp"
#include "engine/slurm/engine.hpp"
#include "run/recheck.hpp"
#include "run/run_record.hpp"
#include "run/work_order.hpp"

namespace assay::run {
namespace {

class MemoryStore final : public ResultStore {
 public:
  explicit MemoryStore(std::size_t size) : outcomes_(size) {}
  void accept(std::size_t index, plan::Outcome outcome) override {
    outcome.log.clear();  // nobody will ask: what matters of it is in the message
    const std::lock_guard lock(mutex_);
    outcomes_.at(index) = std::move(outcome);
  }
  [[nodiscard]] bool has(std::size_t index) const override { return outcomes_.at(index).has_value(); }
  [[nodiscard]] plan::Outcome at(std::size_t index) const override { return outcomes_.at(index).value(); }

 private:
  std::mutex mutex_;
  std::vector<std::optional<plan::Outcome>> outcomes_;
};

/// Ends a run: by a signal or a time limit also what is running, by too many failures only what is to come.
class Halt {
 public:
  explicit Halt(const std::stop_token& outer) : on_outer_(outer, [this] { end_all({}); }) {}
  void end_all(const std::string& why) {
    say(why);
    tasks_.request_stop();
    running_.request_stop();
  }
  void take_no_more(const std::string& why) {
    say(why);
    tasks_.request_stop();
  }
  /// No task is begun after this.
  [[nodiscard]] std::stop_token tasks() const { return tasks_.get_token(); }
  /// Running programs end at this.
  [[nodiscard]] std::stop_token running() const { return running_.get_token(); }
  [[nodiscard]] std::string why() const {
    const std::lock_guard lock(mutex_);
    return why_;
  }

 private:
  void say(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (why_.empty()) why_ = why;
  }
  mutable std::mutex mutex_;
  std::string why_;
  std::stop_source tasks_, running_;
  std::stop_callback<std::function<void()>> on_outer_;  // last: it uses the others
};

/// Ends a run when its time is over.
class Alarm {
 public:
  Alarm(Halt& halt, double seconds) {
    if (seconds <= 0.0) return;
    thread_ = std::jthread([this, &halt, seconds](const std::stop_token& over) {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, over, std::chrono::duration<double>(seconds), [] { return false; });
      if (!over.stop_requested()) halt.end_all("the run's limit of " + number_text(seconds) + " s is over");
    });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

class Forward final : public engine::Sink {
 public:
  Forward(ResultStore& store, SharedResults* shared, Progress* progress, Halt& halt,
          std::optional<std::size_t> max_fails)
      : store_(store), shared_(shared), progress_(progress), halt_(halt), max_fails_(max_fails) {}
  void accept(std::size_t index, plan::Outcome outcome) override {
    const bool ok = outcome.status == plan::Status::ok;
    if (!ok) ++not_ok;
    if (outcome.status == plan::Status::failed) note_failure(index, outcome);
    if (shared_ != nullptr) {
      store_.accept(index, outcome);  // first: a cache that cannot be written loses nothing of this run
      shared_->add(index, outcome);
    } else {
      store_.accept(index, std::move(outcome));
    }
    ++accepted;
    if (progress_ != nullptr) progress_->advance(1, ok ? 0 : 1);
  }
  std::atomic<std::size_t> accepted{0}, not_ok{0};
  std::optional<Failure> first;

 private:
  void note_failure(std::size_t index, const plan::Outcome& outcome) {
    const std::lock_guard lock(mutex_);
    if (!first || index < first->index) first = Failure{index, outcome};
    if (max_fails_ && ++fails_ > *max_fails_)
      halt_.take_no_more("more than " + std::to_string(*max_fails_) + " tasks have failed");
  }
  std::mutex mutex_;
  std::size_t fails_ = 0;
  ResultStore& store_;
  SharedResults* shared_;
  Progress* progress_;
  Halt& halt_;
  std::optional<std::size_t> max_fails_;
};

}  // namespace

void Tally::add(plan::Status status) {
  switch (status) {
    case plan::Status::ok: ++ok; break;
    case plan::Status::failed: ++failed; break;
    case plan::Status::unconverged: ++unconverged; break;
    case plan::Status::skipped: ++skipped; break;
    case plan::Status::duplicate: ++duplicate; break;
  }
}

std::unique_ptr<ResultStore> memory_store(std::size_t size) {
  return std::make_unique<MemoryStore>(size);
}

plan::Outcome outcome_of(const Study& study, const ResultStore& store, std::size_t index) {
  const std::size_t original = study.original(index);
  if (!store.has(original)) return {.status = plan::Status::skipped, .message = "not run"};
  plan::Outcome outcome = store.at(original);
  if (original != index) {
    outcome.status = plan::Status::duplicate;
    outcome.duplicate_of = original;
    outcome.wall_seconds = 0.0;
  }
  return outcome;
}

EngineChoice choose_engine(const Study& study, std::size_t tasks) {
  const EngineRequest& request = study.engine();
  const auto automatic = engine::choose(tasks, study.workload(), request.options);
  EngineChoice choice{automatic.engine, {.requested = request.name, .reason = automatic.reason}, true};
  if (request.name != "auto") {
    choice.engine = &engine::get(request.name);
    choice.record.reason = "asked for";
    auto a = choice.engine->availability();
    if (request.name == "process" && !study.workload().external())
      a = {false, "it starts external programs, and " + std::string(study.workload().name()) + " is none"};
    if (!a.usable) {
      choice.record.reason = request.name + " is not usable: " + a.reason;
      choice.usable = request.fallback;
      if (request.fallback) {
        choice.engine = automatic.engine;
        choice.record.fell_back = true;
        choice.record.reason += "; " + automatic.reason;
      }
    }
  }
  choice.record.used = std::string(choice.engine->name());
  const int threads = request.options.threads > 0 ? request.options.threads : usable_cores();
  choice.record.threads = choice.record.used == "tbb"       ? threads
                          : choice.record.used == "process" ? engine::jobs_of(request.options, study.workload())
                          : choice.record.used == "workers"
                              ? engine::workers_of(request.options, study.workload())
                          : choice.record.used == "mpi"   ? engine::mpi::ranks()
                          : choice.record.used == "slurm" ? engine::slurm::workers_of(tasks, request.options)
                                                          : 1;
  return choice;
}

namespace {

void count(const Study& study, const ResultStore& store, Report& report) {
  report.complete = true;
  for (std::size_t i = 0; i < study.points().size(); ++i) {
    const std::size_t original = study.original(i);
    if (!store.has(original)) {
      report.complete = false;
      report.tally.add(plan::Status::skipped);
    } else {
      report.tally.add(original != i ? plan::Status::duplicate : store.status(i));
    }
  }
}

}  // namespace

namespace {

void explain(const Study& study, const Selection& selection, std::size_t reused,
             const ExecuteOptions& options) {
  const auto& reasons = selection.reasons();
  const auto tasks = [](std::size_t n) { return std::to_string(n) + (n == 1 ? " task: " : " tasks: "); };
  if (reasons.not_done > 0) options.explain(tasks(reasons.not_done) + "no outcome yet");
  if (reasons.changed > 0) {
    options.explain(tasks(reasons.changed) + "what the result depends on has changed");
    const auto changes = identity_changes(options.record != nullptr ? *options.record : Json(),
                                          study.workload().identity_parts());
    for (const auto& change : changes) options.explain("  " + change);
    if (changes.empty()) options.explain("  an input of the task's own");
  }
  if (reasons.asked > 0) options.explain(tasks(reasons.asked) + "done, and asked for");
  if (reused > 0) options.explain(std::to_string(reused) + " of these: found in the cache");
  const std::size_t left = study.unique_tasks() - selection.size() - reused;
  if (left > 0) options.explain(tasks(left) + "not run, as done and unchanged, or not asked for");
}

}  // namespace

Report execute(const Study& study, ResultStore& store, const ExecuteOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  Selection selection(study, store, options.select);
  const std::size_t reused =
      options.shared != nullptr && options.select.recheck.empty() ? options.shared->take(selection, store) : 0;
  const EngineChoice choice = choose_engine(study, selection.size());
  if (!choice.usable) {
    throw EnvironmentError("engine " + choice.record.reason,
                           "choose --engine tbb, or allow another engine with --fallback");
  }
  if (selection.size() > 0) study.workload().check_ready();
  if (options.explain) explain(study, selection, reused, options);
  if (study.limits().group_bytes > 0 && selection.size() > 0 && options.tell) {
    if (const auto why = MemoryGroup::unavailable(); !why.empty())
      options.tell("limits.cgroup_mib: " + why + "; memory is looked at ten times a second instead");
  }
  Report report{.engine = choice.record};
  report.reused = reused;
  report.selected = selection.size();
  const workload::Limits& limits = study.limits();
  Halt halt(options.stop);
  std::mutex mutex;
  std::string given_up;
  const auto body = study.workload().bind({.limits = limits,
                                           .folder = options.folder,
                                           .stop = halt.running(),
                                           .give_up = [&](const std::string& why) {
                                             const std::lock_guard lock(mutex);
                                             given_up = why;
                                             halt.end_all(why);
                                           }});
  {
    std::optional<Progress> progress;
    const std::size_t unique = study.unique_tasks();
    if (options.err != nullptr) {
      progress.emplace(*options.err, options.style, std::string(study.workload().name()), unique,
                       unique - std::min(unique, selection.size()));
    }
    Forward sink(store, options.shared, progress ? &*progress : nullptr, halt, limits.max_fails);
    const Alarm alarm(halt, limits.run_seconds);
    const RemoteBody tasks(body ? *body : static_cast<const engine::TaskBody&>(study.workload()), study,
                           options.folder, halt.running());
    engine::Options engine_options = study.engine().options;
    engine_options.tell = options.tell;
    if (!options.select.recheck.empty()) {
      const engine::Engine& other = recheck_engine(*choice.engine);
      Recheck recheck(study, store);
      report.engine.used = std::string(other.name());
      other.run(selection, tasks, recheck, engine_options, halt.tasks());
      report.executed = report.rechecked = recheck.checked();
      report.differences = recheck.differences();
    } else {
      choice.engine->run(selection, tasks, sink, engine_options, halt.tasks());
      report.executed = sink.accepted;
    }
    report.failed_now = sink.not_ok;
    report.failure = std::move(sink.first);
  }
  if (!given_up.empty()) {
    throw EnvironmentError(
        "no program can be started any more: " + given_up,
        "what is done is kept; free the resource (ulimit -a, free -m) and continue with --resume");
  }
  if (report.executed < report.selected) report.ended_by = halt.why();
  count(study, store, report);
  report.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace assay::run
