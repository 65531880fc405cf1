// assay man: manual pages in roff, written from the option tables of the running program.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/option_table.hpp"
#include "core/suggest.hpp"
#include "core/version.hpp"

namespace assay::commands {
namespace {

struct Options {
  std::string command;
  const Cli* cli = nullptr;  ///< whose tables are walked
};

/// Text that roff prints as it stands: backslashes, minus signs that can be copied, no request at a line's
/// start.
std::string roff(const std::string& text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string header(const std::string& page, const std::string& summary) {
  return fmt::format(".TH {} 1 \"\" \"assay {}\" \"assay manual\"\n.SH NAME\n{} \\- {}\n", upper(roff(page)),
                     version(), roff(page), roff(summary));
}

std::string option_entry(const OptionRow& option) {
  std::string names;
  for (const auto& name : option.names) {
    names +=
        (names.empty() ? "" : ", ") + std::string(option.positional ? "\\fI" : "\\fB") + roff(name) + "\\fR";
  }
  if (!option.positional && option.values > 0) names += " \\fI" + roff(option.value) + "\\fR";
  std::string text = ".TP\n" + names + "\n" + roff(option.meaning) + "\n";
  if (!option.choices.empty())
    text += fmt::format(".br\nValues: {}.\n", roff(fmt::format("{}", fmt::join(option.choices, ", "))));
  return text;
}

/// One section a group, in the order in which they first appear.
std::string option_sections(const std::vector<OptionRow>& options) {
  std::vector<std::string> groups;
  for (const auto& option : options) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) groups.push_back(option.group);
  }
  std::string text;
  for (const auto& group : groups) {
    text += ".SH " + upper(roff(group)) + "\n";
    for (const auto& option : options) {
      if (option.group == group) text += option_entry(option);
    }
  }
  return text;
}

/// Footers are "Title:" lines with lines below them; they become sections of unfilled text.
std::string footer_sections(const std::string& footer) {
  std::string text;
  bool open = false;
  std::size_t at = 0;
  while (at < footer.size()) {
    const std::size_t end = std::min(footer.find('\n', at), footer.size());
    const std::string line = footer.substr(at, end - at);
    at = end + 1;
    const auto colon = line.find(':');
    const bool title =
        !line.empty() && line.front() != ' ' && colon != std::string::npos && line.find_first_of(",.;") > colon;
    if (title) {
      if (open) text += ".fi\n";
      text += ".SH " + upper(roff(line.substr(0, colon))) + "\n.nf\n";
      open = true;
      if (const auto rest = line.find_first_not_of(' ', colon + 1); rest != std::string::npos)
        text += roff(line.substr(rest)) + "\n";
    } else if (!line.empty()) {
      text += roff(line.substr(std::min(line.find_first_not_of(' '), line.size()))) + "\n";
    }
  }
  return text + (open ? ".fi\n" : "");
}

std::string main_page(const VerbRow& program, const std::vector<VerbRow>& verbs) {
  std::string text = header("assay", "parallel scientific work, proven equal to serial") +
                     ".SH SYNOPSIS\n.B assay\n.I command\n.RI [ option ...]\n.SH DESCRIPTION\n" +
                     roff(program.summary) + "\n" + option_sections(program.options) + ".SH COMMANDS\n";
  for (const auto& verb : verbs)
    text += ".TP\n.BR assay\\-" + roff(verb.name) + " (1)\n" + roff(verb.summary) + "\n";
  return text + footer_sections(program.footer);
}

std::string verb_page(const VerbRow& verb, const std::string& root_footer) {
  std::string text =
      header("assay-" + verb.name, verb.summary) + ".SH SYNOPSIS\n.B assay " + roff(verb.name) + "\n";
  for (const auto& option : verb.options) {
    if (!option.positional) continue;
    text += option.required ? ".I " + roff(option.names.front()) + "\n"
                            : ".RI [ " + roff(option.names.front()) + " ]\n";
  }
  text += ".RI [ option ...]\n.SH DESCRIPTION\n" + roff(verb.summary) + ".\n" + option_sections(verb.options) +
          footer_sections(verb.footer);
  const auto codes = root_footer.find("Exit codes:");
  if (codes != std::string::npos && verb.footer.find("Exit codes:") == std::string::npos)
    text += footer_sections(root_footer.substr(codes));
  return text + ".SH SEE ALSO\n.BR assay (1)\n";
}

Exit run(const Options& o, Console& io) {
  const auto verbs = verbs_of(*o.cli);
  std::string text;
  if (o.command.empty()) {
    text = main_page(program_of(*o.cli), verbs);
  } else {
    const auto verb =
        std::find_if(verbs.begin(), verbs.end(), [&](const VerbRow& v) { return v.name == o.command; });
    if (verb == verbs.end()) {
      std::vector<std::string> names;
      for (const auto& v : verbs) names.push_back(v.name);
      throw UserError(
          Problem{.what = "no command \"" + o.command + "\"", .expected = one_of(o.command, names)});
    }
    text = verb_page(*verb, program_of(*o.cli).footer);
  }
  if (io.json) {
    io.print_json(document(
        "man", {{"page", o.command.empty() ? "assay.1" : "assay-" + o.command + ".1"}, {"roff", text}}));
    return Exit::ok;
  }
  io.out << text;
  return Exit::ok;
}

}  // namespace

void add_man(Cli& cli) {
  auto [app, o] = cli.add<Options>("man", "Print the manual page of a command in roff", run);
  o.cli = &cli;
  std::vector<std::string> names;
  for (const auto& verb : verbs_of(cli)) names.push_back(verb.name);
  app.option("command", o.command, "which command; assay itself by default").offer(names);
  app.footer("Example:\n  assay man scan | man -l -");
}

}  // namespace assay::commands
