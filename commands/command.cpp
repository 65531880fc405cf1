#include "commands/command.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "commands/help.hpp"
#include "core/suggest.hpp"
#include "core/version.hpp"
#include "evidence/provenance.hpp"

namespace assay::commands {

void Console::say(const std::string& text) const {
  if (!json) out << text << '\n';
}
void Console::note(const std::string& text) const {
  if (!quiet) err << text << '\n';
}
void Console::detail(const std::string& text) const {
  if (verbose) err << text << '\n';
}
void Console::print_json(const Json& document) const {
  out << to_text(document) << '\n';
}
Progress::Style Console::progress_style() const {
  if (quiet) return Progress::Style::none;
  return err_is_terminal ? Progress::Style::bar : Progress::Style::lines;
}
std::string Console::bold(const std::string& text) const {
  return colour ? "\033[1m" + text + "\033[0m" : text;
}

Json document(const std::string& kind, const Json& members) {
  Json whole = {{"schema", "assay/" + kind + "/v1"}, {"tool", evidence::tool_json()}};
  whole.update(members);
  return whole;
}

Verb Cli::begin(const std::string& name, const std::string& summary, std::function<Exit()> run) {
  CLI::App* sub = app_.add_subcommand(name, summary);
  sub->callback([this, run = std::move(run)] { selected_ = run; });
  Verb verb(*sub);
  add_output_flags(verb);
  return verb;
}

void Cli::add_output_flags(Verb& verb) {
  verb.flag("--json", console_.json, "print the machine form on stdout and nothing else there").group("Output");
  verb.flag("-q,--quiet", console_.quiet, "no progress and no notes on stderr").group("Output");
  verb.flag("-v,--verbose", console_.verbose, "more on stderr").group("Output");
  verb.on_value(
          "--color",
          [this](const std::string& when) {
            console_.colour = when == "always" || (when == "auto" && console_.colour);
          },
          "colour on stdout: auto, always or never")
      .one_of({"auto", "always", "never"})
      .group("Output");
}

namespace {

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// A parse error in the one form: what, expected (with the nearest name), what to do.
Problem problem_of(const CLI::ParseError& e, const CLI::App& app, const std::vector<std::string>& arguments) {
  const auto chosen = app.get_subcommands();
  const CLI::App& scope = chosen.empty() ? app : *chosen.front();
  const std::string help = chosen.empty() ? "assay --help" : "assay " + scope.get_name() + " --help";
  Problem problem{.what = e.what(), .hint = "see " + help};
  if (dynamic_cast<const CLI::ExtrasError*>(&e) == nullptr &&
      dynamic_cast<const CLI::RequiredError*>(&e) == nullptr)
    return problem;
  std::vector<std::string> commands;
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    commands.push_back(sub->get_name());
  if (chosen.empty()) {
    const auto word = std::find_if(arguments.begin(), arguments.end(),
                                   [](const std::string& a) { return !a.empty() && a.front() != '-'; });
    if (word == arguments.end()) {
      const bool flag = !arguments.empty();
      problem.what = flag ? "unexpected \"" + arguments.front() + "\"" : "no command";
      problem.expected = flag ? one_of(arguments.front(), flags_of(app)) : one_of("", commands);
      return problem;
    }
    problem.what = "no command \"" + *word + "\"";
    problem.expected = one_of(*word, commands);
    return problem;
  }
  const auto extras = scope.remaining();
  if (extras.empty()) return problem;
  problem.what = "unexpected \"" + extras.front() + "\"";
  if (extras.front().front() == '-')
    problem.expected = one_of(extras.front().substr(0, extras.front().find('=')), flags_of(scope));
  return problem;
}

int report(const Console& console, const Problem& problem, Exit code) {
  if (console.json) {
    Json error = {{"message", problem.what}};
    if (!problem.where.file.empty()) {
      error["file"] = problem.where.file;
      if (problem.where.line > 0) error["line"] = problem.where.line;
      if (problem.where.column > 0) error["column"] = problem.where.column;
    }
    if (!problem.expected.empty()) error["expected"] = problem.expected;
    if (!problem.found.empty()) error["found"] = problem.found;
    if (!problem.hint.empty()) error["hint"] = problem.hint;
    console.print_json(document("error", {{"exit_code", static_cast<int>(code)}, {"error", error}}));
  }
  console.err << "error: " << render(problem) << '\n';
  return static_cast<int>(code);
}

Problem bug(const std::exception& e) {
  return {.what = std::string("bug in assay: ") + e.what(),
          .hint = "please report it with the command line and the config"};
}

}  // namespace

int run_main(std::vector<std::string> arguments, Console& console) {
  CLI::App app(
      "Runs parallel scientific work, proves that it equals the serial floor, measures\n"
      "it honestly, and lets no document claim more than the evidence on disk.",
      "assay");
  app.set_version_flag("--version", "assay " + std::string(version()));
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  app.footer(
      "Example:\n  assay scan examples/cyclone.toml --axis ky=0.1:0.6:6 --out runs/cyclone\n\n"
      "Exit codes: 0 holds, 1 the evidence says no, 2 usage, 3 environment,\n"
      "4 inconclusive, 5 the workload failed, 6 the gate is unfit, 70 a bug in assay,\n"
      "128+n ended by signal n.");
  Cli cli(app, console);
  if (const auto dashes = std::find(arguments.begin(), arguments.end(), "--"); dashes != arguments.end()) {
    cli.tail.assign(dashes + 1, arguments.end());
    arguments.erase(dashes, arguments.end());
  }
  add_commands(cli, arguments.empty() ? std::string_view() : arguments.front());
  // Machine callers get their machine form even when the command line itself is wrong.
  const bool wants_json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
    return static_cast<int>(cli.selected()());
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    // `assay scna --help` is a slip, not a request for the general help.
    if (chosen.empty() && !arguments.empty() && arguments.front().front() != '-') {
      return report(console, problem_of(CLI::ExtrasError({arguments.front()}), app, arguments), Exit::usage);
    }
    console.out << (chosen.empty() ? app.help() : chosen.front()->help("assay"));
    return 0;
  } catch (const CLI::CallForVersion&) {
    console.out << "assay " << version() << '\n';
    return 0;
  } catch (const CLI::ParseError& e) {
    console.json = wants_json;
    return report(console, problem_of(e, app, arguments), Exit::usage);
  } catch (const Error& e) {
    return report(console, e.problem(), e.code());
  } catch (const std::filesystem::filesystem_error& e) {
    return report(console,
                  {.what = "cannot use " + e.path1().string() + ": " + e.code().message(),
                   .hint = "check the path, its permissions and the links on the way"},
                  Exit::environment);
  } catch (const std::bad_alloc&) {
    return report(console, {.what = "out of memory", .hint = "assay plan says what a run needs"},
                  Exit::environment);
  } catch (const std::system_error& e) {
    const bool short_of_threads = e.code() == std::errc::resource_unavailable_try_again;
    if (!short_of_threads) return report(console, bug(e), Exit::bug);
    return report(
        console,
        {.what = "no thread can be started: " + e.code().message(),
         .hint = "what is done is kept; raise the limit of processes (ulimit -u) or ask for fewer --threads "
                 "and --jobs"},
        Exit::environment);
  } catch (const std::exception& e) {
    return report(console, bug(e), Exit::bug);
  }
}

}  // namespace assay::commands
