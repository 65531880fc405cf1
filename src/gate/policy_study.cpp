// Gates of the parallelization policy that run a study of their own: every way in which the engine may share
// and order the tasks, more workers than tasks included.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "gate/all.hpp"
#include "gate/small_plasma.hpp"
#include "gate/study_side.hpp"

namespace assay::gate {
namespace {

struct Variant {
  std::string label;
  int threads;
  const char* batching;
  bool shuffle;
};

struct Policy {
  std::string name, summary, config;
  std::vector<Variant> variants;
  std::string engine = "tbb";     ///< of the candidates
  std::string distinct;           ///< observable whose values must all differ: permutations show in it
  bool members_may_fail = false;  ///< failed members are part of what is compared
};

class PolicyGate final : public Gate {
 public:
  explicit PolicyGate(Policy policy)
      : policy_(std::move(policy)),
        config_(Config::from_text(policy_.config, "built-in gate " + policy_.name)) {}

  [[nodiscard]] std::string name() const override { return policy_.name; }
  [[nodiscard]] std::string summary() const override { return policy_.summary; }
  [[nodiscard]] Json definition() const override {
    Json variants = Json::array();
    for (const Variant& v : policy_.variants) {
      variants.push_back({{"threads", v.threads}, {"batching", v.batching}, {"shuffle", v.shuffle}});
    }
    const run::Study study = make_side_study({.config = &config_});
    Json all = {{"name", policy_.name},         {"level", "bit"},
                {"distinct", policy_.distinct}, {"members_may_fail", policy_.members_may_fail},
                {"variants", variants},         {"study", study.config()}};
    if (study.workload().external()) {
      all["engine"] = policy_.engine;
      all["task_seconds"] = study.limits().task_seconds;
    }
    return all;
  }

  SideResult floor(Runtime& runtime) override { return run({"floor", 1, "dynamic", false}, "serial", runtime); }
  [[nodiscard]] std::vector<std::string> candidates() const override {
    std::vector<std::string> labels;
    for (const Variant& v : policy_.variants) labels.push_back(v.label);
    return labels;
  }
  SideResult candidate(std::size_t i, Runtime& runtime) override {
    return run(policy_.variants.at(i), policy_.engine, runtime);
  }

 private:
  SideResult run(const Variant& v, const std::string& engine, Runtime& runtime) const {
    StudyRequest request{.config = &config_, .threads = v.threads};
    request.side.engine = engine;
    request.side.set = {{"engine.batching", Value(std::string(v.batching))},
                        {"engine.jobs", Value(std::int64_t{v.threads})}};
    SideResult side;
    const run::Study study = as_work(side.work_seconds, [&] { return make_side_study(request); });
    const auto inner = run::memory_store(study.points().size());
    const std::size_t due = std::min<std::size_t>(static_cast<std::size_t>(v.threads), study.unique_tasks());
    WatchedStore watched(*inner, due, v.shuffle);
    const run::Report report = run::execute(study, watched, {.stop = runtime.stop});
    side.work_seconds += report.wall_seconds;
    side.record = {{"workload", study.workload().name()}, {"config_sha256", study.config_sha256()},
                   {"tasks", study.points().size()},      {"unique_tasks", study.unique_tasks()},
                   {"engine", report.engine.used},        {"threads", report.engine.threads},
                   {"workers_seen", watched.workers()}};
    Rules rules;
    side.observables = observables_of(study, *inner, rules, request, side.work_seconds);
    add_messages(study, *inner, side);
    check(study, watched, due, report, side);
    return side;
  }

  /// What each task said, and the seed and coordinates it was given: a result in a wrong place shows here too.
  static void add_messages(const run::Study& study, const run::ResultStore& store, SideResult& side) {
    Observable messages{"message", {}, {}}, identity{"task", {}, {}};
    for (std::size_t i = 0; i < study.points().size(); ++i) {
      const plan::Outcome o = run::outcome_of(study, store, i);
      messages.words.push_back(std::to_string(i) + ": " + o.message);
      if (study.workload().external()) messages.words.back() += " (" + std::to_string(o.attempts) + " tries)";
      identity.words.push_back(std::to_string(i) + " seed " + std::to_string(run::task_seed(study.seed(), i)));
    }
    side.observables.push_back(std::move(messages));
    side.observables.push_back(std::move(identity));
  }

