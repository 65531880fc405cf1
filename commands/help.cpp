#include "commands/help.hpp"

#include <algorithm>
#include <vector>

namespace assay::commands {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kLeft = 26;

/// A name on the left, its meaning wrapped on the right.
std::string two_columns(const std::string& left, const std::string& right) {
  std::string text = "  " + left;
  if (text.size() + 1 > kLeft) {
    text += "\n" + std::string(kLeft, ' ');
  } else {
    text.resize(kLeft, ' ');
  }
  std::size_t column = kLeft;
  std::size_t at = 0;
  while (at < right.size()) {
    const std::size_t end = std::min(right.find(' ', at), right.size());
    const std::string word = right.substr(at, end - at);
    if (column > kLeft && column + 1 + word.size() > kColumns) {
      text += "\n" + std::string(kLeft, ' ');
      column = kLeft;
    } else if (column > kLeft) {
      text += " ";
      ++column;
    }
    text += word;
    column += word.size();
    at = end + 1;
  }
  return text + "\n";
}

}  // namespace

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  return two_columns(make_option_name(option, is_positional) + make_option_opts(option),
                     make_option_desc(option));
}

std::string HelpFormatter::make_option_usage(const CLI::Option* option) const {
  const auto name = make_option_name(option, true) + (option->get_expected_max() > 1 ? "..." : "");
  return option->get_required() ? name : "[" + name + "]";
}

std::string HelpFormatter::make_subcommand(const CLI::App* sub) const {
  return two_columns(sub->get_name(), sub->get_description());
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  if (option->get_type_size() == 0) return "";
  const auto type = option->get_type_name();
  std::string text = " " + type.substr(0, type.find(':'));  // what follows names the check, for error messages
  if (!option->get_default_str().empty()) text += "=" + option->get_default_str();
  return text;
}

}  // namespace assay::commands
