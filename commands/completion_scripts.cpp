#include "commands/completion_scripts.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/version.hpp"

namespace assay::commands {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view between = " ") {
  return fmt::format("{}", fmt::join(words, between));
}

std::vector<std::string> verb_names(const std::vector<VerbRow>& verbs) {
  std::vector<std::string> names;
  for (const auto& verb : verbs) names.push_back(verb.name);
  return names;
}

std::vector<std::string> flag_names(const std::vector<OptionRow>& options) {
  std::vector<std::string> names;
  for (const auto& option : options) {
    if (!option.positional) names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

std::string first_line(std::string_view shell) {
  return fmt::format("assay {}, written by: assay completion {}", version(), shell);
}

/// "scan:--engine|run:--engine" for options that take a value.
std::string bash_values(const VerbRow& verb) {
  std::string text;
  for (const auto& option : verb.options) {
    if (option.positional || option.values == 0) continue;
    std::vector<std::string> patterns;
    for (const auto& name : option.names) patterns.push_back(verb.name + ":" + name);
    text += fmt::format("    {}) {} return ;;\n", joined(patterns, "|"),
                        option.choices.empty()
                            ? ":;"
                            : fmt::format("_assay_words {};", in_single_quotes(joined(option.choices))));
  }
  return text;
}

std::string bash_positionals(const VerbRow& verb) {
  std::string text;
  int place = 0;
  for (const auto& option : verb.options) {
    if (!option.positional) continue;
    if (!option.choices.empty())
      text += fmt::format("    {}:{}) _assay_words {} ;;\n", verb.name, place,
                          in_single_quotes(joined(option.choices)));
    ++place;
  }
  return text;
}

/// Names of options that take values, so that these are not counted as positionals.
std::string bash_takers(const std::vector<VerbRow>& verbs) {
  std::vector<std::string> takers;
  for (const auto& verb : verbs) {
    for (const auto& option : verb.options) {
      if (option.positional || option.values == 0) continue;
      for (const auto& name : option.names) takers.push_back(verb.name + ":" + name);
    }
  }
  return joined(takers, "|");
}

}  // namespace

std::string bash_completion(const std::vector<VerbRow>& verbs, const std::vector<OptionRow>& global) {
  std::string values, positionals, options;
  for (const auto& verb : verbs) {
    values += bash_values(verb);
    positionals += bash_positionals(verb);
    options += fmt::format("      {}) _assay_words {} ;;\n", verb.name,
                           in_single_quotes(joined(flag_names(verb.options))));
  }
  return "# bash completion of " + first_line("bash") + R"(
_assay_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }

_assay() {
  local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb='' place=0 i
  COMPREPLY=()
  # Readline makes --name=value three words.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $before == '=' && COMP_CWORD -gt 2 ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == -- ]] && return
    if [[ -z $verb ]]; then
      [[ ${COMP_WORDS[i]} == -* ]] || verb=${COMP_WORDS[i]}
    elif [[ ${COMP_WORDS[i]} != -* && ${COMP_WORDS[i]} != '=' ]]; then
      case "$verb:${COMP_WORDS[i - 1]}" in
    )" + bash_takers(verbs) +
         R"( | *:=) ;;
        *) place=$((place + 1)) ;;
      esac
    fi
  done
  if [[ -z $verb ]]; then
    _assay_words )" +
         in_single_quotes(joined(verb_names(verbs)) + " " + joined(flag_names(global))) + R"(
    return
  fi
  case "$verb:$before" in
)" + values +
         R"(  esac
  if [[ $cur == -* ]]; then
    case $verb in
)" + options +
         R"(    esac
    return
  fi
  case "$verb:$place" in
)" + positionals +
         R"(  esac
}
complete -o bashdefault -o default -F _assay assay
)";
}

namespace {

/// _arguments reads colons and brackets in descriptions as its own.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const OptionRow& option) {
  return option.choices.empty() ? "_files" : "(" + zsh_text(joined(option.choices)) + ")";
}

std::string zsh_specs(const std::vector<OptionRow>& options, const std::string& indent) {
  std::string text;
  for (const auto& option : options) {
    std::string value;
    const std::string called = zsh_text(option.positional ? option.names.front() : option.value);
    for (int i = 0; i < option.values; ++i) value += ":" + called + ":" + zsh_action(option);
    if (option.positional) {
      text += fmt::format(" \\\n{}{}", indent, in_single_quotes((option.required ? "" : ":") + value));
      continue;
    }
    for (const auto& name : option.names)
      text += fmt::format(" \\\n{}{}", indent,
                          in_single_quotes("*" + name + "[" + zsh_text(option.meaning) + "]" + value));
  }
  return text;
}

}  // namespace

std::string zsh_completion(const std::vector<VerbRow>& verbs, const std::vector<OptionRow>& global) {
  std::string text = "#compdef assay\n# zsh completion of " + first_line("zsh") + R"(
_assay() {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  _arguments -C)" + zsh_specs(global, "    ") +
                     " \\\n    '1:command:->command' '*::argument:->argument'\n  case $state in\n    command)\n"
                     "      local -a verbs=(\n";
  for (const auto& verb : verbs)
    text += "        " + in_single_quotes(verb.name + ":" + zsh_text(verb.summary)) + "\n";
  text += "      )\n      _describe command verbs ;;\n    argument)\n      case $line[1] in\n";
  for (const auto& verb : verbs)
    text += fmt::format("        {}) _arguments{} ;;\n", verb.name, zsh_specs(verb.options, "          "));
  return text + R"(      esac ;;
  esac
}
if [[ $funcstack[1] == _assay ]]; then _assay "$@"; else compdef _assay assay; fi
)";
}

std::string fish_completion(const std::vector<VerbRow>& verbs, const std::vector<OptionRow>& global) {
  const auto option_text = [](const std::string& condition, const OptionRow& option) {
    std::string text = "complete -c assay -n " + in_single_quotes(condition);
    if (!option.positional) {
      for (const auto& name : option.names)
        text += (name.rfind("--", 0) == 0 ? " -l " + name.substr(2) : " -s " + name.substr(1));
      if (option.values > 0) text += option.choices.empty() ? " -r -F" : " -x";
    } else if (option.choices.empty()) {
      text += " -F";
    }
    if (!option.choices.empty()) text += " -a " + in_single_quotes(joined(option.choices));
    return text + " -d " + in_single_quotes(option.meaning) + "\n";
  };
  std::string text = "# fish completion of " + first_line("fish") + "\ncomplete -c assay -f\n";
  for (const auto& option : global) text += option_text("__fish_use_subcommand", option);
  for (const auto& verb : verbs) {
    text += fmt::format("complete -c assay -n __fish_use_subcommand -a {} -d {}\n", verb.name,
                        in_single_quotes(verb.summary));
    for (const auto& option : verb.options)
      text += option_text("__fish_seen_subcommand_from " + verb.name, option);
  }
  return text;
}

}  // namespace assay::commands
