// SPDX-License-Identifier: MIT
#include "workload/command/task_runner.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "core/error.hpp"
#include "core/file.hpp"

namespace assay::workload::command {
namespace {

constexpr std::uintmax_t kMostFileBytes = 64U << 20U;  // of a file that an observable is read from

/// Neither an argument nor a variable can hold a zero byte: the program would see another value.
const std::string& without_zero(const std::string& text) {
  if (text.find('\0') != std::string::npos)
    throw WorkloadError("a value with a zero byte cannot be passed to a program");
  return text;
}

/// NAME=value pairs: ours, with those of the task in their place or after them.
std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& own) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto name = text.substr(0, text.find('='));
    const bool replaced =
        std::any_of(own.begin(), own.end(), [&](const auto& variable) { return variable.first == name; });
    if (!replaced) all.emplace_back(text);
  }
  for (const auto& [name, value] : own) all.push_back(name + "=" + without_zero(value));
  return all;
}

std::string read_result_file(const std::filesystem::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    throw WorkloadError("the command wrote no file " + path.filename().string());
  if (!S_ISREG(found.st_mode)) throw WorkloadError(path.filename().string() + " is no regular file");
  if (static_cast<std::uintmax_t>(found.st_size) > kMostFileBytes)
    throw WorkloadError("the file " + path.filename().string() + " is larger than 64 MiB");
  return read_file(path);
}

/// How it ended, and the last line of what it said about it.
std::string failure_text(const std::string& how, const AttemptResult& result) {
  std::string_view said = result.err.bytes() > 0 ? result.err.tail() : result.out.tail();
  while (!said.empty() && (said.back() == '\n' || said.back() == '\r' || said.back() == ' '))
    said.remove_suffix(1);
  const auto newline = said.rfind('\n');
  if (newline != std::string_view::npos) said.remove_prefix(newline + 1);
  return said.empty() ? how + ", and it printed nothing" : how + ": " + std::string(said.substr(0, 400));
}

}  // namespace

void TaskRunner::check() const {
  if (spec_->by_shell() || !spec_->run.front().constant()) return;
  std::call_once(looked_up_, [this] { program_ = program_of(spec_->run.front().render({})); });
}

std::string TaskRunner::program_of(const std::string& name) const {
  if (auto found = find_program(name, spec_->folder.string())) return *found;
  const bool path = name.find('/') != std::string::npos;
  throw EnvironmentError(
      "cannot find the program \"" + name + "\"",
      path ? "expected a file that may be executed" +
                 (path && name.front() != '/' ? ", relative to " + spec_->folder.string() : std::string())
           : "is it installed and on the PATH? A file of yours needs a path: ./" + name);
}

FieldValues TaskRunner::values_of(const ParameterSet& inputs, const plan::Task& task) const {
  FieldValues values;
  values.reserve(spec_->names.all().size());
  for (const auto& p : inputs.table().all()) values.push_back(inputs.value(p.key));
  values.emplace_back(static_cast<std::int64_t>(task.index));
  values.emplace_back(std::to_string(task.seed));
  values.emplace_back(std::string());
  values.emplace_back(spec_->folder.string());
  return values;
}

ChildSpec TaskRunner::child_of(const FieldValues& values) const {
  ChildSpec child;
  child.directory = (spec_->folder / spec_->directory).lexically_normal().string();
  std::vector<std::pair<std::string, std::string>> own;
  for (const auto& [name, text] : spec_->environment) own.emplace_back(name, text.render(values));
  if (spec_->by_shell()) {
    child.program = "/bin/sh";
    child.arguments = {"sh", "-c", spec_->shell};
    for (std::size_t i = 0; i < spec_->names.parameters(); ++i)
      own.emplace_back(spec_->names.all()[i], value_text(values[i]));
    own.emplace_back("ASSAY_INDEX", value_text(values[spec_->names.builtin(FieldNames::index)]));
    own.emplace_back("ASSAY_SEED", value_text(values[spec_->names.builtin(FieldNames::seed)]));
  } else {
    for (const auto& argument : spec_->run) child.arguments.push_back(without_zero(argument.render(values)));
    check();
    child.program = spec_->run.front().constant() ? program_ : program_of(child.arguments.front());
  }
  if (!own.empty()) child.environment = environment_with(own);
  return child;
}

void TaskRunner::read_observables(const AttemptResult& result, const FieldValues& values,
                                  plan::Outcome& outcome) const {
  for (const auto& probe : spec_->probes) {
    if (!probe.reads_text()) {
      outcome.observables.emplace_back(probe.name, measured_value(probe, result));
      continue;
    }
    if (probe.stream == Stream::file) {
      const std::string name = probe.file.render(values);
      const std::string text = read_result_file(spec_->folder / spec_->directory / name);
      outcome.observables.emplace_back(
          probe.name, read_value(probe, {.head = text, .tail = text, .whole = true, .name = name}));
      continue;
    }
    const Capture& stream = probe.stream == Stream::err ? result.err : result.out;
    const std::string text = stream.whole() ? stream.text() : "";
    const Source source{.head = stream.whole() ? std::string_view(text) : stream.head(),
                        .tail = stream.whole() ? std::string_view(text) : stream.tail(),
                        .whole = stream.whole(),
                        .name = probe.stream == Stream::err ? "stderr" : "stdout"};
    outcome.observables.emplace_back(probe.name, read_value(probe, source));
  }
}

plan::Outcome TaskRunner::run(const ParameterSet& inputs, const plan::Task& task, std::stop_token stop) const {
  const FieldValues values = values_of(inputs, task);
  const std::string input = spec_->input.render(values);
  const AttemptResult result = run_attempt({.child = child_of(values),
                                            .input = input,
                                            .output_part = static_cast<std::size_t>(spec_->output_limit) / 2,
                                            .stop = std::move(stop)});
  plan::Outcome outcome;
  if (result.stopped) return outcome;
  outcome.status = plan::Status::failed;
  if (result.failure) {
    outcome.message =
        "cannot " + std::string(result.failure->step) + ": " + std::strerror(result.failure->error);
    return outcome;
  }
  outcome.cpu_seconds = result.cpu_seconds();
  outcome.peak_kib = result.end.max_rss_kib;
  const bool accepted =
      std::find(spec_->accept.begin(), spec_->accept.end(), result.end.exit_code) != spec_->accept.end();
  if (result.end.signal != 0 || !accepted) {
    outcome.message = failure_text(describe(result.end), result);
    return outcome;
  }
  try {
    read_observables(result, values, outcome);
    outcome.status = plan::Status::ok;
  } catch (const WorkloadError& e) {
    outcome.observables.clear();
    outcome.message = e.problem().what;
  }
  return outcome;
}

}  // namespace assay::workload::command
