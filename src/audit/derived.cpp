// What an artifact derived, derived again: the points of a scan from its config, the statistics of an ensemble
// from its members, a measurement from its samples, verdicts and proofs from what they counted.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "audit/document.hpp"
#include "bench/report.hpp"
#include "bench/scaling_report.hpp"
#include "core/config.hpp"
#include "evidence/outcome_text.hpp"
#include "gate/fault.hpp"
#include "gate/verdict.hpp"
#include "run/ensemble.hpp"
#include "run/execute.hpp"
#include "run/study.hpp"

namespace assay::audit {
namespace {

const std::string remedy = "make the artifact again; nothing in it may be edited by hand";

std::string brief(const Json& value) {
  std::string text = assay::to_text(value, 0);
  return text.size() > 120 ? text.substr(0, 120) + "..." : text;
}

/// The first place where two documents differ, and both values there; false when they agree.
bool first_difference(const Json& expected, const Json& found, std::string& pointer, const Json*& e,
                      const Json*& f) {
  if (canonical_text(expected) == canonical_text(found)) return false;
  static const Json nothing;
  if (expected.is_object() && found.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      const auto other = found.find(key);
      const std::size_t length = pointer.size();
      pointer += "/" + key;
      if (other == found.end()) {
        e = &value;
        f = &nothing;
        return true;
      }
      if (first_difference(value, *other, pointer, e, f)) return true;
      pointer.resize(length);
    }
  }
  if (expected.is_array() && found.is_array() && expected.size() == found.size()) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const std::size_t length = pointer.size();
      pointer += "/" + std::to_string(i);
      if (first_difference(expected[i], found[i], pointer, e, f)) return true;
      pointer.resize(length);
    }
  }
  e = &expected;
  f = &found;
  return true;
}

void demand_equal(const Json& expected, const Json& found, std::string pointer, const std::string& rule,
                  const std::string& message, Reporter& report) {
  const Json* e = nullptr;
  const Json* f = nullptr;
  if (first_difference(expected, found, pointer, e, f)) {
    report.error(rule, pointer, message, brief(*e), f->is_null() ? "nothing" : brief(*f), remedy);
  }
}

plan::ObservableValue value_of(const Json& value) {
  if (value.is_number() || (value.is_string() && (value == "nan" || value == "inf" || value == "-inf"))) {
    return number_of(value, "an observable");
  }
  if (value.is_string()) return value.get<std::string>();
  return std::vector<double>{};  // arrays take no part in statistics
}

plan::Outcome outcome_of(const Json& result) {
  plan::Outcome o;
  plan::parse_status(result["status"].get<std::string>(), o.status);
  for (const auto& [name, value] : result["observables"].items())
    o.observables.emplace_back(name, value_of(value));
  return o;
}

/// Results stand in task order and at the points that the config gives.
void check_points(const run::Study& study, const Json& results, Reporter& report) {
  if (results.size() != study.points().size()) {
    report.error("results", "/results", "not as many results as the config has tasks",
                 std::to_string(study.points().size()), std::to_string(results.size()), remedy);
    return;
  }
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::string pointer = "/results/" + std::to_string(i);
    if (results[i]["index"] != i) {
      report.error("results", pointer + "/index", "results are not in task order", std::to_string(i),
                   brief(results[i]["index"]), remedy);
      return;
    }
    Json point = Json::object();
    for (const auto& [name, value] : study.points().at(i)) point[name] = evidence::value_json(value);
    demand_equal(point, results[i]["point"], pointer + "/point", "results",
                 "a point that the config does not have", report);
    const bool duplicate = results[i]["status"] == "duplicate";
    const std::size_t original = study.original(i);
    // With --solve-duplicates an equal point was solved again, and gave the same.
    const bool again = !duplicate && results[i]["status"] == results[original]["status"] &&
                       results[i]["observables"] == results[original]["observables"];
    if (again) continue;
    if (duplicate != (original != i) || (duplicate && results[i].value("of", i) != original)) {
      report.error("results", pointer + "/status", "duplicates are not those of the config", {}, {}, remedy);
    }
  }
}

void check_study(const Document& d, const std::string& text, Reporter& report) {
  try {
    const auto scope = d.kind == "ensemble" ? run::Scope::ensemble
                       : d.kind == "scan"   ? run::Scope::scan
                                            : run::Scope::one_point;
    const run::Study study = run::Study::make(Config::from_json_text(text, d.name), {}, scope);
    check_points(study, d.json["results"], report);
    if (d.kind != "ensemble" || d.json["results"].size() != study.points().size()) return;
    const auto store = run::memory_store(study.points().size());
    for (std::size_t i = 0; i < study.points().size(); ++i) {
      if (study.original(i) == i) store->accept(i, outcome_of(d.json["results"][i]));
    }
    const Json again = run::ensemble_result_json(study, run::ensemble_result(study, *store));
    demand_equal(again, d.json["statistics"], "/statistics", "statistics",
                 "a statistic that does not follow from the members", report);
  } catch (const Error& e) {
    report.error("config", "/config", "the config cannot be read again: " + e.problem().what,
                 e.problem().expected, e.problem().found, "another version of assay may have written it");
  }
}

