// assay bench: which is faster, by how much, and is that certain? Two commands in randomised paired blocks.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bench/history.hpp"
#include "bench/import.hpp"
#include "bench/report.hpp"
#include "bench/scaling_report.hpp"
#include "commands/all.hpp"
#include "commands/bench_arms.hpp"
#include "commands/bench_modes.hpp"
#include "core/atomic_file.hpp"
#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "core/sha256.hpp"
#include "core/suggest.hpp"
#include "core/temporary_folder.hpp"
#include "evidence/provenance.hpp"

namespace assay::commands {
namespace {

struct Options {
  std::vector<std::string> action;  // nothing, `replay FILE` or `plan`
  std::string a, b;
  std::vector<std::string> arms;
  int blocks = 20;
  std::vector<int> looks;
  int warmup = 1;
  std::uint64_t seed = 1;
  double min_effect = 0.05;
  double noise_floor = 0.0;
  double timeout = 0.0;
  double effect = 0.10;
  double power = 0.8;
  std::string baseline;
  std::string history, only, since, until;
  std::string out;
  bool roofline = false;
  std::vector<int> scaling;
  std::string config, gate;
  std::vector<std::string> set, axes;
  std::string engine;
  std::vector<int> threads;
  bool warm_only = false;
};

/// The gate's file or study whose sides are to be measured; empty: commands are given by flags.
std::string gate_file(const Options& o) {
  if (o.action.empty()) return {};
  const bool is_plan = o.action[0] == "plan";
  if (is_plan) return o.action.size() > 1 ? o.action[1] : std::string();
  return o.action.size() == 1 && std::filesystem::path(o.action[0]).extension() == ".toml" ? o.action[0]
                                                                                           : std::string();
}

/// What is measured: sides of a gate, or commands.
GateArms subjects_of(const Options& o) {
  const std::string file = gate_file(o);
  if (file.empty()) return {};
  if (!o.a.empty() || !o.b.empty() || !o.arms.empty())
    throw UserError("a gate's file and commands together",
                    "its sides are the arms: leave out --a, --b and --arm");
  return arms_of_gate(file, {.set = o.set, .engine = o.engine, .threads = o.threads}, o.gate);
}

std::vector<bench::Arm> arms_of(const Options& o) {
  std::vector<bench::Arm> arms;
  if (!o.a.empty()) arms.push_back({"a", o.a});
  if (!o.b.empty()) arms.push_back({"b", o.b});
  for (const std::string& text : o.arms) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UserError("--arm \"" + text + "\" names no arm", "write --arm fast=\"./solver --threads 4\"");
    }
    arms.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  if (arms.empty()) throw UserError("nothing to measure", "give two commands: --a \"old\" --b \"new\"");
  // One command against itself: whatever difference appears is noise.
  if (arms.size() == 1 && o.baseline.empty()) arms.push_back({arms[0].name + " again", arms[0].command});
  return arms;
}

bench::Design design_of(const Options& o, const GateArms& subjects) {
  bench::Design d{.arms = subjects.arms.empty() ? arms_of(o) : subjects.arms,
                  .blocks = o.blocks,
                  .looks = o.looks,
                  .warmup = o.warmup,
                  .seed = o.seed};
  d.timeout_seconds = o.timeout > 0.0 ? o.timeout : subjects.timeout_seconds;
  for (const bench::Arm& arm : d.arms) bench::parse_command(arm.command);
  if (!d.looks.empty()) {
    for (std::size_t i = 0; i < d.looks.size(); ++i) {
      if (d.looks[i] <= (i > 0 ? d.looks[i - 1] : 0)) throw UserError("--looks must rise: 10,20,40");
    }
    d.blocks = d.looks.back();
  }
  return d;
}

bench::Baseline read_baseline(const std::string& file, const std::vector<bench::Arm>& arms) {
  const std::string text = read_file(file);
  return bench::baseline_of(bench::measurement_from(parse_json(text, file), file), arms, file,
                            sha256_hex(text));
}

void set_rule(bench::Measurement& m, const Options& o) {
  m.rule.min_effect = o.min_effect;
  m.rule.noise_floor = o.noise_floor;
}

void describe_origin(bench::Measurement& m, const Console& io) {
  m.tool = assay::to_text(evidence::tool_json());
  m.origin = assay::to_text(
      evidence::provenance_json({.command = io.command_line, .config_folder = ".", .devices = {}}));
}

bool names_out(const std::vector<bench::Arm>& arms) {
  return std::any_of(arms.begin(), arms.end(),
                     [](const bench::Arm& arm) { return arm.command.find("{out}") != std::string::npos; });
}

bench::Measurement measure(const Options& o, Console& io, int& signal) {
  bench::Measurement m;
  const GateArms subjects = subjects_of(o);
  m.design = design_of(o, subjects);
  if (!subjects.arms.empty()) m.identity = subjects.identity;
  if (!o.baseline.empty()) m.baseline = read_baseline(o.baseline, m.design.arms);
  set_rule(m, o);
  describe_origin(m, io);
  m.machine = bench::look_at_machine();
  InterruptGuard interrupt;
  count_memory(m.design.arms, subjects, interrupt.token());
  std::optional<TemporaryFolder> scratch;  // where no arm names {out}, nobody waits for a folder to be made
  if (names_out(m.design.arms)) scratch.emplace("assay-bench");
  m.before = bench::look_at_activity();
  {
    Progress progress(io.err, io.progress_style(), "blocks", static_cast<std::size_t>(m.design.blocks));
    const auto decided = [&](int done, const std::vector<bench::Sample>& samples) {
      progress.advance();
      if (std::find(m.design.looks.begin(), m.design.looks.end(), done) == m.design.looks.end()) return false;
      bench::Measurement so_far = m;
      so_far.samples = {samples, done, false};
      const auto judged = bench::judge(so_far);
      return std::none_of(judged.begin(), judged.end(),
                          [](const auto& j) { return j.comparison.verdict == bench::Verdict::inconclusive; });
    };
    m.samples = bench::take_samples(
        m.design, runner_of(m.design, subjects, scratch ? scratch->path().string() : "", interrupt.token()),
        interrupt.token(), decided);
  }
  signal = interrupt.signal();
  m.after = bench::look_at_activity();
  return m;
}

void show(const bench::Measurement& m, const Json& document, Console& io) {
  if (io.json) io.print_json(document);
  io.say(bench::to_text(document));
  if (!m.design.imported && m.design.arms.size() == 2 && m.design.arms[0].command == m.design.arms[1].command &&
      m.samples.complete_blocks >= static_cast<int>(bench::fewest_blocks)) {
    const double floor = bench::noise_floor(m.samples.wall(0), m.samples.wall(1), m.design.seed);
    io.say(fmt::format("noise floor {:.4f}: pass it on with --noise-floor {:.4f}", floor, floor));
  }
}

/// What was rebuilt against what is stored, and the verdict where they are the same.
Exit compare_rebuilt(const std::string& file, const std::string& text, const Json& stored, const Json& rebuilt,
                     Exit verdict, Console& io) {
  if (canonical_text(rebuilt) != canonical_text(stored)) {
    io.err << "error: " << file << ": what is stored does not follow from its raw samples\n"
           << "  the report above was rebuilt from them; assay gate --files shows where they differ\n";
    return Exit::evidence_no;
  }
  const bool same_bytes = assay::to_text(rebuilt) + "\n" == text;
  io.note(file + (same_bytes ? ": rebuilt byte for byte from its raw samples"
                             : ": rebuilt from its raw samples, every value the same; the layout is another"));
  return verdict;
}

/// Rebuilds verdict and report from the raw samples; what is stored must be what follows from them.
Exit replay(const Options& o, Console& io) {
  if (o.action.size() != 2) throw UserError("assay bench replay takes one file");
  const std::string text = read_file(o.action[1]);
  const Json stored = parse_json(text, o.action[1]);
  if (stored.is_object() && stored.value("schema", Json()) == "assay/scaling/v1") {
    const bench::ScalingMeasurement scaling = bench::scaling_from(stored, o.action[1]);
    const Json rebuilt = bench::rebuilt(stored, scaling);
    if (io.json) io.print_json(rebuilt);
    io.say(bench::scaling_text(rebuilt));
    return compare_rebuilt(o.action[1], text, stored, rebuilt, exit_of(scaling), io);
  }
  const bench::Measurement m = bench::measurement_from(stored, o.action[1]);
  const Json rebuilt = bench::to_json(m);
  show(m, rebuilt, io);
  return compare_rebuilt(o.action[1], text, stored, rebuilt, bench::exit_of(m), io);
}

Exit plan(const Options& o, Console& io) {
  int signal = 0;
  Options pilot = o;
  pilot.looks.clear();
  const bench::Measurement m = measure(pilot, io, signal);
  if (signal != 0) return static_cast<Exit>(128 + signal);
  bench::Rule rule = m.rule;
  const auto pairs = bench::pairs_needed(m.samples.wall(0), m.samples.wall(1), o.effect, o.power, rule);
  if (!pairs) {
    throw UserError("an effect of " + fmt::format("{:g}", o.effect) + " is not beyond the minimum effect of " +
                        fmt::format("{:g}", rule.effect()),
                    "ask for a larger --effect or a smaller --min-effect");
  }
  const double block = bench::median(m.samples.wall(0)) + bench::median(m.samples.wall(1));
  const double minutes = static_cast<double>(*pairs) * block / 60;
  if (io.json) {
    io.print_json(document("bench-plan", {{"effect", o.effect},
                                          {"power", o.power},
                                          {"min_effect", rule.effect()},
                                          {"pilot_blocks", m.samples.complete_blocks},
                                          {"blocks", *pairs},
                                          {"minutes", minutes}}));
  }
  io.say(fmt::format(
      "{} blocks, about {:.3g} minutes, to see an effect of {:g} with power {:g} (pilot of {} blocks)", *pairs,
      minutes, o.effect, o.power, m.samples.complete_blocks));
  return Exit::ok;
}

Exit history(const Options& o, Console& io) {
  if (o.action.size() != 2) throw UserError("assay bench history takes one file");
  return bench_history({.file = o.action[1],
                        .arm = o.only,
                        .since = o.since,
                        .until = o.until,
                        .min_effect = o.min_effect,
                        .out = o.out},
                       io);
}

void remember(const std::string& file, const bench::Measurement& m, const std::string& report, Console& io) {
  const Json origin = parse_json(m.origin, "origin");
  const Json& git = origin.at("git");
  bench::History book(file, bench::History::Mode::create);
  const auto added = book.add(m, origin.at("run").at("started").get<std::string>(),
                              git.is_null() ? "" : git.at("commit").get<std::string>(), sha256_hex(report));
  io.note(fmt::format("{}: {} rows added", file, added));
}

/// Writes the report where it was asked for, and shows it.
void keep(const Options& o, const bench::Measurement& m, Console& io) {
  const Json document = bench::to_json(m);
  const std::string text = assay::to_text(document) + "\n";
  if (!o.out.empty()) write_file_atomically(o.out, text);
  if (!o.history.empty() && !m.samples.interrupted) remember(o.history, m, text, io);
  show(m, document, io);
}

Exit import(const Options& o, Console& io) {
  if (o.action.size() != 2) throw UserError("assay bench import takes one file");
  bench::Measurement m = bench::import_measurement(o.action[1], read_file(o.action[1]));
  describe_origin(m, io);
  set_rule(m, o);
  if (!o.baseline.empty()) m.baseline = read_baseline(o.baseline, m.design.arms);
  keep(o, m, io);
  return bench::exit_of(m);
}

Exit run(const Options& o, Console& io) {
  if (o.roofline) return bench_roofline({.blocks = o.blocks, .seed = o.seed, .out = o.out}, io);
  if (!o.scaling.empty()) {
    return bench_scaling({.workers = o.scaling,
                          .engine = o.engine,
                          .config = o.config,
                          .set = o.set,
                          .axes = o.axes,
                          .gate = o.gate,
                          .blocks = o.blocks,
                          .seed = o.seed,
                          .warm_only = o.warm_only,
                          .out = o.out},
                         io);
  }
  if (!o.action.empty() && (o.action[0] == "plan" || gate_file(o).empty())) {
    if (o.action[0] == "replay") return replay(o, io);
    if (o.action[0] == "plan") return plan(o, io);
    if (o.action[0] == "history") return history(o, io);
    if (o.action[0] == "import") return import(o, io);
    const std::vector<std::string> known{"replay", "plan", "history", "import"};
    throw UserError(Problem{.what = "assay bench does not know \"" + o.action[0] + "\"",
                            .expected = one_of(o.action[0], known),
                            .hint = "commands are given with --a and --b; a gate's file ends in .toml"});
  }
  int signal = 0;
  const bench::Measurement m = measure(o, io, signal);
  keep(o, m, io);
  if (signal != 0) {
    io.err << "interrupted after " << m.samples.complete_blocks << " blocks\n";
    return static_cast<Exit>(128 + signal);
  }
  return bench::exit_of(m);
}

}  // namespace

