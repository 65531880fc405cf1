#include "gate/study_side.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/file.hpp"
#include "evidence/artifact_digest.hpp"
#include "run/ensemble.hpp"
#include "run/output.hpp"

namespace assay::gate {
namespace {

run::Scope scope_of(const Config& config) {
  if (config.has_table("ensemble")) return run::Scope::ensemble;
  return config.has_table("scan") ? run::Scope::scan : run::Scope::one_point;
}

/// The demand on one observable: a rule for its name, else the level given, else the workload's own class.
std::optional<Requirement> demand(Rules& rules, const StudyRequest& request, const std::string& name,
                                  const std::string& tolerance_class) {
  const bool named = rules.names(name);
  std::optional<Requirement> r = rules.of(name);
  if (!r || named || request.levels_given) return r;
  if (request.defaults == Defaults::bitwise) {
    r->level = Level::bit;
    return r;
  }
  if (tolerance_class == "statistical") return std::nullopt;
  Requirement by_class = parse_level(tolerance_class == "ulp"        ? "ulp:4"
                                     : tolerance_class == "relative" ? "tol:1e-6"
                                                                     : "bit");
  by_class.non_finite = r->non_finite;
  by_class.must_be_nontrivial = r->must_be_nontrivial;
  return by_class;
}

std::string point_text(const plan::PointSource& points, std::size_t task) {
  std::string text = "task " + std::to_string(task);
  std::string values;
  for (const auto& [name, value] : points.at(task)) {
    values += (values.empty() ? "" : ", ") + name + "=" + value_text(value);
  }
  return values.empty() ? text : text + " (" + values + ")";
}

/// Gathers one observable over the tasks; knows which element belongs to which task.
struct Gathered {
  Observable observable;
  std::shared_ptr<std::vector<std::size_t>> begins = std::make_shared<std::vector<std::size_t>>();
  std::shared_ptr<std::vector<std::size_t>> tasks = std::make_shared<std::vector<std::size_t>>();

