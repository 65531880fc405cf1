// assay gate: is it the same? Two sides, named observables, the strongest level of identity that holds, and a
// proof that the gate can fail.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/gate_runtime.hpp"
#include "core/suggest.hpp"
#include "gate/all.hpp"
#include "gate/artifact.hpp"
#include "gate/bisect.hpp"
#include "gate/config_gate.hpp"
#include "gate/files.hpp"
#include "gate/report.hpp"

namespace assay::commands {
namespace {

struct Options {
  std::vector<std::string> targets;
  std::vector<std::string> files;
  std::string format = "auto";
  gate::GateFlags flags;
  bool registered = false, list = false, prove = false, release = false;
  std::string bisect;
  std::string out;
};

std::vector<std::unique_ptr<gate::Gate>> gates_of(const Options& o) {
  std::vector<std::unique_ptr<gate::Gate>> gates;
  if (!o.files.empty()) {
    Config config = Config::from_text("", "--files");
    config.set("gate.name", Value(std::string("files")), "--files");
    config.set("gate.format", Value(o.format), "--format");
    config.set("a.files", ValueList{o.files[0]}, "--files");
    config.set("b.files", ValueList{o.files[1]}, "--files");
    gates.push_back(gate::ConfigGate::make(std::move(config), o.flags));
  }
  for (const std::string& target : o.targets) {
    std::error_code error;  // a path that cannot be followed is one all the same: reading it says why
    if (std::filesystem::exists(target, error) || error) {
      gates.push_back(gate::ConfigGate::make(Config::from_file(target), o.flags));
    } else {
      gates.push_back(gate::make_registered(target));
    }
  }
  if (o.registered) {
    for (const std::string& id : gate::registered_ids()) gates.push_back(gate::make_registered(id));
  }
  if (gates.empty()) {
    throw UserError("no gate is named",
                    "a gate's TOML file, a study's config, --files A B, or an id from assay gate --list");
  }
  return gates;
}

/// Two files without anything else: no artifact, any size, bounded memory.
Exit compare_two_files(const Options& o, Console& io) {
  gate::Requirement requirement = gate::parse_level(o.flags.level.empty() ? "bit" : o.flags.level);
  requirement.must_be_nontrivial = o.flags.nontrivial;
  if (o.flags.nan == "equal") requirement.non_finite = gate::NonFinite::equal;
  if (o.flags.nan == "forbidden") requirement.non_finite = gate::NonFinite::forbidden;
  const std::string& rules_file = o.flags.rules_file;
  gate::Rules rules =
      rules_file.empty() ? gate::Rules(requirement) : gate::Rules::from_file(rules_file, requirement);
  for (const std::string& pattern : o.flags.ignore) rules.ignore(pattern);
  const gate::GateReport report =
      gate::compare_files(o.files[0], o.files[1], std::move(rules), gate::parse_format(o.format));
  if (io.json) {
    const Json config = {{"files", o.files},    {"level", gate::to_text(requirement)},
                         {"rules", rules_file}, {"format", o.format},
                         {"nan", o.flags.nan},  {"ignore", o.flags.ignore}};
    io.print_json(document("gate", {{"config", config}, {"verdicts", Json::array({gate::to_json(report)})}}));
  }
  io.say("A " + o.files[0] + "\nB " + o.files[1] + "\n" + gate::to_text(report, io.verbose));
  return gate::exit_of(report.verdict);
}

/// The worse of two, in the order of the exit codes' precedence.
Exit worse(Exit a, Exit b) {
  constexpr std::array order{Exit::ok,          Exit::inconclusive,    Exit::environment,
                             Exit::evidence_no, Exit::workload_failed, Exit::gate_unfit};
  const auto rank = [&](Exit e) { return std::find(order.begin(), order.end(), e) - order.begin(); };
  return rank(a) >= rank(b) ? a : b;
}

void show(const gate::Trial& trial, Console& io) {
  io.say(io.bold(trial.gate) + (trial.summary.empty() ? "" : ": " + trial.summary));
  for (const gate::GateReport& report : trial.reports) {
    const std::string label = report.gate.substr(trial.gate.size() + 1);
    if (report.verdict == gate::Verdict::pass && !io.verbose) {
      std::uint64_t compared = 0;
      for (const auto& o : report.observables) compared += o.tally.compared;
      io.say(fmt::format("  pass    {}: {} {} holds, {} values of {} observables", label,
                         gate::rung(report.level), gate::word(report.level), compared,
                         report.observables.size()));
    } else {
      io.say("  " + label + "\n" + gate::to_text(report, io.verbose));
    }
  }
  io.say(fmt::format("{}: {}", gate::word(trial.verdict), trial.gate));
  if (trial.proof) io.say(gate::to_text(*trial.proof));
}

Exit run_bisection(const Options& o, GateRuntime& runtime, Console& io) {
  const auto gates = gates_of(o);
  auto* config_gate = dynamic_cast<gate::ConfigGate*>(gates.front().get());
  if (gates.size() != 1 || config_gate == nullptr) {
    throw UserError("--bisect takes one gate that stands in a config");
  }
  const gate::Bisection b = gate::bisect(*config_gate, o.bisect, runtime.use());
  if (io.json) {
    Json verdicts = Json::array();
    if (b.report) verdicts.push_back(gate::to_json(*b.report));
    io.print_json(document(
        "bisection",
        {{"config", config_gate->definition()}, {"bisection", gate::to_json(b)}, {"verdicts", verdicts}}));
  }
  io.say(gate::to_text(b));
  return b.first_broken ? Exit::evidence_no : Exit::ok;
}

Exit run_gates(const Options& o, GateRuntime& runtime, Console& io) {
  const gate::TrialContext context{.command_line = io.command_line, .folder = "."};
  std::vector<gate::Trial> trials;
  Exit exit = Exit::ok;
  for (const auto& one : gates_of(o)) {
    gate::Trial trial = o.prove ? gate::prove_gate(*one, runtime.use()) : gate::run_gate(*one, runtime.use());
    if (runtime.signal() != 0) return static_cast<Exit>(128 + runtime.signal());
    if (!io.json) show(trial, io);
    exit = worse(exit, trial.exit);
    if (!o.out.empty()) io.note("wrote " + gate::save_trial(trial, context, o.out).path.string());
    if (o.release) {
      const std::string objection = gate::proof_objection(o.out, trial);
      if (!objection.empty()) {
        io.err << "error: " << trial.gate << " has no proof that it can fail: " << objection
               << "\n  what to do: assay gate " << (o.targets.empty() ? trial.gate : o.targets.front())
               << " --prove --out " << o.out << "\n";
        exit = worse(exit, Exit::gate_unfit);
      }
    }
    trials.push_back(std::move(trial));
  }
  if (io.json) gate::write_trials(trials, context, [&](std::string_view text) { io.out << text; });
  return exit;
}

Exit list_gates(Console& io) {
  Json rows = Json::array();
  for (const std::string& id : gate::registered_ids()) {
    const auto one = gate::make_registered(id);
    io.say(fmt::format("{:<32} {}", id, one->summary()));
    rows.push_back({{"id", id}, {"summary", one->summary()}, {"definition_sha256", definition_sha256(*one)}});
  }
  if (io.json) io.print_json(document("gate-list", {{"gates", rows}}));
  return Exit::ok;
}

Exit run(const Options& o, Console& io) {
  if (o.list) return list_gates(io);
  if (o.release && o.out.empty())
    throw UserError("--release without --out", "name the folder that holds the proofs");
  if (!o.files.empty() && !o.targets.empty()) throw UserError("a gate's config and --files together");
  const bool plain_files = !o.files.empty() && !o.prove && o.out.empty() && o.bisect.empty();
  if (plain_files) return compare_two_files(o, io);
  GateRuntime runtime(io);
  return o.bisect.empty() ? run_gates(o, runtime, io) : run_bisection(o, runtime, io);
}

void add_sides(Verb& app, Options& o) {
  app.option("gates", o.targets, "TOML files of gates, configs of studies, or ids of registered gates");
  app.option("--files", o.files, "the two files: A is the floor, B the candidate")
      .type_name("A B")
      .values(2, 2);
  app.option("--format", o.format, "auto, csv, text, json, npy, or raw:f64 and other element types")
      .type_name("FORMAT");
  app.flag("--registered", o.registered, "every gate that is built in (--list shows them)");
  app.flag("--list", o.list, "the built-in gates and what they hold against what");
  app.option("--engine", o.flags.engine, "of the candidate; the floor runs on serial").group("Study");
  app.option("--threads", o.flags.threads, "of the candidate: 1,2,4 is three candidates")
      .separated(',')
      .group("Study");
  app.option("--resume-after", o.flags.resume_after,
             "the candidate is stopped after so many tasks, and resumed from its journal")
      .type_name("TASKS")
      .group("Study");
  app.option("--against", o.flags.against, "a config key of the candidate alone: key=value; repeatable")
      .group("Study")
      .one_each();
  app.option("--set", o.flags.set, "a config key of both sides: key=value; repeatable")
      .group("Study")
      .one_each();
}

void add_demands(Verb& app, Options& o) {
  app.option("--level", o.flags.level,
             "what must hold: byte, bit (default), value, ulp:K, scaled:K, tol:RTOL[,ATOL], norm[:TOL], "
             "ensemble[:ALPHA]")
      .type_name("LEVEL");
  app.option("--rules", o.flags.rules_file, "TOML with levels by column name, pointer or wildcard")
      .type_name("FILE");
  o.flags.nan = "fail";
  app.option("--nan", o.flags.nan,
             "fail (default), equal in the same place, or forbidden: infinities fail, too")
      .one_of({"fail", "equal", "forbidden"})
      .type_name("RULE");
  app.option("--ignore", o.flags.ignore, "column or pointer that is not compared (wildcards; repeatable)")
      .type_name("NAME")
      .one_each();
  app.flag("--nontrivial", o.flags.nontrivial, "fail where every value is zero on both sides");
  app.flag("--prove", o.prove, "plant every fault into the floor's results: each must fail").group("Proof");
  app.flag("--release", o.release, "demand a stored proof of this very definition in --out").group("Proof");
  app.option("--bisect", o.bisect, "find where identity first breaks: threads, chunk or step")
      .one_of({"threads", "chunk", "step"})
      .group("Proof");
  app.option("--out", o.out, "folder for the gate's artifact (NAME.json) or proof (NAME.proof.json)")
      .type_name("DIR")
      .group("Output");
}

}  // namespace

void add_gate(Cli& cli) {
  auto [app, o] =
      cli.add<Options>("gate", "Prove that two results are the same, and say how much the same", run);
  add_sides(app, o);
  add_demands(app, o);
  app.footer(
      "Example:\n  assay gate --files serial.csv threads.csv --level ulp:4\n"
      "  assay gate examples/cyclone.toml --engine tbb --threads 1,2\n"
      "  assay gate gate.toml --prove --out proofs\n\n"
      "Exit codes: 0 pass, 1 fail, 2 a file that cannot be read, 4 nothing was compared or blocked,\n"
      "5 a side failed, 6 a planted fault slipped through or there is no proof");
}

}  // namespace assay::commands
