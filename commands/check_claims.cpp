// assay check-claims: tie the statements of documents to their evidence, and find those that have none.
// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "claims/check.hpp"
#include "commands/all.hpp"
#include "commands/claims_actions.hpp"
#include "commands/report_formats.hpp"

namespace assay::commands {
namespace {

/// What was typed, nothing computed.
struct Options {
  claims::CheckOptions check;
  ClaimActions actions;
  std::string explain;
  std::string format = "text";
};

Exit explain_claim(const Options& o, const claims::CheckReport& report, Console& io) {
  const auto text = report.basis ? claims::explain_claim(report, o.explain) : std::string();
  if (text.empty())
    throw UserError("the ledger has no claim \"" + o.explain + "\"", "assay check-claims --list PATH shows it");
  io.out << text;
  return claims::exit_of(report, o.check);
}

void print(const Options& o, const claims::CheckReport& report, Console& io) {
  if (io.json)
    io.print_json(document("check-claims", claims::to_json(report, o.check)));
  else if (o.format != "text")
    print_report(claims::to_report(report), o.format, io);
  else if (!io.quiet)
    io.out << claims::to_text(report, o.check);
}

Exit run(const Options& o, Console& io) {
  if (const auto done = run_action(o.actions, o.check, io)) return *done;
  const bool one_place =
      !o.explain.empty() && (o.check.paths.empty() || o.explain.find(':') != std::string::npos);
  if (one_place) {
    const auto [file, line] = file_and_line(o.explain, "--explain");
    io.out << claims::explain(file, line, o.check.rule_files);
    return Exit::ok;
  }
  if (o.check.paths.empty())
    throw UserError("check-claims expects documents or folders", "assay check-claims docs README.md");
  auto check = o.check;
  check.reasons = io.json;
  check.fingerprints = io.json || o.format != "text";
  const auto report = claims::check(check);
  if (!o.explain.empty()) return explain_claim(o, report, io);
  print(o, report, io);
  if (report.found == 0) io.note("no documents were found: nothing was checked");
  return claims::exit_of(report, o.check);
}

void add_action_flags(Verb& app, ClaimActions& a) {
  app.flag("--fix", a.fix, "rewrite the digits of bound figures, and generated tables, from the evidence")
      .group("Actions");
  app.flag("--dry-run", a.dry_run, "print what --fix would change as a diff, and change nothing")
      .group("Actions");
  app.flag("--init", a.init, "begin: propose a ledger, write a baseline, name the most dangerous statements")
      .group("Actions");
  app.option("--bind", a.bind, "FILE:LINE: tie the statement there to a value; asks which").group("Actions");
  app.option("--source", a.source, "with --bind: the value, as the ledger writes it, instead of asking")
      .group("Actions");
  app.option("--id", a.id, "with --bind: the id of the claim").group("Actions");
  app.option("--restamp", a.restamp,
             "ID or \"all\": accept evidence and the files that it depends on as they are")
      .one_each()
      .group("Actions");
  app.option("--impact", a.impact, "a file or folder: list the sentences that hang on it; repeatable")
      .one_each()
      .group("Actions");
  app.flag("--write-baseline", a.write_baseline, "write the statements without evidence as they are now")
      .group("Actions");
  app.flag("--prune-baseline", a.prune_baseline, "take out of the baseline what is gone").group("Actions");
}

}  // namespace

void add_check_claims(Cli& cli) {
  auto [app, o] = cli.add<Options>(
      "check-claims", "Tie the statements of documents to their evidence; find those without", run);
  app.option("paths", o.check.paths, "documents, or folders that are searched for them");
  app.flag("--strict", o.check.strict, "show doubtful claims and notes too, and fail on them");
  app.flag("--list", o.check.list,
           "show the ledger with states, and scoped statements (negated, planned, of others, ...)");
  app.option("--rules", o.check.rule_files, "a rule pack (TOML) to add to the built-in ones; repeatable")
      .one_each();
  app.option("--ledger", o.check.ledger, "the ledger; by default the nearest claims.toml, here or above");
  app.flag("--no-ledger", o.check.no_ledger, "only find claims, bind none");
  app.option("--baseline", o.check.baseline,
             "findings that are known; by default claims-baseline.json beside the ledger");
  app.option("--max-baseline", o.check.max_baseline, "fail when the baseline has more entries");
  app.option("--since", o.check.since, "a commit: only sentences and evidence that changed since then count");
  app.option("--explain", o.explain,
             "FILE:LINE: the words, rules and weights that decided there; with paths, the id of a claim");
  app.option("--format", o.format, "text, sarif, junit or github (annotations, and the step summary)")
      .one_of({"text", "sarif", "junit", "github"});
  app.option("--jobs", o.check.jobs, "files read at a time; one a core by default");
  add_action_flags(app, o.actions);
  app.footer(
      "Example:\n  assay check-claims README.md docs\n  assay check-claims --explain README.md:12\n"
      "  assay check-claims --since origin/main --format github .");
}

}  // namespace assay::commands