  void check(const run::Study& study, const WatchedStore& watched, std::size_t due, const run::Report& report,
             SideResult& side) const {
    for (const std::size_t task : watched.repeated()) {
      side.failures.push_back("task " + std::to_string(task) + " was delivered more than once");
    }
    if (watched.order().size() != study.unique_tasks()) {
      side.failures.push_back(std::to_string(watched.order().size()) + " results for " +
                              std::to_string(study.unique_tasks()) + " tasks");
    }
    if (watched.workers() > study.unique_tasks()) {
      side.failures.push_back("more workers delivered than there are tasks: the surplus was not cut off");
    }
    if (due > 1 && watched.workers() < 2) {
      side.blockers.push_back(std::to_string(due) + " workers were due, one was seen: nothing ran in parallel");
    }
    if (!policy_.members_may_fail && report.tally.not_ok() > 0) {
      side.blockers.push_back(std::to_string(report.tally.not_ok()) + " tasks gave no result");
    }
    if (policy_.members_may_fail && (report.tally.failed < 2 || report.tally.ok < 2)) {
      side.blockers.push_back("the ensemble must hold members that fail and members that do not");
    }
    for (const Observable& o : side.observables) {
      if (o.name != policy_.distinct) continue;
      const std::set<double> different(o.values.begin(), o.values.end());
      if (different.size() < o.values.size() || o.values.size() < 4 || different.contains(0.0)) {
        side.blockers.push_back("\"" + o.name + "\" is not different and nonzero for every task: vacuous");
      }
    }
  }

  Policy policy_;
  Config config_;
};

/// Two workers, fixed shares, results held back to mix their order, and more workers than tasks.
std::vector<Variant> every_way(int tasks) {
  return {{"threads=2", 2, "dynamic", false},
          {"threads=2, fixed shares", 2, "fixed", false},
          {"threads=2, mixed order", 2, "dynamic", true},
          {"threads=3, fixed shares, mixed order", 3, "fixed", true},
          {"more workers than tasks", tasks + 3, "dynamic", false}};
}

}  // namespace

std::unique_ptr<Gate> scan_identity() {
  return std::make_unique<PolicyGate>(
      Policy{.name = "parallel.scan-identity",
             .summary = "an independent scan on threads equals the serial floor, bit by bit",
             .config = std::string(small_plasma) + R"toml(
[solver]
route = "krylov"
[scan.axes]
ky = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]
)toml",
             .variants = every_way(6),
             .distinct = "gamma"});
}

std::unique_ptr<Gate> ensemble_provenance() {
  return std::make_unique<PolicyGate>(
      Policy{.name = "parallel.ensemble-provenance",
             .summary = "an ensemble on threads: order, surplus workers, failed members, mean and covariance",
             .config = R"toml(
workload = "formula"
seed = 7
[variables]
gradient = 2.5
shear = 0.8
[formula]
growth = "sqrt(gradient - 1.9) * exp(-shear) + 0.1 * shear"
flux = "gradient * log(gradient - 1.7) + shear"
[ensemble]
samples = 24
sampling = "sobol"
[ensemble.inputs]
gradient = "uniform:1.6,3.4"
shear = "normal:0.8,0.1"
)toml",
             .variants = every_way(24),
             .distinct = "",
             .members_may_fail = true});
}

std::unique_ptr<Gate> ensemble_failures() {
  return std::make_unique<PolicyGate>(Policy{
      .name = "parallel.ensemble-failures",
      .summary =
          "an ensemble of programs: members that are killed, time out, fail and say nothing, in parallel",
      .config = R"toml(
workload = "command"
seed = 11
[parameters]
x = 0.5
[command]
shell = """
case $ASSAY_INDEX in
  2) kill -9 $$ ;;
  5) sleep 600 ;;
  9) echo 'no convergence' >&2; exit 3 ;;
  12) echo 'y = nothing' ;;
  *) awk -v x="$x" -v i="$ASSAY_INDEX" 'BEGIN { printf "y = %.17g", sin(x) + i }' ;;
esac
"""
[observables]
y = { regex = 'y = (\S+)' }
[limits]
task_time = 2
retries = 1
retry_on = ["exit"]
backoff_seconds = 0.01
[ensemble]
samples = 16
sampling = "sobol"
[ensemble.inputs]
x = "uniform:0.2,1.4"
)toml",
      .variants = {{"jobs=2", 2, "dynamic", false},
                   {"jobs=3, mixed order", 3, "dynamic", true},
                   {"more jobs than members", 19, "dynamic", false}},
      .engine = "process",
      .distinct = "y",
      .members_may_fail = true});
}

std::unique_ptr<Gate> identity_report() {
  return std::make_unique<PolicyGate>(
      Policy{.name = "parallel.identity-report",
             .summary = "observables of very different size on threads: none hides behind another",
             .config = R"toml(
workload = "formula"
[variables]
x = 1.0
[formula]
tiny = "1e-13 * sin(x)"
unit = "exp(-x) + cos(3 * x)"
huge = "1e13 * (1 + x^2) * cos(x)"
[scan.axes]
x = "0.1:4:37"
)toml",
             .variants = every_way(37),
             .distinct = "tiny"});
}

}  // namespace assay::gate
