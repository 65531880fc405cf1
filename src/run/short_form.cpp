// SPDX-License-Identifier: MIT
#include "run/short_form.hpp"

#include <algorithm>

#include "core/suggest.hpp"
#include "plan/points.hpp"
#include "run/study.hpp"

namespace assay::run {
namespace {

constexpr std::string_view kInputs = "ensemble.inputs.";

/// A value of the type that all values of an axis have: text where one is text, real where one is real.
Value sample_of(const plan::Axis& axis) {
  Value sample = axis.at(0);
  for (std::size_t i = 1; i < axis.size() && axis.is_list(); ++i) {
    const Value value = axis.at(i);
    const bool numbers =
        (sample.index() == 1 || sample.index() == 2) && (value.index() == 1 || value.index() == 2);
    if (value.index() == sample.index()) continue;
    if (numbers) {
      sample = as_real(sample);
    } else {
      return value_text(axis.at(0));
    }
  }
  return sample;
}

void declare(Config& config, const std::string& name, const Value& sample, const std::string& source) {
  const std::string key = "parameters." + name;
  if (config.take(key) == nullptr) config.set(key, sample, source);
}

std::pair<std::string, std::string> name_and_rest(const std::string& text, const std::string& flag,
                                                  const std::string& example) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UserError(flag + " " + text + ": no name=value here", "example: " + example);
  return {text.substr(0, equals), text.substr(equals + 1)};
}

/// Declares what is scanned or sampled, and gives the names.
std::vector<std::string> declare_coordinates(Config& config, const Overrides& o) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name, const Value& sample, const std::string& source) {
    declare(config, name, sample, source);
    names.push_back(name);
  };
  for (const auto& text : o.axes) {
    const auto [name, values] = name_and_rest(text, "--axis", "--axis x=1:100");
    add(name, sample_of(plan::Axis::parse(name, values, {"--axis " + text, 0, 0})), "--axis " + text);
  }
  if (!o.points_file.empty()) {
    for (const auto& axis : plan::points_of_csv(o.points_file).axes)
      add(axis.name(), sample_of(axis), o.points_file);
  }
  for (const auto& setting : o.settings) {
    if (setting.key.rfind(kInputs, 0) == 0) add(setting.key.substr(kInputs.size()), 0.0, setting.source);
  }
  return names;
}

void observe(Config& config, const std::string& text) {
  const std::string example =
      "--observe 'gamma=regex:growth rate (\\S+)', =json:/gamma, =csv:gamma or =exit_code";
  const auto [name, source] = name_and_rest(text, "--observe", example);
  const auto colon = source.find(':');
  const std::string kind = source.substr(0, colon);
  const std::vector<std::string> with_text{"regex", "json", "csv", "npy"};
  const std::vector<std::string> alone{"last_line", "output", "exit_code", "wall", "cpu", "peak_memory"};
  const bool takes_text = std::find(with_text.begin(), with_text.end(), kind) != with_text.end();
  const bool stands_alone = std::find(alone.begin(), alone.end(), kind) != alone.end();
  if ((takes_text && colon == std::string::npos) || (stands_alone && colon != std::string::npos) ||
      (!takes_text && !stands_alone)) {
    throw UserError(
        Problem{.what = "--observe " + text + ": not a source of a value",
                .expected = "regex:PATTERN, json:/POINTER, csv:COLUMN, npy:FILE, " + one_of(kind, alone),
                .hint = "example: " + example});
  }
  config.set("observables." + name + "." + kind, takes_text ? Value(source.substr(colon + 1)) : Value(true),
             "--observe " + text);
}

/// `{}` is the only coordinate.
std::string with_name(std::string argument, const std::vector<std::string>& names) {
  for (auto at = argument.find("{}"); at != std::string::npos; at = argument.find("{}", at + 1)) {
    if (names.size() != 1) {
      throw UserError("{} stands for the only axis, and there " +
                          (names.empty() ? std::string("is none") : "are " + std::to_string(names.size())),
                      "write the name: {x} for --axis x=...");
    }
    argument.replace(at, 2, "{" + names.front() + "}");
  }
  return argument;
}

}  // namespace

void apply_command(Config& config, Overrides& o) {
  for (const auto& text : o.observe) observe(config, text);
  if (o.command.empty()) return;
  config.set("workload", Value(std::string("command")), "--");
  const auto names = declare_coordinates(config, o);
  std::string all;
  ValueList run;
  for (const auto& argument : o.command) {
    run.emplace_back(with_name(argument, names));
    all += argument + '\n';
  }
  // --set x=3 of a field {x} is a parameter's value; of anything else, a key of the config.
  for (auto& assignment : o.set) {
    const auto name = assignment.substr(0, assignment.find('='));
    if (all.find("{" + name + "}") != std::string::npos || all.find("{" + name + ":") != std::string::npos)
      assignment = "parameters." + assignment;
  }
  config.set("command.run", std::move(run), "--");
}

}  // namespace assay::run
