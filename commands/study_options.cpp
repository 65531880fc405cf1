#include "commands/study_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "commands/failure_text.hpp"
#include "commands/option_table.hpp"
#include "core/number.hpp"
#include "core/suggest.hpp"
#include "core/version.hpp"

namespace assay::commands {
namespace {

std::vector<std::string> engine_choices() {
  auto names = engine::names();
  names.insert(names.begin(), "auto");
  return names;
}

void add_failure_options(Verb& app, StudyOptions& o) {
  const char* group = "Tasks and failure";
  app.option("--task-time", o.overrides.task_time, "limit of one try of an external program: 30, 90s, 5m, 2h")
      .group(group);
  app.option("--run-time", o.overrides.run_time, "limit of the whole run; --resume continues it").group(group);
  app.option("--retries", o.overrides.retries, "more tries for an external program that fails (default: 0)")
      .group(group);
  app.option("--max-fails", o.overrides.max_fails, "begin no new task when more than N have failed")
      .group(group);
  app.option("--only", o.select.only, "17 or 3,5-9: run these tasks alone, also when they are done")
      .group(group);
  app.option("--rerun", o.select.rerun,
             "failed, unconverged, all or \"where EXPRESSION\": finished tasks of --out to run again")
      .group(group);
  app.option("--recheck", o.select.recheck,
             "2% or 50: run so many finished tasks of --out again, on another engine, and require the same; "
             "nothing is replaced")
      .group(group);
  app.option("--keep", o.overrides.keep, "which task folders stay: failed (default), all or none").group(group);
  app.option("--sample", o.select.sample, "2% or 50: run only so many tasks, chosen by chance").group(group);
  app.flag("--shuffle", o.select.shuffle, "begin the tasks in random order; results stand in task order")
      .group(group);
}

}  // namespace

void add_study_options(Verb& app, StudyOptions& o, Axes axes, Running running) {
  app.option("config", o.config, "TOML config, or an artifact whose config is run again");
  app.option("--workload", o.workload, "a workload at its defaults, instead of a config")
      .offer(workload::names());
  app.option("--set", o.overrides.set, "override one config key: key=value; repeatable")
      .group("Parameters")
      .one_each();
  app.option("--observe", o.overrides.observe,
             "name=regex:PATTERN | name=json:/POINTER | name=csv:COLUMN | name=exit_code: what is read from "
             "the program after --; repeatable")
      .group("Parameters")
      .one_each();
  if (axes == Axes::allowed) {
    app.option("--axis", o.overrides.axes,
               "name=0.1,0.2,0.4 | name=1:1000 | name=0.1:0.6:6 | name=log:1e-3:1:7; repeatable, product "
               "by default; replaces the axes of the config")
        .group("Parameters")
        .one_each();
    app.option("--zip", o.overrides.zip, "a,b: axes that move together; repeatable")
        .group("Parameters")
        .one_each();
    app.option("--points", o.overrides.points_file, "CSV file of points, header = parameter names")
        .group("Parameters");
  }
  app.option("--engine", o.overrides.engine, "auto, serial, tbb, cuda, process, workers, mpi or slurm")
      .offer(engine_choices())
      .group("Engine");
  app.option("--threads", o.overrides.threads, "compute threads (default: what affinity and cgroup allow)")
      .group("Engine");
  app.option("--jobs", o.overrides.jobs,
             "external programs at a time (default: one a core that this process may use)")
      .group("Engine");
  app.option(
         "--workers", o.overrides.workers,
         "worker processes of engine workers (default: one a core that this process may use), or jobs of slurm")
      .group("Engine");
  app.option("--spool", o.overrides.spool,
             "engine workers starts none, and waits for those that are: assay worker --spool FOLDER")
      .group("Engine");
  app.option("--ranks", o.overrides.ranks,
             "MPI ranks of engine mpi, which starts mpirun itself; the first rank gives out the work")
      .group("Engine");
  app.option("--slots", o.overrides.slots, "engine slurm: tasks at a time in each worker, and its CPUs")
      .group("Engine");
  app.option("--walltime", o.overrides.walltime,
             "engine slurm: of each job, 50m or 2h; submitted again while work is left (default: 1h)")
      .group("Engine");
  app.option("--partition", o.overrides.partition, "engine slurm: where (default: the cluster's default)")
      .group("Engine");
  app.option("--template", o.overrides.job_template,
             "engine slurm: batch script of your site, with {options} and {worker} where assay fills in")
      .group("Engine");
  app.flag("--survive", o.overrides.survive, "engine mpi goes on with the other ranks when one dies")
      .group("Engine");
  app.option("--batch", o.overrides.batch, "tasks that a worker takes at a time").group("Engine");
  app.flag("--solve-duplicates", o.overrides.solve_duplicates,
           "solve points with equal resolved inputs each, to time them, instead of once")
      .group("Engine");
  app.flag("--fallback", o.overrides.fallback,
           "run on another engine when the one asked for is not usable, and record it")
      .group("Engine");
  if (running == Running::yes) {
    app.flag("--dry-run", o.dry_run, "engine slurm: print the batch script, and submit nothing")
        .group("Engine");
    add_failure_options(app, o);
    app.option("--out", o.out, "output folder: journal, artifact, CSV").group("Output");
    app.flag("--resume", o.resume, "continue what --out holds").group("Output");
    app.option("--cache", o.cache,
               "folder of results by what they depend on, shared between runs: taken from and added to")
        .group("Output");
    app.flag("--explain", o.explain, "say why tasks are run, again or at all").group("Output");
    app.flag("--overwrite", o.overwrite, "throw away what --out holds").group("Output");
  }
}

run::Study make_study(const StudyOptions& o, run::Scope scope) {
  const bool command = !o.overrides.command.empty();
  if (o.config.empty() && o.workload.empty() && !command) {
    throw UserError(
        "no config, no --workload and no program after --",
        "examples: assay scan examples/cyclone.toml; assay scan --axis x=1:10 -- ./sim --x {x}; assay "
        "init writes a config");
  }
  if (!o.workload.empty() && (!o.config.empty() || command)) {
    throw UserError(command ? "a program after -- and --workload together" : "a config and --workload together",
                    "leave --workload out");
  }
  Config config = !o.config.empty()     ? Config::from_file(o.config)
                  : !o.workload.empty() ? Config::from_text("", "--workload " + o.workload)
                                        : Config::from_text("", "the command line");
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

std::vector<std::string> shown_observables(const run::Study& study, const std::vector<std::string>& show) {
  std::vector<std::string> names;
  for (const auto& o : study.workload().observables()) {
    if (!o.is_array) names.push_back(o.name);
  }
  for (const auto& name : show) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw UserError(
          Problem{.what = "--show: no scalar observable \"" + name + "\"", .expected = one_of(name, names)});
    }
  }
  return show.empty() ? names : show;
}

