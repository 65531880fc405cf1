// assay scan and assay run: evaluate a workload over axes, or at one point.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/on_ranks.hpp"
#include "commands/study_options.hpp"
#include "commands/submission.hpp"
#include "core/interrupt.hpp"

namespace assay::commands {
namespace {

struct ScanOptions : StudyOptions {};
struct RunOptions : StudyOptions {};

Exit execute_study(const StudyOptions& o, run::Scope scope, const std::string& kind, Console& io) {
  const run::Study study = make_study(o, scope);
  const auto columns = shown_observables(study, o.show);
  if (const auto exit = prepare_submission(study, o, io)) return *exit;
  if (const auto exit = run_on_ranks(study, io)) return *exit;
  const InterruptGuard interrupt;
  run::Output output(study, output_request(kind, o, io));
  const auto shared = shared_results(study, o, io);
  if (!output.note().empty()) io.note(output.note());
  const run::Report report =
      run::execute(study, output.store(), execute_options(o, output, io, interrupt.token(), shared.get()));
  constexpr std::size_t kRowsShown = 60;
  if (io.json) {
    output.print(io.out, report, {});
  } else {
    io.out << results_table(study, output.store(), columns, kRowsShown);
  }
  finish_study(study, output, report, {}, o, io);
  return exit_of(report, o, interrupt.signal());
}

Exit run_scan(const ScanOptions& o, Console& io) {
  return execute_study(o, run::Scope::scan, "scan", io);
}
Exit run_point(const RunOptions& o, Console& io) {
  return execute_study(o, run::Scope::one_point, "run", io);
}

}  // namespace

namespace {

void add_show(Verb& app, StudyOptions& o) {
  app.option("--show", o.show, "observables of the table, separated by commas; all by default")
      .separated(',')
      .group("Output");
}

}  // namespace

void add_scan(Cli& cli) {
  auto [app, o] = cli.add<ScanOptions>("scan", "Evaluate a workload over a range of parameters", run_scan);
  o.overrides.command = cli.tail;
  add_study_options(app, o, Axes::allowed, Running::yes);
  add_show(app, o);
  app.footer("Example:\n  assay scan examples/cyclone.toml --axis ky=0.1:0.6:6 --out runs/cyclone");
}

void add_run(Cli& cli) {
  auto [app, o] = cli.add<RunOptions>("run", "Evaluate a workload at one point", run_point);
  o.overrides.command = cli.tail;
  add_study_options(app, o, Axes::none, Running::yes);
  add_show(app, o);
  app.footer("Example:\n  assay run examples/cyclone.toml --set ky=0.3");
}

}  // namespace assay::commands
