#include "audit/status.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/config.hpp"
#include "gate/all.hpp"
#include "gate/config_gate.hpp"

namespace assay::audit {
namespace {

/// What the folder knows of a gate, for its present definition.
struct GateState {
  std::string problem;  ///< does not resolve, no artifact, stale
  bool resolves = false, current = false;
  std::string verdict;  ///< of the artifact with the present definition
  bool proven = false, unfit = false;
  std::vector<const Document*> documents;
};

class Evidence {
 public:
  Evidence(const Registry& registry, const FolderReport& report) : registry_(registry), report_(report) {
    for (const Finding& f : report.findings) {
      if (f.level == Level::error) damaged_.insert(f.file.substr(f.file.rfind('/') + 1));
    }
  }

  const GateState& gate(const std::string& id) {
    const auto [place, is_new] = gates_.try_emplace(id);
    if (is_new) place->second = look_up(id);
    return place->second;
  }

  [[nodiscard]] const Document* measurement(const std::string& name) const {
    if (!report_.manifest) return nullptr;
    for (const Entry& e : report_.manifest->entries) {
      if (e.name != name) continue;
      for (const Document& d : report_.documents) {
        if (d.name == e.file) return &d;
      }
    }
    return nullptr;
  }

  [[nodiscard]] bool damaged(const Document& d) const {
    return damaged_.contains(d.name.substr(d.name.rfind('/') + 1));
  }
  [[nodiscard]] bool file_exists(const std::string& name) const {
    return std::filesystem::is_regular_file(registry_.folder / name);
  }

 private:
  std::string definition_of(const std::string& id) const {
    const auto file = registry_.gate_files.find(id);
    if (file == registry_.gate_files.end()) return definition_sha256(*gate::make_registered(id));
    return definition_sha256(*gate::ConfigGate::make(Config::from_file(registry_.folder / file->second), {}));
  }

  GateState look_up(const std::string& id) const {
    GateState state;
    std::string definition;
    try {
      definition = definition_of(id);
      state.resolves = true;
    } catch (const Error& e) {
      state.problem = "the gate " + id + " does not resolve: " + e.problem().what;
      return state;
    }
    bool other_definition = false;
    for (const Document& d : report_.documents) {
      if (d.kind != "gate" || !d.json.contains("trials")) continue;
      for (const Json& trial : d.json["trials"]) {
        if (trial["gate"] != id) continue;
        if (trial["definition_sha256"] != definition) {
          other_definition = true;
          continue;
        }
        state.documents.push_back(&d);
        if (trial.contains("proof")) {
          (trial["proof"]["fit"] == true ? state.proven : state.unfit) = true;
        } else {
          state.current = true;
          if (state.verdict.empty() || trial["verdict"] != "pass")
            state.verdict = trial["verdict"].get<std::string>();
        }
      }
    }
    if (!state.current) {
      state.problem = "the gate " + id +
                      (other_definition ? " has changed since its artifact was made" : " has no artifact");
    }
    return state;
  }

