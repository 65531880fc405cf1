#include "commands/option_table.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

namespace assay::commands {
namespace {

constexpr std::string_view kOffer = "offer:";

std::vector<std::string> choices_of(CLI::Option& option) {
  std::vector<std::string> choices;
  for (int i = 0;; ++i) {
    const CLI::Validator* validator = nullptr;
    try {
      validator = option.get_validator(i);
    } catch (const CLI::OptionNotFound&) {
      return choices;  // past the last one: CLI11 has no other way to tell
    }
    const std::string& name = validator->get_name();
    if (name.rfind(kOffer, 0) != 0) continue;
    std::size_t at = kOffer.size();
    while (at <= name.size()) {
      const std::size_t end = std::min(name.find('\n', at), name.size());
      choices.push_back(name.substr(at, end - at));
      at = end + 1;
    }
  }
}

OptionRow row_of(CLI::Option& option) {
  OptionRow row;
  row.positional = option.get_positional() && option.get_lnames().empty() && option.get_snames().empty();
  if (row.positional) {
    row.names.push_back(option.get_name(true));
  } else {
    for (const auto& name : option.get_snames()) row.names.push_back("-" + name);
    for (const auto& name : option.get_lnames()) row.names.push_back("--" + name);
  }
  row.meaning = option.get_description();
  row.group = option.get_group();
  row.required = option.get_required();
  if (option.get_items_expected_max() > 0) {
    row.value = option.get_type_name();
    row.values = std::max(1, std::min(option.get_items_expected_min(), 8));
  }
  row.choices = choices_of(option);
  return row;
}

VerbRow verb_of(CLI::App& app) {
  VerbRow verb{app.get_name(), app.get_description(), app.get_footer(), {}};
  for (CLI::Option* option : app.get_options()) verb.options.push_back(row_of(*option));
  return verb;
}

}  // namespace

std::string name_of_choices(const std::vector<std::string>& choices) {
  std::string name(kOffer);
  for (const auto& choice : choices) name += (name.size() > kOffer.size() ? "\n" : "") + choice;
  return name;
}

VerbRow program_of(const Cli& cli) {
  return verb_of(cli.app());
}

std::vector<VerbRow> verbs_of(const Cli& cli) {
  std::vector<VerbRow> verbs;
  for (CLI::App* sub : cli.app().get_subcommands([](const CLI::App*) { return true; }))
    verbs.push_back(verb_of(*sub));
  return verbs;
}

}  // namespace assay::commands