void check_bench(const Document& d, Reporter& report) {
  try {
    const Json again = bench::to_json(bench::measurement_from(d.json, d.name));
    for (const char* part : {"measurements", "verdicts", "quality"}) {
      if (again.contains(part) && d.json.contains(part)) {
        demand_equal(again[part], d.json[part], std::string("/") + part, "measurement",
                     "what is stored does not follow from the raw samples", report);
      }
    }
    demand_equal(again, d.json, "", "measurement", "what is stored does not follow from the raw samples",
                 report);
  } catch (const Error& e) {
    report.error("measurement", "/raw_samples", e.problem().what, e.problem().expected, e.problem().found,
                 remedy);
  }
}

void check_scaling(const Document& d, Reporter& report) {
  try {
    const Json again = bench::rebuilt(d.json, bench::scaling_from(d.json, d.name));
    for (const char* part : {"modes", "quality", "task_cpu_s", "identity"}) {
      demand_equal(again[part], d.json[part], std::string("/") + part, "measurement",
                   "what is stored does not follow from the raw samples", report);
    }
  } catch (const Error& e) {
    report.error("measurement", "/raw_samples", e.problem().what, e.problem().expected, e.problem().found,
                 remedy);
  }
}

std::string verdict_of(const Json& report) {
  bool fail = false, blocked = !report["blockers"].empty() || report["observables"].empty();
  for (const Json& o : report["observables"]) {
    fail = fail || o["verdict"] == "fail";
    blocked = blocked || o["verdict"] == "blocked";
  }
  return fail ? "fail" : blocked ? "blocked" : "pass";
}

/// An observable passes only where its own counts allow it.
void check_observable(const Json& o, const std::string& pointer, Reporter& report) {
  const Json& differing = o["differing"];
  const bool absent = o["missing"]["a"] != 0 || o["missing"]["b"] != 0;
  const std::string level = o["level"].get<std::string>(), required = o["required"].get<std::string>();
  const bool reached = level != "none" && level <= required;
  // I7 rests on two probabilities, each above half of alpha; an element by element rung above it needs neither.
  const bool improbable = required == "I7" && level == "I7" &&
                          (!o.contains("samples") || o["samples"]["too_few"] == true ||
                           o["samples"]["place_p"].get<double>() <= o["samples"]["alpha"].get<double>() / 2 ||
                           o["samples"]["spread_p"].get<double>() <= o["samples"]["alpha"].get<double>() / 2);
  const bool must_fail = improbable || absent || differing["unmatched"] != 0 ||
                         (!reached && required != "I0") || !o["reasons"].empty();
  if (o["verdict"] == "pass" && (must_fail || o["compared"] == 0)) {
    report.error("verdict", pointer + "/verdict",
                 "a pass that the counts of \"" + o["name"].get<std::string>() + "\" do not allow",
                 o["compared"] == 0 ? "blocked" : "fail", "pass", remedy);
  }
  if (differing["bits"] != 0 && level == "I1") {
    report.error("verdict", pointer + "/level", "bits differ, and I1 is said to hold", {}, {}, remedy);
  }
}

void check_proof(const Json& proof, const std::string& pointer, Reporter& report) {
  std::vector<gate::Kill> kills;
  for (const Json& k : proof["kills"]) {
    kills.push_back({.fault = k["fault"].get<std::string>(),
                     .place = k["place"].get<std::string>(),
                     .caught = k["caught"].get<bool>()});
    if (k["caught"] != (k["verdict"] == "fail")) {
      report.error("proof", pointer + "/kills", "a fault counts as caught without the verdict fail", {}, {},
                   remedy);
    }
  }
  const auto control = proof["control"] == "pass" ? gate::Verdict::pass : gate::Verdict::fail;
  if (proof["fit"] != gate::is_fit(control, kills)) {
    report.error("proof", pointer + "/fit", "the proof's own table says otherwise",
                 brief(!proof["fit"].get<bool>()), brief(proof["fit"]), remedy);
  }
}

void check_gate(const Json& json, Reporter& report) {
  std::string worst = "pass";
  for (std::size_t i = 0; i < json["verdicts"].size(); ++i) {
    const Json& verdict = json["verdicts"][i];
    const std::string pointer = "/verdicts/" + std::to_string(i);
    const std::string expected = verdict_of(verdict);
    if (verdict["verdict"] != expected) {
      report.error("verdict", pointer + "/verdict", "the verdict does not follow from its observables",
                   expected, brief(verdict["verdict"]), remedy);
    }
    for (std::size_t k = 0; k < verdict["observables"].size(); ++k) {
      check_observable(verdict["observables"][k], pointer + "/observables/" + std::to_string(k), report);
    }
    if (expected != "pass") worst = expected;
  }
  if (!json.contains("trials")) return;
  for (std::size_t i = 0; i < json["trials"].size(); ++i) {
    const Json& trial = json["trials"][i];
    const std::string pointer = "/trials/" + std::to_string(i);
    if (trial.contains("proof")) {
      check_proof(trial["proof"], pointer + "/proof", report);
    } else if (json["trials"].size() == 1 && trial["verdict"] == "pass" && worst != "pass") {
      report.error("verdict", pointer + "/verdict", "the gate is said to pass, one of its reports does not",
                   worst, "pass", remedy);
    }
  }
}

}  // namespace

void check_derived(const Document& d, const std::string& text, Reporter& report) {
  if (d.kind == "run" || d.kind == "scan" || d.kind == "ensemble") check_study(d, text, report);
  if (d.kind == "bench") check_bench(d, report);
  if (d.kind == "scaling") check_scaling(d, report);
  if (d.kind == "gate") check_gate(d.json, report);
}

}  // namespace assay::audit
