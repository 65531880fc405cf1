// assay ensemble: sample uncertain inputs, evaluate every member, and say how the results are distributed.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "commands/all.hpp"
#include "commands/on_ranks.hpp"
#include "commands/study_options.hpp"
#include "commands/submission.hpp"
#include "core/atomic_file.hpp"
#include "core/interrupt.hpp"
#include "core/number.hpp"
#include "run/ensemble.hpp"

namespace assay::commands {
namespace {

struct EnsembleOptions : StudyOptions {
  std::optional<std::int64_t> samples, seed;
  std::string sampling;
  std::vector<std::string> inputs;
  bool sensitivities = false;
  std::string table;
};

/// Flags become config keys, so that they are checked, recorded and reproduced like the rest.
void apply_flags(EnsembleOptions& o) {
  auto& settings = o.overrides.settings;
  if (o.samples) settings.push_back({"ensemble.samples", Value(*o.samples), "--samples"});
  if (o.seed) settings.push_back({"ensemble.seed", Value(*o.seed), "--seed"});
  if (!o.sampling.empty()) settings.push_back({"ensemble.sampling", Value(o.sampling), "--sampling"});
  if (o.sensitivities) settings.push_back({"ensemble.sensitivities", Value(true), "--sensitivities"});
  for (const auto& input : o.inputs) {
    const auto equals = input.find('=');
    if (equals == std::string::npos || equals == 0 || input.find(':', equals) == std::string::npos) {
      throw UserError(
          "--input " + input + ": no name=distribution here",
          "example: --input \"a_LT=normal:2.49,0.25\"; assay ensemble --help lists the distributions");
    }
    settings.push_back(
        {"ensemble.inputs." + input.substr(0, equals), Value(input.substr(equals + 1)), "--input " + input});
  }
}

/// As many digits as the error gives meaning to: two of its own.
std::string with_error(const run::Estimate& e) {
  const double magnitude = std::floor(std::log10(e.standard_error));
  if (!(std::fabs(magnitude) < 6.0 && std::fabs(e.value) < 1e7))
    return fmt::format("{:.5g} +- {:.2g}", e.value, e.standard_error);
  const int decimals = std::max(0, 1 - static_cast<int>(magnitude));
  return fmt::format("{:.{}f} +- {:.{}f}", e.value, decimals, e.standard_error, decimals);
}

std::string place_of(const run::Group& group) {
  if (group.reduced) return "reductions";
  std::string text;
  for (const auto& [name, value] : group.point)
    text += (text.empty() ? "" : ", ") + name + " = " + value_text(value);
  return text.empty() ? "results" : text;
}

void say_table(const std::vector<std::vector<std::string>>& rows, const Console& io) {
  std::string text = join_table(rows);
  text.pop_back();  // say() ends the line
  io.say(text);
}

std::string left_out(const run::Excluded& e) {
  if (e.total() == 0) return "";
  return fmt::format(", {} left out: {} failed, {} unconverged, {} not run, {} not finite", e.total(), e.failed,
                     e.unconverged, e.not_run, e.not_finite);
}

/// How much each input matters: its shares of the variance, or else its correlation with each quantity.
void say_inputs(const run::Group& group, const run::EnsembleSpec& spec, const Console& io) {
  std::vector<std::vector<std::string>> rows{{"quantity", "input", "correlation"}};
  if (spec.design.sensitivities) rows[0] = {"quantity", "input", "first order", "total"};
  for (const auto& quantity : group.quantities) {
    for (std::size_t j = 0; j < quantity.sensitivities.size(); ++j) {
      rows.push_back({quantity.name, spec.design.inputs[j].name,
                      with_error(quantity.sensitivities[j].first_order),
                      with_error(quantity.sensitivities[j].total)});
    }
    for (const auto& [input, value] : quantity.input_correlation) {
      if (!spec.design.sensitivities) rows.push_back({quantity.name, input, fmt::format("{:.3f}", value)});
    }
  }
  if (rows.size() == 1) return;
  io.say("");
  say_table(rows, io);
}

void say_group(const run::Group& group, const run::EnsembleSpec& spec, const Console& io) {
  io.say(io.bold(place_of(group)) + fmt::format(" ({} members{})", group.used, left_out(group.excluded)));
  if (group.covariance.empty()) {
    io.say("fewer than two members: no statistics\n");
    return;
  }
  std::vector<std::vector<std::string>> rows{{"quantity", "mean", "sd"}};
  for (const double p : spec.quantiles) rows[0].push_back("q" + number_text(p));
  for (const auto& quantity : group.quantities) {
    rows.push_back({quantity.name, with_error(quantity.column.mean),
                    fmt::format("{:.4g}", std::sqrt(quantity.column.variance.value))});
    for (const auto& q : quantity.column.quantiles) rows.back().push_back(with_error(q));
  }
  say_table(rows, io);
  say_inputs(group, spec, io);
  io.say("");
}

void say_conditions(const run::EnsembleResult& result, const Console& io) {
  for (const auto& group : result.groups) {
    for (const auto& condition : group.conditions) {
      if (!condition.holds)
        io.note(fmt::format("{}: does not hold: {} (found {})", place_of(group), condition.name,
                            number_text(condition.value)));
    }
  }
}

Exit run(const EnsembleOptions& typed, Console& io) {
  EnsembleOptions o = typed;
  apply_flags(o);
  const run::Study study = make_study(o, run::Scope::ensemble);
  if (const auto exit = prepare_submission(study, o, io)) return *exit;
  if (const auto exit = run_on_ranks(study, io)) return *exit;
  const InterruptGuard interrupt;
  run::Output output(study, output_request("ensemble", o, io));
  const auto shared = shared_results(study, o, io);
  if (!output.note().empty()) io.note(output.note());
  const run::Report report =
      run::execute(study, output.store(), execute_options(o, output, io, interrupt.token(), shared.get()));
  const run::EnsembleResult result = run::ensemble_result(study, output.store());
  const Json summary = {{"statistics", run::ensemble_result_json(study, result)}};
  const run::EnsembleSpec& spec = *study.ensemble();
  if (!o.table.empty()) write_file_atomically(o.table, run::member_csv(study, result));
  if (io.json) {
    output.print(io.out, report, summary);
  } else {
    for (const auto& group : result.groups) say_group(group, spec, io);
    io.say(fmt::format("{} members, {} sampling, seed {}; +- is one standard error of independent members{}.",
                       spec.design.samples, plan::name_of(spec.design.sampling), spec.design.seed,
                       spec.design.sampling == plan::Sampling::random ? "" : ", which is conservative here"));
  }
  say_conditions(result, io);
  finish_study(study, output, report, summary, o, io);
  const Exit exit = exit_of(report, o, interrupt.signal());
  if (static_cast<int>(exit) > 128) return exit;
  return result.conclusive() ? exit : Exit::inconclusive;
}

}  // namespace

void add_ensemble(Cli& cli) {
  auto [app, o] = cli.add<EnsembleOptions>(
      "ensemble", "Evaluate a workload over uncertain inputs: statistics and sensitivities", run);
  o.overrides.command = cli.tail;
  add_study_options(app, o, Axes::allowed, Running::yes);
  app.option("--samples", o.samples, "members (default 64); powers of two suit Sobol sampling")
      .group("Ensemble");
  app.option("--seed", o.seed, "of the sampling (default 1)").group("Ensemble");
  app.option("--sampling", o.sampling, "sobol (default), latin-hypercube or random").group("Ensemble");
  app.option(
         "--input", o.inputs,
         "name=uniform:MIN,MAX | normal:MEAN,SD | truncated-normal:MEAN,SD,SIGMAS | "
         "truncated-normal:MEAN,SD,MIN,MAX | lognormal:MEDIAN,SIGMA | lognormal:MEDIAN,SIGMA,SIGMAS | "
         "discrete:V1,V2 | discrete:V1@W1,V2@W2; SD may be 10%; repeatable, replaces that input of the config")
      .group("Ensemble")
      .one_each();
  app.flag("--sensitivities", o.sensitivities,
           "first-order and total Sobol indices; runs samples x (inputs + 2) rows")
      .group("Ensemble");
  app.option("--table", o.table, "write the member table to this CSV file").group("Output");
  app.footer("Example:\n  assay ensemble examples/cyclone.toml --input \"a_LT=normal:2.49,10%\" --samples 64");
}

}  // namespace assay::commands
