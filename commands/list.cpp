// assay list: workloads with their parameters, observables, units and tolerance classes.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/option_table.hpp"
#include "core/number.hpp"
#include "workload/workload.hpp"

namespace assay::commands {
namespace {

struct Options {
  std::string workload;
};

Json parameter_json(const workload::Parameter& p) {
  Json row = {{"key", p.key}, {"alias", p.alias}, {"unit", p.unit}, {"doc", p.doc}};
  std::visit([&](const auto& v) { row["default"] = v; }, p.fallback);
  if (std::isfinite(p.min)) row[p.above_min ? "above" : "min"] = p.min;
  if (std::isfinite(p.max)) row["max"] = p.max;
  if (!p.choices.empty()) row["choices"] = p.choices;
  return row;
}

void say_workload(const workload::Kind& kind, const workload::Workload& w, const Console& io) {
  io.say(io.bold(kind.name) + ": " + kind.summary);
  io.say("\n  parameter                     short       default      unit         meaning");
  for (const auto& p : w.parameters().table().all()) {
    io.say(
        fmt::format("  {:<29} {:<11} {:<12} {:<12} {}", p.key, p.alias, value_text(p.fallback), p.unit, p.doc));
  }
  io.say("\n  observable                    class        unit         meaning");
  for (const auto& o : w.observables()) {
    io.say(fmt::format("  {:<29} {:<12} {:<12} {}", o.name, o.tolerance, o.unit, o.doc));
  }
}

Exit run(const Options& o, Console& io) {
  if (!o.workload.empty()) workload::get(o.workload);
  Json rows = Json::array();
  for (const auto& kind : workload::all()) {
    if (!o.workload.empty() && kind.name != o.workload) continue;
    Config config = Config::from_text(kind.example_config(), kind.name);
    const auto w = workload::make(config);
    Json row = {{"name", kind.name},
                {"summary", kind.summary},
                {"parameters", Json::array()},
                {"observables", Json::array()}};
    for (const auto& p : w->parameters().table().all()) row["parameters"].push_back(parameter_json(p));
    for (const auto& x : w->observables()) {
      row["observables"].push_back(
          {{"name", x.name}, {"unit", x.unit}, {"class", x.tolerance}, {"array", x.is_array}, {"doc", x.doc}});
    }
    rows.push_back(row);
    if (o.workload.empty()) {
      io.say(fmt::format("{:<12} {}", kind.name, kind.summary));
    } else {
      say_workload(kind, *w, io);
    }
  }
  if (o.workload.empty())
    io.say("\nassay list NAME shows parameters, observables, units and tolerance classes.");
  if (io.json) {
    io.print_json(document("list", {{"workloads", rows}}));
  }
  return Exit::ok;
}

}  // namespace

void add_list(Cli& cli) {
  auto [app, o] = cli.add<Options>(
      "list", "Show workloads, their parameters, observables, units and tolerance classes", run);
  app.option("workload", o.workload, "one workload in full; all by default, a line each")
      .offer(workload::names());
  app.footer("Example:\n  assay list gk.linear");
}

}  // namespace assay::commands
