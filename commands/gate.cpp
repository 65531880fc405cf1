// assay gate: is it the same? Two sides, named observables, the strongest level of identity that holds.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "core/version.hpp"
#include "gate/files.hpp"
#include "gate/report.hpp"

namespace assay::commands {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string level;
  std::string rules;
  std::string format = "auto";
  std::string nan = "fail";
  std::vector<std::string> ignore;
  bool nontrivial = false;
};

gate::Requirement requirement_of(const Options& o) {
  gate::Requirement r = gate::parse_level(o.level.empty() ? "bit" : o.level);
  r.must_be_nontrivial = o.nontrivial;
  if (o.nan == "equal") r.non_finite = gate::NonFinite::equal;
  if (o.nan == "forbidden") r.non_finite = gate::NonFinite::forbidden;
  return r;
}

Exit run(const Options& o, Console& io) {
  const gate::Requirement requirement = requirement_of(o);
  gate::Rules rules = o.rules.empty() ? gate::Rules(requirement) : gate::Rules::from_file(o.rules, requirement);
  for (const std::string& pattern : o.ignore) rules.ignore(pattern);
  const gate::GateReport report =
      gate::compare_files(o.files[0], o.files[1], std::move(rules), gate::parse_format(o.format));
  if (io.json) {
    io.print_json({{"schema", "assay/gate/v1"},
                   {"tool", {{"name", "assay"}, {"version", std::string(version())}}},
                   {"config",
                    {{"files", o.files},
                     {"level", gate::to_text(requirement)},
                     {"rules", o.rules},
                     {"format", o.format},
                     {"nan", o.nan},
                     {"ignore", o.ignore}}},
                   {"verdicts", Json::array({gate::to_json(report)})}});
  }
  io.say("A " + o.files[0] + "\nB " + o.files[1] + "\n" + gate::to_text(report, io.verbose));
  return gate::exit_of(report.verdict);
}

}  // namespace

void add_gate(Cli& cli) {
  auto [app, o] =
      cli.add<Options>("gate", "Prove that two results are the same, and say how much the same", run);
  app.add_option("--files", o.files, "the two files: A is the floor, B the candidate")
      ->type_name("A B")
      ->expected(2)
      ->required();
  app.add_option("--level", o.level,
                 "what must hold: byte, bit (default), value, ulp:K, scaled:K, tol:RTOL[,ATOL], norm[:TOL]")
      ->type_name("LEVEL");
  app.add_option("--rules", o.rules, "TOML with levels by column name, pointer or wildcard")->type_name("FILE");
  app.add_option("--format", o.format, "auto, csv, text, json, npy, or raw:f64 and other element types")
      ->type_name("FORMAT");
  app.add_option("--nan", o.nan, "fail (default), equal in the same place, or forbidden: infinities fail, too")
      ->check(one_of_check({"fail", "equal", "forbidden"}))
      ->type_name("RULE");
  app.add_option("--ignore", o.ignore, "column or pointer that is not compared (wildcards; repeatable)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_flag("--nontrivial", o.nontrivial, "fail where every value is zero on both sides");
  app.footer(
      "Example:\n  assay gate --files serial.csv threads.csv --level ulp:4\n\n"
      "Exit codes: 0 pass, 1 fail, 2 a file that cannot be read, 4 nothing was compared");
}

}  // namespace assay::commands