std::string results_table(const run::Study& study, const run::ResultStore& store,
                          const std::vector<std::string>& names, std::size_t most_rows) {
  const std::size_t n = study.points().size();
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

run::ExecuteOptions execute_options(const StudyOptions& o, const run::Output& output, const Console& console,
                                    std::stop_token stop, run::SharedResults* shared) {
  std::function<void(const std::string&)> explain;
  if (o.explain) explain = [&console](const std::string& text) { console.note(text); };
  return {.stop = std::move(stop),
          .select = o.select,
          .explain = std::move(explain),
          .tell = [&console](const std::string& text) { console.note(text); },
          .record = &output.record_before(),
          .shared = shared,
          .folder = o.out.empty() ? std::filesystem::path() : std::filesystem::absolute(o.out),
          .style = console.progress_style(),
          .err = &console.err};
}

run::OutputRequest output_request(const std::string& kind, const StudyOptions& o, const Console& console) {
  return {.kind = kind,
          .folder = o.out,
          .resume = o.resume || !o.select.rerun.empty() || !o.select.recheck.empty() ||
                    (!o.select.only.empty() && !o.out.empty() && !o.overwrite),
          .overwrite = o.overwrite,
          .command_line = console.command_line,
          .config_folder = o.config.empty() ? "." : std::filesystem::absolute(o.config).parent_path()};
}

std::unique_ptr<run::SharedResults> shared_results(const run::Study& study, const StudyOptions& o,
                                                   const Console& io) {
  if (o.cache.empty()) return nullptr;
  auto shared = std::make_unique<run::SharedResults>(study, o.cache);
  if (!shared->note().empty()) io.note(shared->note());
  return shared;
}

void finish_study(const run::Study& study, run::Output& output, const run::Report& report, const Json& summary,
                  const StudyOptions& o, const Console& io) {
  for (const auto& file : output.write(report, summary)) io.note("wrote " + file.path.string());
  const run::Tally& t = report.tally;
  io.note(fmt::format("{} tasks on {} ({}): {} ok, {} failed, {} unconverged, {} duplicates, {:.3g} s",
                      study.points().size(), report.engine.used, report.engine.reason, t.ok, t.failed,
                      t.unconverged, t.duplicate, report.wall_seconds));
  if (report.reused > 0) io.note(fmt::format("{} tasks were taken from {}", report.reused, o.cache));
  if (!o.select.recheck.empty()) {
    for (const auto& line : report.differences) io.note(line);
    io.note(fmt::format("{} tasks were run again on {}: {} differences", report.rechecked, report.engine.used,
                        report.differences.size()));
  }
  if (report.failure) io.note(failure_text(study, *report.failure, report.failed_now, io.command_line));
  const std::size_t failed_before =
      t.failed + t.unconverged - std::min(t.failed + t.unconverged, report.failed_now);
  if (failed_before > 0 && !o.out.empty())
    io.note(fmt::format("{} tasks failed in an earlier run and were not tried again: --rerun failed",
                        failed_before));
  if (report.complete || report.executed == report.selected) return;
  io.note(fmt::format("{}: {} of {} tasks are done{}",
                      report.ended_by.empty() ? "interrupted" : "ended early, as " + report.ended_by,
                      t.ok + t.not_ok(), study.unique_tasks(),
                      o.out.empty() ? "" : "; continue with --out " + shell_quoted(o.out) + " --resume"));
}

Exit exit_of(const run::Report& report, const StudyOptions& o, int signal) {
  const bool ended_early = report.executed < report.selected;
  if (signal != 0 && ended_early) return static_cast<Exit>(128 + signal);
  if (!report.differences.empty()) return Exit::evidence_no;
  if (!o.select.recheck.empty() && report.rechecked == 0) return Exit::inconclusive;
  const std::size_t not_ok = o.select.only.empty() ? report.tally.not_ok() : report.failed_now;
  return not_ok > 0 || ended_early ? Exit::workload_failed : Exit::ok;
}

}  // namespace assay::commands
