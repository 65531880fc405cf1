// SPDX-License-Identifier: MIT
#include "workload/command/spec.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/file.hpp"
#include "core/suggest.hpp"

namespace assay::workload::command {
namespace {

constexpr std::string_view kParameters = "parameters.";
constexpr std::int64_t kOutputLimit = 1 << 20;

std::vector<std::string> read_texts(Config& config, const std::string& key) {
  const auto* entry = config.take(key);
  if (entry == nullptr) return {};
  std::vector<std::string> texts;
  if (const auto* list = entry->list()) {
    for (const auto& value : *list) texts.push_back(value_text(value));
    return texts;
  }
  throw entry->bad_value("bad value for \"" + key + "\"", "a list such as [\"./sim\", \"--x\", \"{x}\"]");
}

SourcePos place(Config& config, const std::string& key) {
  const auto* entry = config.take(key);
  return entry == nullptr ? SourcePos{config.name(), 0, 0} : entry->value_pos;
}

/// A script gets its values as variables, so a field in it is a mistake; which parameters it names is seen.
void check_shell(const CommandSpec& spec, const SourcePos& where) {
  for (const auto& name : spec.names.all()) {
    if (spec.shell.find("{" + name + "}") == std::string::npos ||
        spec.shell.find("${" + name + "}") != std::string::npos)
      continue;
    throw UserError(Problem{.what = "the field {" + name + "} stands in a shell script",
                            .where = where,
                            .expected = "\"$" + name +
                                        "\": values reach a script as variables, so that no value "
                                        "can become a command"});
  }
}

bool names_variable(const std::string& script, const std::string& name) {
  for (auto at = script.find(name); at != std::string::npos; at = script.find(name, at + 1)) {
    const bool plain = at > 0 && script[at - 1] == '$';
    const bool braced = at > 1 && script[at - 1] == '{' && script[at - 2] == '$';
    const auto end = at + name.size();
    const bool ends = end == script.size() || !is_field_name("_" + script.substr(end, 1));
    if ((plain || braced) && ends) return true;
  }
  return false;
}

void reject_unused(const CommandSpec& spec, const Config& config) {
  std::set<std::size_t> used;
  for (const auto& argument : spec.run) argument.collect_used(used);
  spec.input.collect_used(used);
  for (const auto& [name, value] : spec.environment) value.collect_used(used);
  for (const auto& probe : spec.probes) probe.file.collect_used(used);
  for (const auto& file : spec.templates) file.text.collect_used(used);
  for (const auto& input : spec.inputs) input.collect_used(used);
  for (std::size_t i = 0; i < spec.names.parameters(); ++i) {
    const std::string& name = spec.names.all()[i];
    if (used.count(i) > 0 || (spec.by_shell() && names_variable(spec.shell, name))) continue;
    throw UserError(Problem{.what = "the parameter \"" + name + "\" is used nowhere",
                            .where = {config.name(), 0, 0},
                            .expected = spec.by_shell()
                                            ? "$" + name + " in the script"
                                            : "{" + name + "} in the command, its input or environment",
                            .hint = "a value that the command never sees would give the same result again"});
  }
}

/// [templates]: target in the task's folder = source beside the config.
void read_templates(Config& config, CommandSpec& spec) {
  const std::string table = "templates.";
  for (const auto* entry : config.take_all("templates")) {
    const std::string target = entry->key.substr(table.size());
    const auto* value = entry->scalar();
    const auto* source = value != nullptr ? std::get_if<std::string>(value) : nullptr;
    if (source == nullptr) throw entry->bad_value("bad template \"" + target + "\"", "a file name in quotes");
    if (!stays_inside(target)) {
      throw UserError(Problem{.what = "the template's target \"" + target + "\" leaves the task's folder",
                              .where = entry->key_pos,
                              .expected = "a path inside it, such as \"input.nml\" or \"data/input.nml\""});
    }
    const auto path = spec.folder / *source;
    spec.templates.push_back(
        {target, *source, FieldText::parse(read_file(path), spec.names, spec.samples, {path.string(), 0, 0})});
  }
}

std::vector<std::int64_t> read_accept(Config& config) {
  const auto* entry = config.take("command.accept");
  if (entry == nullptr) return {0};
  std::vector<std::int64_t> codes;
  const ValueList list = entry->list() != nullptr ? *entry->list() : ValueList{*entry->scalar()};
  for (const auto& value : list) {
    const auto* code = std::get_if<std::int64_t>(&value);
    if (code == nullptr || *code < 0 || *code > 255)
      throw entry->bad_value("bad value for \"command.accept\"", "a list of exit codes, 0 to 255");
    codes.push_back(*code);
  }
  return codes;
}

void read_environment(Config& config, CommandSpec& spec) {
  const std::string table = "command.environment.";
  for (const auto* entry : config.take_all("command.environment")) {
    const std::string name = entry->key.substr(table.size());
    if (name.find('=') != std::string::npos || name.empty() || entry->scalar() == nullptr)
      throw entry->bad_value("bad environment variable \"" + name + "\"", "NAME = \"value\"");
    spec.environment.emplace_back(
        name, FieldText::parse(value_text(*entry->scalar()), spec.names, spec.samples, entry->value_pos));
  }
}

}  // namespace

ParameterSet read_parameters(Config& config) {
  auto table = std::make_shared<ParameterTable>();
  for (const auto* entry : config.take_all("parameters")) {
    const std::string name = entry->key.substr(kParameters.size());
    if (!is_field_name(name) || FieldNames({}).find(name)) {
      throw UserError(Problem{.what = "\"" + name + "\" cannot name a parameter",
                              .where = entry->key_pos,
                              .expected =
                                  "a letter or _, then letters, digits, _ and -; index, seed, task_folder "
                                  "and config_folder are taken"});
    }
    const Value* value = entry->scalar();
    if (value == nullptr)
      throw entry->bad_value("bad value for \"" + entry->key + "\"", "one value; its range is an axis");
    table->add({.key = entry->key,
                .alias = name,
                .fallback = *value,
                .unit = std::holds_alternative<std::string>(*value) ? "" : "1",
                .doc = "parameter of the command"});
  }
  return ParameterSet::read(config, std::move(table));
}

CommandSpec read_command(Config& config, const ParameterSet& parameters) {
  CommandSpec spec;
  std::vector<std::string> names;
  for (const auto& p : parameters.table().all()) {
    names.push_back(p.alias);
    spec.samples.push_back(p.fallback);
  }
  spec.names = FieldNames(std::move(names));
  spec.samples.insert(spec.samples.end(), {std::int64_t{0}, std::int64_t{0}, std::string(), std::string()});
  // Without a last slash: absolute("") would have one.
  spec.folder = config.folder().empty() ? std::filesystem::current_path()
                                        : std::filesystem::absolute(config.folder()).lexically_normal();

  for (const auto& argument : read_texts(config, "command.run"))
    spec.run.push_back(FieldText::parse(argument, spec.names, spec.samples, place(config, "command.run")));
  spec.shell = read_text(config, "command.shell", "");
  if (spec.run.empty() == spec.shell.empty()) {
    throw UserError(
        Problem{.what = spec.shell.empty() ? "no command" : "both command.run and command.shell",
                .where = {config.name(), 0, 0},
                .expected = "[command] with run = [\"./sim\", \"--x\", \"{x}\"], or shell = \"...\"",
                .hint = "or on the command line: assay scan --axis x=1:10 -- ./sim --x {x}"});
  }
  check_shell(spec, place(config, "command.shell"));
  spec.ranks = static_cast<int>(read_integer(config, "command.ranks", 0, 0, 100'000));
  if (spec.ranks > 0 && spec.by_shell())
    throw config.take("command.ranks")
        ->bad_value("command.ranks with command.shell",
                    "run = [\"./sim\", \"--x\", \"{x}\"]: a launcher starts a program, not a script");
  spec.launcher = read_texts(config, "command.launcher");
  if (const auto* entry = config.take("command.launcher"); entry != nullptr && spec.ranks == 0)
    throw entry->bad_value("command.launcher without command.ranks", "ranks = 2, or more");
  spec.input = FieldText::parse(read_text(config, "command.stdin", ""), spec.names, spec.samples,
                                place(config, "command.stdin"));
  read_templates(config, spec);
  spec.task_folder = read_flag(config, "command.task_folder", !spec.templates.empty());
  if (!spec.task_folder && !spec.templates.empty())
    throw config.take("command.task_folder")
        ->bad_value("templates need the task's folder", "true, or leave it out");
  spec.directory = read_text(config, "command.directory", ".");
  if (const auto* entry = config.take("command.directory"); entry != nullptr && spec.task_folder)
    throw entry->bad_value("both command.directory and a folder for each task", "one of them");
  for (const auto& input : read_texts(config, "command.inputs"))
    spec.inputs.push_back(FieldText::parse(input, spec.names, spec.samples, place(config, "command.inputs")));
  spec.version = read_texts(config, "command.version");
  spec.identity_environment = read_texts(config, "command.identity_environment");
  spec.output_limit = read_integer(config, "command.output_limit", kOutputLimit, 1024, std::int64_t{1} << 32);
  spec.accept = read_accept(config);
  read_environment(config, spec);
  spec.probes = read_probes(config, spec.names, spec.samples);
  reject_unused(spec, config);
  return spec;
}

bool CommandSpec::tells_tasks_apart() const {
  std::set<std::size_t> used;
  for (const auto& argument : run) argument.collect_used(used);
  input.collect_used(used);
  for (const auto& [name, value] : environment) value.collect_used(used);
  for (const auto& file : templates) file.text.collect_used(used);
  if (used.count(names.builtin(FieldNames::index)) > 0 || used.count(names.builtin(FieldNames::seed)) > 0)
    return true;
  return by_shell() && (names_variable(shell, "ASSAY_INDEX") || names_variable(shell, "ASSAY_SEED"));
}

Json CommandSpec::config() const {
  Json command = Json::object();
  if (by_shell()) {
    command["shell"] = shell;
  } else {
    command["run"] = Json::array();
    for (const auto& argument : run) command["run"].push_back(argument.text());
  }
  if (ranks > 0) command["ranks"] = ranks;
  if (!launcher.empty()) command["launcher"] = launcher;
  if (!input.text().empty()) command["stdin"] = input.text();
  if (task_folder) {
    command["task_folder"] = true;
  } else {
    command["directory"] = directory;
  }
  for (const auto& file : inputs) command["inputs"].push_back(file.text());
  if (!version.empty()) command["version"] = version;
  if (!identity_environment.empty()) command["identity_environment"] = identity_environment;
  for (const auto& [name, value] : environment) command["environment"][name] = value.text();
  command["accept"] = accept;
  command["output_limit"] = output_limit;
  Json all = {{"command", std::move(command)}, {"observables", probes_json(probes)}};
  for (const auto& file : templates) all["templates"][file.target] = file.source;
  return all;
}

}  // namespace assay::workload::command
