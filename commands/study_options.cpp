#include "commands/study_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/number.hpp"
#include "core/version.hpp"

namespace assay::commands {

void add_study_options(CLI::App& app, StudyOptions& o, Axes axes, Running running) {
  app.add_option("config", o.config, "TOML config, or an artifact whose config is run again");
  app.add_option("--workload", o.workload, "a workload at its defaults, instead of a config");
  app.add_option("--set", o.overrides.set, "override one config key: key=value; repeatable")
      ->group("Parameters")
      ->allow_extra_args(false);
  if (axes == Axes::allowed) {
    app.add_option("--axis", o.overrides.axes,
                   "name=0.1,0.2,0.4 | name=1:1000 | name=0.1:0.6:6 | name=log:1e-3:1:7; repeatable, product "
                   "by default; replaces the axes of the config")
        ->group("Parameters")
        ->allow_extra_args(false);
    app.add_option("--zip", o.overrides.zip, "a,b: axes that move together; repeatable")
        ->group("Parameters")
        ->allow_extra_args(false);
    app.add_option("--points", o.overrides.points_file, "CSV file of points, header = parameter names")
        ->group("Parameters");
  }
  app.add_option("--engine", o.overrides.engine, "auto, serial, tbb or cuda")->group("Engine");
  app.add_option("--threads", o.overrides.threads, "compute threads (default: what affinity and cgroup allow)")
      ->group("Engine");
  app.add_option("--batch", o.overrides.batch, "tasks that a worker takes at a time")->group("Engine");
  app.add_flag("--fallback", o.overrides.fallback,
               "run on another engine when the one asked for is not usable, and record it")
      ->group("Engine");
  if (running == Running::yes) {
    app.add_option("--out", o.out, "output folder: journal, artifact, CSV")->group("Output");
    app.add_flag("--resume", o.resume, "continue what --out holds")->group("Output");
  }
}

run::Study make_study(const StudyOptions& o, run::Scope scope) {
  if (o.config.empty() == o.workload.empty()) {
    throw UserError(o.config.empty() ? "no config and no --workload" : "a config and --workload together",
                    "example: assay scan examples/cyclone.toml; assay init writes a config");
  }
  Config config =
      o.config.empty() ? Config::from_text("", "--workload " + o.workload) : Config::from_file(o.config);
  if (!o.workload.empty()) config.set("workload", Value(o.workload), "--workload " + o.workload);
  return run::Study::make(std::move(config), o.overrides, scope);
}

namespace {

std::string cell(const plan::ObservableValue& value) {
  if (const auto* x = std::get_if<double>(&value)) return std::isnan(*x) ? "nan" : fmt::format("{:.6g}", *x);
  if (const auto* z = std::get_if<std::complex<double>>(&value))
    return fmt::format("{:.6g}{:+.6g}i", z->real(), z->imag());
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return "";
}

}  // namespace

std::string join_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> width;
  for (const auto& row : rows) {
    width.resize(std::max(width.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], row[c].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c)
      line += (c ? "  " : "") + fmt::format("{:>{}}", row[c], width[c]);
    text += line + "\n";
  }
  return text;
}

namespace {

Json value_json(const plan::ObservableValue& value) {
  return std::visit(
      [](const auto& v) -> Json {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, std::complex<double>>) {
          return complex_json(v);
        } else if constexpr (std::is_same_v<T, std::vector<std::complex<double>>>) {
          Json list = Json::array();
          for (const auto& z : v) list.push_back(complex_json(z));
          return list;
        } else {
          return v;
        }
      },
      value);
}

}  // namespace

std::string results_table(const run::Study& study, const run::ResultStore& store, std::size_t most_rows) {
  const std::size_t n = study.points().size();
  std::vector<std::string> names;
  for (const auto& o : study.workload().observables()) {
    if (!o.is_array) names.push_back(o.name);
  }
  std::vector<std::vector<std::string>> rows{{"task"}};
  for (const auto& name : study.points().names()) rows[0].push_back(name);
  for (const auto& name : names) rows[0].push_back(name);
  rows[0].push_back("status");
  for (std::size_t i = 0; i < n; ++i) {
    if (n > most_rows && i == most_rows / 2) {
      rows.push_back({"..."});
      i = n - most_rows / 2;
    }
    std::vector<std::string> row{std::to_string(i)};
    for (const auto& [name, value] : study.points().at(i)) row.push_back(value_text(value));
    const plan::Outcome outcome = run::outcome_of(study, store, i);
    for (const auto& name : names) {
      const auto it = std::find_if(outcome.observables.begin(), outcome.observables.end(),
                                   [&](const auto& o) { return o.first == name; });
      row.push_back(it == outcome.observables.end() ? "-" : cell(it->second));
    }
    std::string status(plan::name_of(outcome.status));
    if (outcome.status == plan::Status::duplicate) status += " of " + std::to_string(outcome.duplicate_of);
    if (outcome.status != plan::Status::ok && !outcome.message.empty())
      status += ": " + outcome.message.substr(0, outcome.message.find('\n'));
    row.push_back(status);
    rows.push_back(std::move(row));
  }
  return join_table(rows);
}

Json results_document(const std::string& kind, const run::Study& study, const run::ResultStore& store,
                      const run::Report& report, const Console&) {
  Json document = {{"schema", "assay/" + kind + "/v1"},
                   {"tool", {{"name", "assay"}, {"version", std::string(version())}}}};
  document["config"] = study.config();
  document["config_sha256"] = study.config_sha256();
  document["engine"] = {{"requested", report.engine.requested},
                        {"used", report.engine.used},
                        {"threads", report.engine.threads},
                        {"reason", report.engine.reason},
                        {"fell_back", report.engine.fell_back}};
  Json observables = Json::object();
  for (const auto& o : study.workload().observables())
    observables[o.name] = {{"unit", o.unit}, {"class", o.tolerance}};
  document["observables"] = observables;
  Json results = Json::array();
  for (std::size_t i = 0; i < study.points().size(); ++i) {
    const plan::Outcome outcome = run::outcome_of(study, store, i);
    Json point = Json::object(), values = Json::object();
    for (const auto& [name, value] : study.points().at(i))
      std::visit([&, key = name](const auto& v) { point[key] = v; }, value);
    for (const auto& [name, value] : outcome.observables) values[name] = value_json(value);
    Json row = {{"index", i}, {"point", point}, {"status", std::string(plan::name_of(outcome.status))}};
    if (outcome.status == plan::Status::duplicate) row["of"] = outcome.duplicate_of;
    row["observables"] = values;
    if (!outcome.message.empty()) row["message"] = outcome.message;
    if (!outcome.engine.empty()) row["engine"] = outcome.engine;
    results.push_back(std::move(row));
  }
  document["results"] = std::move(results);
  return document;
}

Exit exit_of(const run::Report& report, int signal) {
  if (signal != 0 && !report.complete) return static_cast<Exit>(128 + signal);
  if (report.tally.not_ok() > 0 || !report.complete) return Exit::workload_failed;
  return Exit::ok;
}

}  // namespace assay::commands
