// What every subcommand shares: the console (stdout for results, stderr for the rest), the list of
// subcommands, and the option groups that mean the same everywhere. A command is an Options struct, a run
// function and an add function.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "commands/verb.hpp"
#include "core/error.hpp"
#include "core/json.hpp"
#include "core/progress.hpp"

namespace assay::commands {

/// Where output goes. A test makes one that writes into strings.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool json = false;  ///< machine form on stdout, nothing else there
  bool quiet = false;
  bool verbose = false;
  bool colour = false;  ///< of stdout; NO_COLOR and --color decide
  bool err_is_terminal = false;
  std::vector<std::string> command_line;  ///< argv, for provenance

  /// For people: to stdout, left out under --json.
  void say(const std::string& text) const;
  /// To stderr: what a person may want to know; left out under --quiet.
  void note(const std::string& text) const;
  /// To stderr, only under --verbose.
  void detail(const std::string& text) const;
  void print_json(const Json& document) const;
  [[nodiscard]] Progress::Style progress_style() const;
  [[nodiscard]] std::string bold(const std::string& text) const;
};

class Cli {
 public:
  Cli(CLI::App& app, Console& console) : app_(app), console_(console) {}

  /// Registers a subcommand; `run` is called after parsing, with what was typed.
  template <class Options>
  std::pair<Verb, Options&> add(const std::string& name, const std::string& summary,
                                Exit (*run)(const Options&, Console&)) {
    auto options = std::make_shared<Options>();
    return {begin(name, summary, [this, options, run] { return run(*options, console_); }), *options};
  }
  [[nodiscard]] const std::function<Exit()>& selected() const { return selected_; }
  /// The tables of all subcommands, for the two that write them out (option_table.hpp).
  [[nodiscard]] CLI::App& app() const { return app_; }
  /// What stands after `--`: the user's own program.
  std::vector<std::string> tail;

 private:
  Verb begin(const std::string& name, const std::string& summary, std::function<Exit()> run);
  void add_output_flags(Verb& verb);
  CLI::App& app_;
  Console& console_;
  std::function<Exit()> selected_;
};

/// The subcommand that was typed, alone: the options of all the others would take a millisecond of every start.
/// All of them, in the order that --help shows, where `typed` is none or one that needs them (all.cpp).
void add_commands(Cli& cli, std::string_view typed);

/// Parses and runs; the whole of main but the streams. Never throws.
int run_main(std::vector<std::string> arguments, Console& console);

/// A document of the machine form: schema assay/KIND/v1 and the tool first, then the members.
Json document(const std::string& kind, const Json& members);

}  // namespace assay::commands
