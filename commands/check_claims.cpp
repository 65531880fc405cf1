// assay check-claims: find the statements of documents that no evidence stands behind.
// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

#include "claims/check.hpp"
#include "claims/fix.hpp"
#include "commands/all.hpp"

namespace assay::commands {
namespace {

/// What was typed, nothing computed.
struct Options {
  claims::CheckOptions check;
  std::string explain;
  bool fix = false, dry_run = false;
};

// "file:line", as the findings print it (a column after it is allowed).
Exit explain(const Options& o, Console& io) {
  const auto bad = [&] {
    return UserError("--explain expects FILE:LINE, found \"" + o.explain + "\"",
                     "copy the place from a finding");
  };
  auto parts = o.explain;
  std::uint32_t number = 0;
  for (int tries = 0; tries < 2; ++tries) {
    const auto colon = parts.rfind(':');
    if (colon == std::string::npos) throw bad();
    const auto digits = parts.substr(colon + 1);
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.empty() || result.ec != std::errc{} || result.ptr != digits.data() + digits.size()) throw bad();
    parts.resize(colon);
    const auto before = parts.rfind(':');
    const bool column =
        before != std::string::npos && parts.find_first_not_of("0123456789", before + 1) == std::string::npos;
    if (!column) break;
  }
  io.out << claims::explain(parts, number, o.check.rule_files);
  return Exit::ok;
}

Exit explain_claim(const Options& o, const claims::CheckReport& report, Console& io) {
  const auto text = report.basis ? claims::explain_claim(report, o.explain) : std::string();
  if (text.empty())
    throw UserError("the ledger has no claim \"" + o.explain + "\"", "assay check-claims --list PATH shows it");
  io.out << text;
  return claims::exit_of(report, o.check);
}

// Whether files were written.
bool repair(const Options& o, const claims::CheckReport& report, Console& io) {
  const auto mode = o.dry_run ? claims::FixMode::dry_run : claims::FixMode::write;
  const auto repairs = claims::fix(report, mode);
  for (const auto& r : repairs) {
    if (o.dry_run)
      io.out << r.diff;
    else if (!r.refused.empty())
      io.err << "error: " << r.file << " was left alone: " << r.refused << '\n';
    else
      io.note(r.file + ": " + std::to_string(r.edits) + " figures or tables rewritten");
  }
  if (repairs.empty()) io.note("nothing that --fix could rewrite");
  return !o.dry_run;
}

Exit run(const Options& o, Console& io) {
  const bool one_place =
      !o.explain.empty() && (o.check.paths.empty() || o.explain.find(':') != std::string::npos);
  if (one_place) return explain(o, io);
  if (o.check.paths.empty())
    throw UserError("check-claims expects documents or folders", "assay check-claims docs README.md");
  auto report = claims::check(o.check);
  if (!o.explain.empty()) return explain_claim(o, report, io);
  if (o.fix || o.dry_run) {
    if (!repair(o, report, io)) return claims::exit_of(report, o.check);
    report = claims::check(o.check);
  }
  if (io.json)
    io.print_json(document("check-claims", claims::to_json(report, o.check)));
  else if (!io.quiet)
    io.out << claims::to_text(report, o.check);
  if (report.files.empty()) {
    io.note("no documents were found: nothing was checked");
    return Exit::inconclusive;
  }
  return claims::exit_of(report, o.check);
}

}  // namespace

void add_check_claims(Cli& cli) {
  auto [app, o] =
      cli.add<Options>("check-claims", "Find the claims of documents that no evidence stands behind", run);
  app.add_option("paths", o.check.paths, "documents, or folders that are searched for them");
  app.add_flag("--strict", o.check.strict, "show doubtful claims too");
  app.add_flag("--list", o.check.list,
               "show scoped statements too (negated, planned, conditional, of others, historical)");
  app.add_option("--rules", o.check.rule_files, "a rule pack (TOML) to add to the built-in ones; repeatable")
      ->allow_extra_args(false);
  app.add_option("--explain", o.explain,
                 "FILE:LINE: the words, rules and weights that decided there; with paths, the id of a claim: "
                 "what supports it");
  app.add_option("--ledger", o.check.ledger, "the ledger; by default the nearest claims.toml, here or above");
  app.add_flag("--no-ledger", o.check.no_ledger, "only find claims, bind none");
  app.add_flag("--fix", o.fix, "rewrite the digits of bound figures, and generated tables, from the evidence");
  app.add_flag("--dry-run", o.dry_run, "print what --fix would change as a diff, and change nothing");
  app.add_option("--jobs", o.check.jobs, "files read at a time; one a core by default");
  app.footer("Example:\n  assay check-claims README.md docs\n  assay check-claims --explain README.md:12");
}

}  // namespace assay::commands
