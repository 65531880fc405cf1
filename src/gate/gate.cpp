#include "gate/gate.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

#include "core/sha256.hpp"
#include "core/version.hpp"
#include "gate/compare.hpp"

namespace assay::gate {
namespace {

Json side_json(const std::string& label, const SideResult& side) {
  Json json = {{"side", label}};
  if (side.record.is_object()) json.update(side.record);
  return json;
}

/// The parts of a result that stand above its numbers.
void add_conditions(GateReport& report, const SideResult& floor, const SideResult& candidate) {
  for (const std::string& blocker : floor.blockers) report.blockers.push_back("floor: " + blocker);
  for (const std::string& blocker : candidate.blockers) report.blockers.push_back(blocker);
  for (const std::string& failure : floor.failures) report.blockers.push_back("floor: " + failure);
  for (const std::string& failure : candidate.failures) {
    Comparison c("conditions", {});
    c.add_mismatch(failure);
    report.observables.push_back(c.report());
  }
  conclude(report);
}

GateReport blocked(std::string name, std::vector<std::string> blockers) {
  GateReport report{.gate = std::move(name), .blockers = std::move(blockers)};
  conclude(report);
  return report;
}

/// Why a floor that differs from itself blocks the rest, with the first such observable.
std::string does_not_repeat(const GateReport& repeat) {
  std::string text = "the floor does not repeat itself";
  for (const ObservableReport& o : repeat.observables) {
    if (o.verdict == Verdict::pass) continue;
    text += ": \"" + o.name + "\"";
    if (o.first) text += " was " + o.first->a + ", then " + o.first->b;
    return text + (o.level == Level::none ? "; no rung holds between two runs"
                                          : "; only " + rung(o.level) + " holds between two runs");
  }
  for (const std::string& blocker : repeat.blockers) text += ": " + blocker;
  return text;
}

void conclude(Trial& trial, const SideResult& floor, const std::vector<SideResult>& candidates) {
  bool fail = false, blocked = trial.reports.empty();
  for (const GateReport& r : trial.reports) {
    fail = fail || r.verdict == Verdict::fail;
    blocked = blocked || r.verdict == Verdict::blocked;
  }
  // A floor that differs from itself is no failure of the candidate: nothing could be judged.
  if (!trial.reports.empty() && trial.reports.front().gate.ends_with("/repeat") &&
      trial.reports.front().verdict != Verdict::pass) {
    fail = false;
    blocked = true;
  }
  trial.verdict = fail ? Verdict::fail : blocked ? Verdict::blocked : Verdict::pass;
  trial.exit = exit_of(trial.verdict);
  bool environment = floor.environment, failed = floor.workload_failed;
  for (const SideResult& c : candidates) {
    environment = environment || c.environment;
    failed = failed || c.workload_failed;
  }
  if (trial.verdict == Verdict::blocked && environment) trial.exit = Exit::environment;
  if (trial.verdict != Verdict::pass && failed) trial.exit = Exit::workload_failed;
}

/// Wall time of a trial from its first run to its verdict.
class Clock {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

Trial begin(const Gate& gate) {
  return {.gate = gate.name(),
          .summary = gate.summary(),
          .definition = gate.definition(),
          .definition_sha256 = definition_sha256(gate),
          .sides = Json::array()};
}

/// The floor again; false when the candidates need not run.
bool repeat_holds(Gate& gate, const SideResult& floor, Runtime& runtime, Trial& trial) {
  if (gate.repeat() == Repeat::never) return true;
  runtime.note("floor, again");
  const SideResult again = gate.floor(runtime);
  trial.work_seconds += again.work_seconds;
  const GateReport bits = gate.judge(floor, again, Judged::bit_by_bit);
  GateReport report = gate.repeat() == Repeat::bitwise ? bits : gate.judge(floor, again, Judged::as_repeat);
  report.level = bits.level;
  report.gate = gate.name() + "/repeat";
  add_conditions(report, floor, again);
  trial.reports.push_back(report);
  return report.verdict == Verdict::pass;
}

}  // namespace

std::filesystem::path fresh_folder(const Runtime& runtime) {
  for (int i = 1;; ++i) {
    const auto path = runtime.scratch / ("run-" + std::to_string(i));
    if (std::filesystem::create_directory(path)) return path;
  }
}

Requirement required_of(const Requirement& declared, Judged as) {
  Requirement r = declared;
  if (as == Judged::as_candidate) return r;
  r.non_finite = NonFinite::equal;
  r.must_be_nontrivial = false;
  if (as == Judged::bit_by_bit) r.level = Level::bit;
  return r;
}

GateReport Gate::judge(const SideResult& floor, const SideResult& other, Judged as) const {
  if (as == Judged::as_candidate) return compare_sets(name(), floor.observables, other.observables);
  Observables asked = floor.observables;
  for (Observable& o : asked) o.required = required_of(o.required, as);
  return compare_sets(name(), asked, other.observables);
}

Proof Gate::prove(const SideResult& floor, Runtime&) const {
  const auto judge_sets = [this](const Observables& a, const Observables& b) {
    return judge({.observables = a}, {.observables = b}, Judged::as_candidate);
  };
  return gate::prove(floor.observables, standard_faults(floor.observables), judge_sets);
}

std::string definition_sha256(const Gate& gate) {
  return sha256_hex(canonical_text({{"gate", gate.definition()}, {"judge", std::string(version())}}));
}

Trial run_gate(Gate& gate, Runtime& runtime) {
  Trial trial = begin(gate);
  const Clock clock;
  runtime.note(gate.name() + ": floor");
  const SideResult floor = gate.floor(runtime);
  trial.work_seconds = floor.work_seconds;
  trial.sides.push_back(side_json("floor", floor));
  const std::vector<std::string> labels = gate.candidates();
  std::vector<SideResult> results;
  const bool ready = floor.blockers.empty() && floor.failures.empty();
  const bool repeats = ready && repeat_holds(gate, floor, runtime, trial);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::string name = gate.name() + "/" + labels[i];
    if (!ready || !repeats) {
      std::vector<std::string> reasons = floor.blockers;
      reasons.insert(reasons.end(), floor.failures.begin(), floor.failures.end());
      for (std::string& reason : reasons) reason = "floor: " + reason;
      if (reasons.empty()) reasons = {does_not_repeat(trial.reports.front())};
      trial.reports.push_back(blocked(name, std::move(reasons)));
      continue;
    }
    runtime.note(labels[i]);
    SideResult candidate = gate.candidate(i, runtime);
    trial.work_seconds += candidate.work_seconds;
    trial.sides.push_back(side_json(labels[i], candidate));
    GateReport report =
        candidate.blockers.empty() ? gate.judge(floor, candidate, Judged::as_candidate) : GateReport{};
    report.gate = name;
    add_conditions(report, floor, candidate);
    trial.reports.push_back(std::move(report));
    candidate.observables.clear();
    results.push_back(std::move(candidate));
  }
  conclude(trial, floor, results);
  trial.wall_seconds = clock.seconds();
  return trial;
}

Trial prove_gate(Gate& gate, Runtime& runtime) {
  Trial trial = begin(gate);
  runtime.note(gate.name() + ": floor");
  const SideResult floor = gate.floor(runtime);
  trial.sides.push_back(side_json("floor", floor));
  GateReport control = floor.blockers.empty() ? gate.judge(floor, floor, Judged::as_candidate) : GateReport{};
  control.gate = gate.name() + "/control";
  add_conditions(control, floor, {});
  trial.reports.push_back(control);
  if (control.verdict == Verdict::pass) {
    runtime.note("planting faults");
    trial.proof = gate.prove(floor, runtime);
  } else {
    trial.proof = Proof{.control = control.verdict};
  }
  trial.verdict = trial.proof->fit ? Verdict::pass : Verdict::fail;
  trial.exit = exit_of(*trial.proof);
  if (floor.environment) trial.exit = Exit::environment;
  if (floor.workload_failed) trial.exit = Exit::workload_failed;
  return trial;
}

}  // namespace assay::gate
