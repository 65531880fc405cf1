// assay scan and assay run: evaluate a workload over axes, or at one point.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/study_options.hpp"
#include "core/interrupt.hpp"

namespace assay::commands {
namespace {

struct ScanOptions : StudyOptions {};
struct RunOptions : StudyOptions {};

Exit execute_study(const StudyOptions& o, run::Scope scope, const std::string& kind, Console& io) {
  const run::Study study = make_study(o, scope);
  const auto store = run::memory_store(study.points().size());
  const InterruptGuard interrupt;
  const run::Report report =
      run::execute(study, *store, {.stop = interrupt.token(), .style = io.progress_style(), .err = &io.err});
  constexpr std::size_t kRowsShown = 60;
  if (io.json) {
    io.print_json(results_document(kind, study, *store, report, io));
  } else {
    io.out << results_table(study, *store, kRowsShown);
  }
  io.note(fmt::format("{} tasks on {} ({}): {} ok, {} failed, {} unconverged, {} duplicates, {:.3g} s",
                      study.points().size(), report.engine.used, report.engine.reason, report.tally.ok,
                      report.tally.failed, report.tally.unconverged, report.tally.duplicate,
                      report.wall_seconds));
  return exit_of(report, interrupt.signal());
}

Exit run_scan(const ScanOptions& o, Console& io) {
  return execute_study(o, run::Scope::scan, "scan", io);
}
Exit run_point(const RunOptions& o, Console& io) {
  return execute_study(o, run::Scope::one_point, "run", io);
}

}  // namespace

void add_scan(Cli& cli) {
  auto [app, o] = cli.add<ScanOptions>("scan", "Evaluate a workload over a range of parameters", run_scan);
  add_study_options(app, o, Axes::allowed, Running::yes);
  app.footer("Example:\n  assay scan examples/cyclone.toml --axis ky=0.1:0.6:6 --out runs/cyclone");
}

void add_run(Cli& cli) {
  auto [app, o] = cli.add<RunOptions>("run", "Evaluate a workload at one point", run_point);
  add_study_options(app, o, Axes::none, Running::yes);
  app.footer("Example:\n  assay run examples/cyclone.toml --set ky=0.3");
}

}  // namespace assay::commands