void add_bench(Cli& cli) {
  auto [app, o] =
      cli.add<Options>("bench", "Measure commands against each other, with a verdict that can say no", run);
  app.option("action", o.action,
             "a gate's TOML file or a study's config: its sides are the arms; replay FILE: rebuild a stored "
             "report; plan: blocks that an effect needs; history FILE: series and steps")
      .type_name("ACTION")
      .values(0, 2);
  app.option("--a", o.a, "the reference command").type_name("COMMAND");
  app.option("--b", o.b, "the candidate; without it A runs against itself and shows the noise")
      .type_name("COMMAND");
  app.option("--arm", o.arms, "a further command with a name: name=command (repeatable)")
      .type_name("NAME=COMMAND")
      .one_each();
  app.option("--blocks", o.blocks, "blocks, each with one run of every arm (default 20)").range(1, 1000000);
  app.option("--looks", o.looks, "declared looks, after which a clear verdict ends the run: 10,20,40")
      .separated(',')
      .type_name("N,N,...");
  app.option("--warmup", o.warmup, "runs of each arm before the first block (default 1)").range(0, 1000);
  app.option("--seed", o.seed, "of the order within the blocks (default 1)");
  app.option("--min-effect", o.min_effect, "smallest change that counts, as a fraction (default 0.05)")
      .range(0.0, 10.0);
  app.option("--noise-floor", o.noise_floor, "what this machine cannot resolve, from a run of A against itself")
      .range(0.0, 10.0);
  app.option("--timeout", o.timeout, "seconds after which a run counts as failed").range(0.0, 1e9);
  app.option("--effect", o.effect, "plan: the change to be seen (default 0.10)").range(0.0, 10.0);
  app.option("--power", o.power, "plan: chance to see it (default 0.8)").range(0.5, 0.999);
  app.flag("--roofline", o.roofline, "measure what one core can do, and where each kernel stands against it");
  app.option("--scaling", o.scaling,
             "1,2,4: speedup of --config with so many workers of --engine: tbb (default) or workers")
      .separated(',')
      .range(1, 4096)
      .type_name("N,N,...")
      .group("Scaling");
  app.option("--config", o.config, "the study to scale: a config, or an artifact that is run again")
      .type_name("FILE")
      .group("Scaling");
  app.option("--engine", o.engine, "of the candidates, where the sides are studies, or of --scaling")
      .group("Study");
  app.option("--threads", o.threads, "of the candidates: 1,2,4 is three arms").separated(',').group("Study");
  app.option("--set", o.set, "override one config key: key=value; repeatable").group("Study").one_each();
  app.option("--axis", o.axes, "an axis of the study, as in assay scan; repeatable")
      .group("Scaling")
      .one_each();
  app.option(
         "--gate", o.gate,
         "artifact of assay gate: of the same file, or of CONFIG --engine tbb --threads N,...; without it no "
         "claim of speed is supported")
      .type_name("FILE")
      .group("Study");
  app.flag("--warm-only", o.warm_only, "leave out the runs of the whole program").group("Scaling");
  app.option(
         "--baseline", o.baseline,
         "compare each arm with its samples in this report of an earlier run (--out); not paired, so another "
         "class of host or drift is inconclusive")
      .type_name("FILE");
  app.option("--history", o.history, "add the samples of every arm to this SQLite file").type_name("FILE");
  app.option("--only", o.only, "history: this arm alone").type_name("ARM");
  app.option("--since", o.since, "history: from this time on, 2026-11 or longer").type_name("TIME");
  app.option("--until", o.until, "history: up to this time, included").type_name("TIME");
  app.option("--out", o.out, "write the report with every raw sample to this file").type_name("FILE");
  app.footer(
      "Example:\n  assay bench gate.toml --gate evidence/solver.json --out solver.bench.json\n"
      "  assay bench --a \"./solver --threads 1\" --b \"./solver --threads 4\" --out solver.json\n"
      "  assay bench replay solver.json\n"
      "  assay bench --arm b=\"./solver --threads 4\" --baseline solver.json\n"
      "  assay bench --a \"./solver\" --history times.sqlite; assay bench history times.sqlite --since "
      "2026-11\n"
      "  hyperfine --export-json h.json ./solver; assay bench import h.json --baseline solver.json\n"
      "  assay bench --roofline --blocks 20 --out roofline.json\n"
      "  assay bench --scaling 1,2 --config examples/cyclone.toml --gate gates/cyclone.engine.json\n\n"
      "Exit codes: 0 not worse, 1 regressed, 4 inconclusive, 5 a command failed");
}

}  // namespace assay::commands