  void add(std::size_t task, const plan::ObservableValue& value) {
    tasks->push_back(task);
    begins->push_back(observable.values.size() + observable.words.size());
    std::visit(
        [this](const auto& v) {
          using T = std::decay_t<decltype(v)>;
          auto& out = observable.values;
          const auto complex = [&](const std::complex<double>& z) {
            out.insert(out.end(), {z.real(), z.imag()});
          };
          if constexpr (std::is_same_v<T, double>) out.push_back(v);
          if constexpr (std::is_same_v<T, std::complex<double>>) complex(v);
          if constexpr (std::is_same_v<T, std::string>) observable.words.push_back(v);
          if constexpr (std::is_same_v<T, std::vector<double>>) out.insert(out.end(), v.begin(), v.end());
          if constexpr (std::is_same_v<T, std::vector<std::complex<double>>>) {
            for (const auto& z : v) complex(z);
          }
        },
        value);
  }
};

/// "task 3 (ky=0.4), element 17", written only where somebody asks for a place: most gates have no difference.
void name_places(Gathered& g, const run::Study& study) {
  g.observable.place = [begins = g.begins, points = study.shared_points(),
                        tasks = g.tasks](std::size_t index) -> std::string {
    const auto after = std::upper_bound(begins->begin(), begins->end(), index);
    if (after == begins->begin()) return {};
    const std::size_t k = static_cast<std::size_t>(after - begins->begin()) - 1;
    const bool single = k + 1 < begins->size() && (*begins)[k + 1] == (*begins)[k] + 1;
    std::string text = point_text(*points, (*tasks)[k]);
    if (!single && index > (*begins)[k]) text += ", element " + std::to_string(index - (*begins)[k]);
    return text;
  };
}

/// What an ensemble's statistics are, as one array in a fixed order.
void add_statistics(const run::Study& study, const run::ResultStore& store, Rules& rules,
                    const StudyRequest& request, Observables& out, double& work_seconds) {
  const run::EnsembleResult result = as_work(work_seconds, [&] { return run::ensemble_result(study, store); });
  std::vector<std::pair<std::string, std::vector<double>>> arrays{
      {"mean", {}}, {"variance", {}}, {"covariance", {}}};
  for (const run::Group& group : result.groups) {
    for (const run::Quantity& q : group.quantities) {
      arrays[0].second.push_back(q.column.mean.value);
      arrays[1].second.push_back(q.column.variance.value);
    }
    for (const auto& row : group.covariance) {
      for (const auto& estimate : row) arrays[2].second.push_back(estimate.value);
    }
  }
  for (auto& [name, values] : arrays) {
    const auto required = demand(rules, request, "statistics." + name, "relative");
    if (required) out.push_back({"statistics." + name, std::move(values), *required});
  }
}

/// Runs on the engine; what it looked like while it ran goes into the record.
run::Report execute(const run::Study& study, run::ResultStore& inner, SideResult& side, Runtime& runtime,
                    std::size_t stop_after) {
  std::stop_source enough;
  const std::stop_callback forward(runtime.stop, [&] { enough.request_stop(); });
  const run::EngineChoice choice = run::choose_engine(study, study.unique_tasks());
  const std::size_t meet =
      stop_after > 0
          ? 1
          : std::min<std::size_t>(static_cast<std::size_t>(choice.record.threads), study.unique_tasks());
  struct Stopper final : run::ResultStore {
    Stopper(run::ResultStore& to, std::stop_source& source, std::size_t limit)
        : to_(to), source_(source), limit_(limit) {}
    void accept(std::size_t i, plan::Outcome outcome) override {
      to_.accept(i, std::move(outcome));
      if (limit_ > 0 && ++taken_ >= limit_) source_.request_stop();
    }
    [[nodiscard]] bool has(std::size_t i) const override { return to_.has(i); }
    [[nodiscard]] plan::Outcome at(std::size_t i) const override { return to_.at(i); }
    run::ResultStore& to_;
    std::stop_source& source_;
    std::size_t limit_;
    std::atomic<std::size_t> taken_{0};
  } stopper(inner, enough, stop_after);
  WatchedStore watched(stopper, meet);
  const run::Report report = run::execute(study, watched, {.stop = enough.get_token()});
  side.work_seconds += report.wall_seconds;
  side.record["engine"] = report.engine.used;
  side.record["threads"] = report.engine.threads;
  side.record["workers_seen"] = watched.workers();
  for (const std::size_t task : watched.repeated()) {
    side.failures.push_back("task " + std::to_string(task) + " was delivered more than once");
  }
  if (meet > 1 && watched.workers() < 2) {
    side.blockers.push_back(std::to_string(meet) + " workers were due, one was seen: nothing ran in parallel");
  }
  return report;
}

std::unique_ptr<run::Output> open_output(const run::Study& study, const run::OutputRequest& asked,
                                         SideResult& side) {
  return as_work(side.work_seconds, [&] { return std::make_unique<run::Output>(study, asked); });
}
/// The journal is synced and unlocked.
void close(std::unique_ptr<run::Output>& output, SideResult& side) {
  as_work(side.work_seconds, [&] { output.reset(); });
}

/// The content of the artifact that a finished run writes, as one word: its digest without what is volatile.
void add_artifact(run::Output& output, const run::Report& report, SideResult& side) {
  const auto files = as_work(side.work_seconds, [&] { return output.write(report, {}); });
  const std::string text = read_file(files.at(0).path);
  const Json document = parse_json(text, files[0].path.string());
  side.observables.push_back({.name = "artifact", .words = {evidence::content_sha256(document)}});
  side.observables.push_back({.name = "table", .words = {files.at(1).digest.sha256}});
}

/// Stops in the middle, tears the last line of the journal as a kill does, and resumes.
void execute_resumed(const run::Study& study, const StudyRequest& request, SideResult& side, Runtime& runtime,
                     const std::function<void(run::Output&, const run::Report&)>& use) {
  const auto folder = fresh_folder(runtime);
  const run::OutputRequest asked{.kind = "scan", .folder = folder, .config_folder = request.config->folder()};
  auto output = open_output(study, asked, side);
  execute(study, output->store(), side, runtime, static_cast<std::size_t>(request.side.resume_after));
  close(output, side);
  const auto journal = folder / "scan.journal";
  const std::size_t done_bytes = read_file(journal).size();
  constexpr std::size_t torn = 3;
  std::filesystem::resize_file(journal, done_bytes > torn ? done_bytes - torn : 0);
  auto again = asked;
  again.resume = true;
  output = open_output(study, again, side);
  std::size_t before = 0;
  for (std::size_t i = 0; i < study.points().size(); ++i) before += output->store().has(i) ? 1U : 0U;
  side.record["resumed_with_tasks"] = before;
  if (before == 0 || before >= study.unique_tasks()) {
    side.blockers.push_back("the run was not cut in the middle: " + std::to_string(before) + " of " +
                            std::to_string(study.unique_tasks()) + " tasks were in the journal");
    return;
  }
  const run::Report report = run::execute(study, output->store(), {.stop = runtime.stop});
  side.work_seconds += report.wall_seconds;
  use(*output, report);
  close(output, side);
}

void require_results(const run::Study& study, const run::ResultStore& store, SideResult& side) {
  for (std::size_t i = 0; i < study.points().size(); ++i) {
    const plan::Outcome o = run::outcome_of(study, store, i);
    if (o.status == plan::Status::ok || o.status == plan::Status::duplicate) continue;
    side.workload_failed = o.status == plan::Status::failed;
    side.blockers.push_back(point_text(study.points(), i) +
                            " gave no result: " + std::string(plan::name_of(o.status)) +
                            (o.message.empty() ? "" : ", " + o.message.substr(0, o.message.find('\n'))));
    return;
  }
}

}  // namespace

run::Study make_side_study(const StudyRequest& request) {
  run::Overrides o{.engine = request.side.engine};
  for (const auto& [key, value] : request.side.set) o.settings.push_back({key, value, "the gate's side"});
  if (request.threads > 0) o.at_a_time(request.threads);
  if (request.side.batch > 0) o.batch = request.side.batch;
  return run::Study::make(*request.config, o, scope_of(*request.config));
}

Observables observables_of(const run::Study& study, const run::ResultStore& store, Rules& rules,
                           const StudyRequest& request, double& work_seconds) {
  std::map<std::string, std::string> classes{{"status", "bitwise"}};
  for (const auto& o : study.workload().observables()) classes[o.name] = o.tolerance;
  std::vector<std::string> order;
  std::map<std::string, Gathered> gathered;
  const auto add = [&](const std::string& name, std::size_t task, const plan::ObservableValue& value) {
    if (!gathered.contains(name)) order.push_back(name);
    gathered[name].add(task, value);
  };
  for (std::size_t i = 0; i < study.points().size(); ++i) {
    const plan::Outcome o = run::outcome_of(study, store, i);
    const bool has_result = o.status == plan::Status::ok || o.status == plan::Status::duplicate;
    if (has_result) {
      for (const auto& [name, value] : o.observables) add(name, i, value);
    }
    add("status", i, std::string(plan::name_of(o.status)));
  }
  Observables out;
  for (const std::string& name : order) {
    const auto required = demand(rules, request, name, classes[name]);
    if (!required) continue;
    Gathered& g = gathered[name];
    g.observable.name = name;
    g.observable.required = *required;
    name_places(g, study);
    out.push_back(std::move(g.observable));
  }
  if (study.ensemble() != nullptr) add_statistics(study, store, rules, request, out, work_seconds);
  return out;
}

SideResult run_study_side(const StudyRequest& request, Rules& rules, Runtime& runtime) {
  SideResult side;
  const run::Study study = as_work(side.work_seconds, [&] { return make_side_study(request); });
  side.record = {{"workload", study.workload().name()},
                 {"config_sha256", study.config_sha256()},
                 {"tasks", study.points().size()},
                 {"unique_tasks", study.unique_tasks()}};
  const auto as_many_as_asked = [&] {
    const int ran = side.record.value("threads", 0);
    if (request.threads <= 0 || ran == request.threads) return;
    side.blockers.push_back(fmt::format("{} at a time were asked for, engine {} has {}", request.threads,
                                        side.record.value("engine", ""), ran));
  };
  try {
    if (request.side.resume_after > 0) {
      execute_resumed(study, request, side, runtime, [&](run::Output& output, const run::Report& report) {
        side.observables = observables_of(study, output.store(), rules, request, side.work_seconds);
        require_results(study, output.store(), side);
        if (request.with_artifact && report.complete) add_artifact(output, report, side);
      });
    } else if (request.with_artifact) {
      const run::OutputRequest asked{
          .kind = "scan", .folder = fresh_folder(runtime), .config_folder = request.config->folder()};
      auto output = open_output(study, asked, side);
      const run::Report report = execute(study, output->store(), side, runtime, 0);
      side.observables = observables_of(study, output->store(), rules, request, side.work_seconds);
      require_results(study, output->store(), side);
      if (report.complete) add_artifact(*output, report, side);
      close(output, side);
    } else {
      const auto store = run::memory_store(study.points().size());
      execute(study, *store, side, runtime, 0);
      side.observables = observables_of(study, *store, rules, request, side.work_seconds);
      require_results(study, *store, side);
    }
    as_many_as_asked();
  } catch (const EnvironmentError& e) {
    side.environment = true;
    side.blockers.push_back(e.problem().what);
  }
  return side;
}

}  // namespace assay::gate
