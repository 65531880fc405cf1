#include "run/execute.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>

#include "core/host.hpp"

namespace assay::run {
namespace {

class MemoryStore final : public ResultStore {
 public:
  explicit MemoryStore(std::size_t size) : outcomes_(size) {}
  void accept(std::size_t index, plan::Outcome outcome) override {
    const std::lock_guard lock(mutex_);
    outcomes_.at(index) = std::move(outcome);
  }
  [[nodiscard]] bool has(std::size_t index) const override { return outcomes_.at(index).has_value(); }
  [[nodiscard]] plan::Outcome at(std::size_t index) const override { return outcomes_.at(index).value(); }

 private:
  std::mutex mutex_;
  std::vector<std::optional<plan::Outcome>> outcomes_;
};

/// The tasks without an outcome: their indices are listed only where some are done or duplicates.
class Pending final : public engine::TaskSource {
 public:
  Pending(const Study& study, const ResultStore& store) : study_(study) {
    const std::size_t n = study.points().size();
    bool all = study.unique_tasks() == n;
    for (std::size_t i = 0; i < n && all; ++i) all = !store.has(i);
    if (all) {
      size_ = n;
      return;
    }
    listed_ = true;
    for (std::size_t i = 0; i < n; ++i) {
      if (!store.has(i) && study.original(i) == i) indices_.push_back(i);
    }
    size_ = indices_.size();
  }
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] plan::Task at(std::size_t i) const override { return study_.task(listed_ ? indices_[i] : i); }

 private:
  const Study& study_;
  bool listed_ = false;
  std::size_t size_ = 0;
  std::vector<std::size_t> indices_;
};

class Forward final : public engine::Sink {
 public:
  Forward(ResultStore& store, Progress* progress) : store_(store), progress_(progress) {}
  void accept(std::size_t index, plan::Outcome outcome) override {
    const bool ok = outcome.status == plan::Status::ok;
    store_.accept(index, std::move(outcome));
    ++accepted;
    if (progress_ != nullptr) progress_->advance(1, ok ? 0 : 1);
  }
  std::atomic<std::size_t> accepted{0};

 private:
  ResultStore& store_;
  Progress* progress_;
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
                          : choice.record.used == "process" ? engine::jobs_of(request.options)
                                                            : 1;
  return choice;
}

Report execute(const Study& study, ResultStore& store, const ExecuteOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const Pending pending(study, store);
  const EngineChoice choice = choose_engine(study, pending.size());
  if (!choice.usable) {
    throw EnvironmentError("engine " + choice.record.reason,
                           "choose --engine tbb, or allow another engine with --fallback");
  }
  if (pending.size() > 0) study.workload().check_ready();
  Report report{.engine = choice.record};
  {
    std::optional<Progress> progress;
    const std::size_t unique = study.unique_tasks();
    if (options.err != nullptr) {
      progress.emplace(*options.err, options.style, std::string(study.workload().name()), unique,
                       unique - pending.size());
    }
    Forward sink(store, progress ? &*progress : nullptr);
    choice.engine->run(pending, study.workload(), sink, study.engine().options, options.stop);
    report.executed = sink.accepted;
  }
  report.complete = true;
  for (std::size_t i = 0; i < study.points().size(); ++i) {
    const std::size_t original = study.original(i);
    if (!store.has(original)) {
      report.complete = false;
      report.tally.add(plan::Status::skipped);
    } else if (original != i) {
      report.tally.add(plan::Status::duplicate);
    } else {
      report.tally.add(store.at(i).status);
    }
  }
  report.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace assay::run