  const Registry& registry_;
  const FolderReport& report_;
  std::set<std::string> damaged_;
  std::map<std::string, GateState> gates_;
};

void block(Requirement& r, std::string why, bool contradicted = false) {
  r.blockers.push_back(std::move(why));
  r.contradicted = r.contradicted || contradicted;
}

Requirement finish(Requirement r) {
  r.satisfied = r.blockers.empty();
  return r;
}

Requirement gates_pass(const std::string& name, const std::vector<std::string>& ids, Evidence& evidence) {
  Requirement r{.name = name};
  for (const std::string& id : ids) {
    const GateState& state = evidence.gate(id);
    if (!state.problem.empty()) {
      block(r, state.problem);
    } else if (state.verdict != "pass") {
      block(r, "the gate " + id + " says " + state.verdict, state.verdict == "fail");
    }
  }
  return finish(std::move(r));
}

Requirement gates_proven(const std::vector<std::string>& ids, Evidence& evidence) {
  Requirement r{.name = "proof"};
  for (const std::string& id : ids) {
    const GateState& state = evidence.gate(id);
    if (!state.resolves) block(r, state.problem);
    if (state.unfit) block(r, "the gate " + id + " let a planted fault through", true);
    if (state.resolves && !state.unfit && !state.proven) {
      block(r, "no proof of the present definition that the gate " + id + " can fail");
    }
  }
  return finish(std::move(r));
}

/// A scaling counts when it supports a speedup of some number of workers: gated, within the cores, with an
/// interval.
void judge_scaling(const std::string& name, const Json& json, Requirement& r) {
  if (json["identity"].value("identical", false) != true) {
    block(r, "the runs of \"" + name + "\" did not all give the same results", true);
  }
  for (const Json& mode : json["modes"]) {
    for (const Json& row : mode["rows"]) {
      if (row.value("workers", 1) > 1 && row.value("claim", "") == "supported") return;
    }
  }
  block(r, "the scaling \"" + name + "\" supports no speedup");
}

/// A measurement counts when it reached a verdict with an interval, and no comparison in it got worse.
void judge_measurement(const std::string& name, const Document* d, Requirement& r) {
  if (d == nullptr) return block(r, "the manifest lists no measurement \"" + name + "\"");
  if (d->kind == "scaling") return judge_scaling(name, d->json, r);
  if (d->kind != "bench")
    return block(r, "\"" + name + "\" is no measurement but a document of kind " + d->kind);
  bool interval = false;
  for (const Json& m : d->json["measurements"]) interval = interval || m.contains("interval");
  if (!interval) block(r, "the measurement \"" + name + "\" has no interval");
  for (const Json& v : d->json["verdicts"]) {
    const std::string word = v.value("verdict", "");
    if (word == "inconclusive") block(r, "the measurement \"" + name + "\" is inconclusive");
    if (word == "regressed") block(r, "the measurement \"" + name + "\" says regressed", true);
  }
}

Requirement timing(const std::vector<std::string>& names, Evidence& evidence) {
  Requirement r{.name = "timing"};
  for (const std::string& name : names) judge_measurement(name, evidence.measurement(name), r);
  return finish(std::move(r));
}

std::vector<const Document*> documents_of(const Lane& lane, Evidence& evidence) {
  std::vector<const Document*> documents;
  for (const auto* ids : {&lane.identity, &lane.physics}) {
    for (const std::string& id : *ids) {
      const auto& more = evidence.gate(id).documents;
      documents.insert(documents.end(), more.begin(), more.end());
    }
  }
  for (const std::string& name : lane.timing) {
    if (const Document* d = evidence.measurement(name)) documents.push_back(d);
  }
  return documents;
}

/// Commit and dirty flag: of the repository of the study; where a measurement of assay itself names none, those
/// of the program that was built.
Json origin_of(const Document& d) {
  const Json& p = d.json["provenance"];
  if (p.is_object() && p.contains("git")) return p["git"];
  return d.json.value("/tool/build"_json_pointer, Json());
}

Requirement provenance(const std::vector<const Document*>& documents) {
  Requirement r{.name = "provenance"};
  if (documents.empty()) block(r, "there is no evidence yet");
  for (const Document* d : documents) {
    const Json git = origin_of(*d);
    if (!git.is_object() || !git.contains("commit") || !git["commit"].is_string()) {
      block(r, d->name + " does not say from which commit it was made");
    } else if (git.value("dirty", Json(true)) != false) {
      block(r, d->name + " was made from changed files");
    }
  }
  return finish(std::move(r));
}

Requirement current(const Lane& lane, const std::vector<const Document*>& documents, Evidence& evidence,
                    const FolderReport& report) {
  Requirement r{.name = "current"};
  if (documents.empty()) block(r, "there is no evidence yet");
  for (const Document* d : documents) {
    if (evidence.damaged(*d)) block(r, d->name + " does not pass check-artifacts", true);
  }
  for (const Finding& f : report.findings) {
    if (f.rule != "stale" || !report.manifest) continue;
    for (const Entry& e : report.manifest->entries) {
      if (e.lane == lane.name && f.line == e.line) block(r, f.message);
    }
  }
  return finish(std::move(r));
}

LaneStatus lane_status(const Lane& lane, Evidence& evidence, const FolderReport& report) {
  LaneStatus s{.lane = lane};
  const auto documents = documents_of(lane, evidence);
  s.ladder = {gates_pass("identity", lane.identity, evidence),
              gates_proven(lane.identity, evidence),
              gates_pass("physics", lane.physics, evidence),
              timing(lane.timing, evidence),
              provenance(documents),
              current(lane, documents, evidence, report)};
  const bool all =
      std::all_of(s.ladder.begin(), s.ladder.end(), [](const Requirement& r) { return r.satisfied; });
  const bool may_be_released = (lane.independent_work && !lane.changes_solver_layout) || !lane.promoted.empty();
  s.readiness = !s.ladder[0].satisfied   ? Readiness::blocked
                : all && may_be_released ? Readiness::release_ready
                                         : Readiness::diagnostic;
  return s;
}

Requirement need_status(const Need& need, const Status& so_far, Evidence& evidence) {
  Requirement r{.name = need.kind + " " + need.name};
  if (need.kind == "gate") {
    Requirement passes = gates_pass(r.name, {need.name}, evidence);
    Requirement proven = gates_proven({need.name}, evidence);
    passes.blockers.insert(passes.blockers.end(), proven.blockers.begin(), proven.blockers.end());
    passes.contradicted = passes.contradicted || proven.contradicted;
    return finish(std::move(passes));
  }
  if (need.kind == "measurement") judge_measurement(need.name, evidence.measurement(need.name), r);
  if (need.kind == "file" && !evidence.file_exists(need.name)) block(r, "there is no file " + need.name);
  if (need.kind == "lane") {
    const auto lane = std::find_if(so_far.lanes.begin(), so_far.lanes.end(),
                                   [&](const LaneStatus& l) { return l.lane.name == need.name; });
    if (lane == so_far.lanes.end()) {
      block(r, "there is no lane " + need.name);
    } else if (lane->readiness != Readiness::release_ready) {
      block(r, "the lane " + need.name + " is " + word(lane->readiness));
    }
  }
  if (need.kind == "level") {
    const auto level = std::find_if(so_far.levels.begin(), so_far.levels.end(),
                                    [&](const LevelStatus& l) { return l.name == need.name; });
    if (level == so_far.levels.end()) {
      block(r, "the level " + need.name + " is not declared before it");
    } else if (!level->reached()) {
      block(r, "the level " + need.name + " is not reached");
    }
  }
  return finish(std::move(r));
}

}  // namespace

std::string word(Readiness readiness) {
  switch (readiness) {
    case Readiness::release_ready: return "release_ready";
    case Readiness::diagnostic: return "diagnostic";
    case Readiness::blocked: return "blocked";
  }
  return "blocked";
}

bool LevelStatus::reached() const {
  return std::all_of(needs.begin(), needs.end(), [](const Requirement& r) { return r.satisfied; });
}

bool Status::contradicted() const {
  const auto says_no = [](const std::vector<Requirement>& list) {
    return std::any_of(list.begin(), list.end(), [](const Requirement& r) { return r.contradicted; });
  };
  return std::any_of(lanes.begin(), lanes.end(), [&](const LaneStatus& l) { return says_no(l.ladder); });
}

Status compute_status(const Registry& registry, const FolderReport& report) {
  Status status{.title = registry.title};
  Evidence evidence(registry, report);
  for (const Lane& lane : registry.lanes) {
    status.lanes.push_back(lane_status(lane, evidence, report));
    for (const Requirement& r : status.lanes.back().ladder) {
      ++status.total;
      status.satisfied += r.satisfied ? 1U : 0U;
    }
  }
  for (const ContractLevel& level : registry.levels) {
    LevelStatus s{.name = level.name, .title = level.title};
    for (const Need& need : level.needs) s.needs.push_back(need_status(need, status, evidence));
    status.levels.push_back(std::move(s));
  }
  for (const Finding& f : report.findings) status.evidence_errors += f.level == Level::error ? 1U : 0U;
  return status;
}

}  // namespace assay::audit
