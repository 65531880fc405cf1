// A subcommand's table of options, as a command writes it: names, where the value goes, what it means. The
// parser behind it (CLI11) is seen by verb.cpp, command.cpp, help.cpp and option_table.cpp alone: each source
// that instantiates it takes seconds to compile, and the commands are many.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace assay::commands {

/// One row of the table: what there is to say beyond name, target and meaning.
class OptionRef {
 public:
  explicit OptionRef(CLI::Option& option) : option_(&option) {}

  OptionRef& group(const std::string& heading);       ///< where --help lists it
  OptionRef& type_name(const std::string& name);      ///< what --help calls its value
  OptionRef& required();                              ///< it cannot be left out
  OptionRef& separated(char by);                      ///< 1,2,4 is three values
  OptionRef& one_each();                              ///< each use takes one value; it may be used again
  OptionRef& values(int least, int most);             ///< so many values in one use
  OptionRef& show_default();                          ///< --help prints the value that it has now
  OptionRef& range(int least, int most);              ///< both ends included
  OptionRef& range(double least, double most);        ///< both ends included
  OptionRef& one_of(std::vector<std::string> words);  ///< a wrong one is answered with the nearest
  /// Choices for completion and manual that parsing does not check: a wrong one is better answered later.
  OptionRef& offer(const std::vector<std::string>& words);

 private:
  CLI::Option* option_;
};

class Verb {
 public:
  explicit Verb(CLI::App& app) : app_(&app) {}

  /// `names`: "-o,--out", or a bare word for a positional. The target keeps its value where nothing is typed.
  OptionRef option(const std::string& names, std::string& value, const std::string& meaning);
  OptionRef option(const std::string& names, int& value, const std::string& meaning);
  OptionRef option(const std::string& names, unsigned& value, const std::string& meaning);
  OptionRef option(const std::string& names, std::uint64_t& value, const std::string& meaning);
  OptionRef option(const std::string& names, double& value, const std::string& meaning);
  OptionRef option(const std::string& names, std::optional<std::int64_t>& value, const std::string& meaning);
  OptionRef option(const std::string& names, std::optional<std::uint64_t>& value, const std::string& meaning);
  OptionRef option(const std::string& names, std::vector<std::string>& values, const std::string& meaning);
  OptionRef option(const std::string& names, std::vector<int>& values, const std::string& meaning);
  /// Called with what was typed, instead of keeping it.
  OptionRef on_value(const std::string& names, std::function<void(const std::string&)> call,
                     const std::string& meaning);
  OptionRef flag(const std::string& names, bool& value, const std::string& meaning);
  /// What stands below the options in --help: notes and examples.
  void footer(const std::string& text);

 private:
  CLI::App* app_;
};

}  // namespace assay::commands
