// assay plan: what would run. The same study that scan executes, summed up instead of run.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/study_options.hpp"
#include "run/plan_summary.hpp"

namespace assay::commands {
namespace {

struct Options : StudyOptions {
  std::size_t calibrate = 0;
  std::size_t points = 0;
};

Json plan_json(const run::Study& study, const run::PlanSummary& p, std::size_t points) {
  Json shards = Json::array();
  for (const auto& shard : p.shards) shards.push_back({shard.begin, shard.end});
  Json plan = {{"tasks", p.tasks},
               {"unique", p.unique},
               {"duplicates", p.duplicates},
               {"workers", p.workers},
               {"batch_size", p.batch_size},
               {"batches", p.batches},
               {"shards", shards},
               {"host_bytes", p.host_bytes},
               {"work", p.work},
               {"balance_bound", p.balance_bound}};
  if (p.predicted_seconds)
    plan["predicted_seconds"] = {{"estimate", *p.predicted_seconds},
                                 {"interval", {*p.predicted_low, *p.predicted_high}}};
  Json list = Json::array();
  for (std::size_t i = 0; i < std::min(points, p.tasks); ++i) {
    Json point = Json::object();
    for (const auto& [name, value] : study.points().at(i))
      std::visit([&, key = name](const auto& v) { point[key] = v; }, value);
    Json row = {{"index", i}, {"point", point}};
    if (study.original(i) != i) row["of"] = study.original(i);
    list.push_back(row);
  }
  return document("plan", {{"config", study.config()},
                           {"config_sha256", study.config_sha256()},
                           {"engine",
                            {{"requested", study.engine().name},
                             {"used", p.engine},
                             {"usable", p.engine_usable},
                             {"reason", p.engine_reason}}},
                           {"plan", plan},
                           {"tasks", list}});
}

Exit run(const Options& o, Console& io) {
  const run::Study study = make_study(o, run::Scope::any);
  std::optional<run::Calibration> calibration;
  if (o.calibrate > 0) calibration = run::calibrate(study, o.calibrate);
  const run::PlanSummary p = run::summarise(study, calibration);
  if (io.json) {
    io.print_json(plan_json(study, p, o.points));
    return p.engine_usable ? Exit::ok : Exit::environment;
  }
  io.say(fmt::format("workload    {}", study.workload().name()));
  for (const auto& group : study.scan().groups()) {
    for (const auto& axis : group.axes)
      io.say(fmt::format("axis        {} = {}  ({} values)", axis.name(),
                         axis.size() > 24 && axis.is_list() ? "..." : axis.text(), axis.size()));
  }
  if (const run::EnsembleSpec* spec = study.ensemble()) {
    std::string names;
    for (const auto& input : spec->design.inputs) names += (names.empty() ? "" : ", ") + input.name;
    io.say(fmt::format("ensemble    {} members of {} ({} sampling){}", spec->design.samples, names,
                       plan::name_of(spec->design.sampling),
                       spec->design.sensitivities ? ", and the rows for sensitivities" : ""));
  }
  io.say(
      fmt::format("tasks       {}, of which {} distinct and {} duplicates", p.tasks, p.unique, p.duplicates));
  io.say(
      fmt::format("engine      {}{}: {}", p.engine, p.engine_usable ? "" : " (not usable)", p.engine_reason));
  io.say(fmt::format("batches     {} of up to {} tasks, {} workers", p.batches, p.batch_size, p.workers));
  io.say(fmt::format("memory      {:.1f} MiB for the solves at their peak",
                     static_cast<double>(p.host_bytes) / 1048576.0));
  io.say(fmt::format("balance     no number of workers is more than {:.4g} times faster than one",
                     p.balance_bound));
  if (p.predicted_seconds) {
    io.say(fmt::format("time        about {:.3g} s ({:.3g} to {:.3g} s), from {} solved tasks",
                       *p.predicted_seconds, *p.predicted_low, *p.predicted_high, calibration->tasks));
  } else {
    io.say("time        not predicted: --calibrate 3 solves three tasks to measure");
  }
  for (std::size_t i = 0; i < std::min(o.points, p.tasks); ++i) {
    std::string line = fmt::format("task {}", i);
    for (const auto& [name, value] : study.points().at(i)) line += "  " + name + "=" + value_text(value);
    if (study.original(i) != i) line += fmt::format("  (duplicate of {})", study.original(i));
    io.say(line);
  }
  return p.engine_usable ? Exit::ok : Exit::environment;
}

}  // namespace

void add_plan(Cli& cli) {
  auto [app, o] = cli.add<Options>(
      "plan", "Show what a scan or ensemble would run: tasks, duplicates, batches, memory, time", run);
  o.overrides.command = cli.tail;
  add_study_options(app, o, Axes::allowed, Running::no);
  app.option("--calibrate", o.calibrate, "solve N tasks now and predict the time from them");
  app.option("--tasks", o.points, "list the first N tasks");
  app.footer("Example:\n  assay plan examples/cyclone.toml --axis ky=0.1:0.6:6 --calibrate 1");
}

}  // namespace assay::commands
