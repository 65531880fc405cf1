#include "commands/verb.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <utility>

#include "commands/option_table.hpp"
#include "core/suggest.hpp"

namespace assay::commands {

OptionRef& OptionRef::group(const std::string& heading) {
  option_->group(heading);
  return *this;
}
OptionRef& OptionRef::type_name(const std::string& name) {
  option_->type_name(name);
  return *this;
}
OptionRef& OptionRef::required() {
  option_->required();
  return *this;
}
OptionRef& OptionRef::separated(char by) {
  option_->delimiter(by);
  return *this;
}
OptionRef& OptionRef::one_each() {
  option_->allow_extra_args(false);
  return *this;
}
OptionRef& OptionRef::values(int least, int most) {
  option_->expected(least, most);
  return *this;
}
OptionRef& OptionRef::show_default() {
  option_->capture_default_str();
  return *this;
}
OptionRef& OptionRef::range(int least, int most) {
  option_->check(CLI::Range(least, most));
  return *this;
}
OptionRef& OptionRef::range(double least, double most) {
  option_->check(CLI::Range(least, most));
  return *this;
}
OptionRef& OptionRef::offer(const std::vector<std::string>& words) {
  option_->check(CLI::Validator([](std::string&) { return std::string(); }, "", name_of_choices(words)));
  return *this;
}
OptionRef& OptionRef::one_of(std::vector<std::string> words) {
  const std::string name = name_of_choices(words);
  const auto nearest = [words = std::move(words)](const std::string& typed) -> std::string {
    if (std::find(words.begin(), words.end(), typed) != words.end()) return {};
    return "\"" + typed + "\" is none of the choices\n  expected " + assay::one_of(typed, words);
  };
  option_->check(CLI::Validator(nearest, "", name));
  return *this;
}

OptionRef Verb::option(const std::string& names, std::string& value, const std::string& meaning) {
  return OptionRef(*app_->add_option(names, value, meaning));
}
OptionRef Verb::option(const std::string& names, int& value, const std::string& meaning) {
  return OptionRef(*app_->add_option(names, value, meaning));
}
OptionRef Verb::option(const std::string& names, unsigned& value, const std::string& meaning) {
  return OptionRef(*app_->add_option(names, value, meaning));
}
OptionRef Verb::option(const std::string& names, std::uint64_t& value, const std::string& meaning) {
  return OptionRef(*app_->add_option(names, value, meaning));
}
OptionRef Verb::option(const std::string& names, double& value, const std::string& meaning) {
  return OptionRef(*app_->add_option(names, value, meaning));
}
OptionRef Verb::option(const std::string& names, std::optional<std::int64_t>& value,
                       const std::string& meaning) {
  return OptionRef(*app_->add_option(names, value, meaning));
}
OptionRef Verb::option(const std::string& names, std::optional<std::uint64_t>& value,
                       const std::string& meaning) {
  return OptionRef(*app_->add_option(names, value, meaning));
}
OptionRef Verb::option(const std::string& names, std::vector<std::string>& values, const std::string& meaning) {
  return OptionRef(*app_->add_option(names, values, meaning));
}
OptionRef Verb::option(const std::string& names, std::vector<int>& values, const std::string& meaning) {
  return OptionRef(*app_->add_option(names, values, meaning));
}
OptionRef Verb::on_value(const std::string& names, std::function<void(const std::string&)> call,
                         const std::string& meaning) {
  return OptionRef(*app_->add_option_function<std::string>(names, std::move(call), meaning));
}
OptionRef Verb::flag(const std::string& names, bool& value, const std::string& meaning) {
  return OptionRef(*app_->add_flag(names, value, meaning));
}
void Verb::footer(const std::string& text) {
  app_->footer(text);
}

}  // namespace assay::commands
