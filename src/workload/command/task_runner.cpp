// SPDX-License-Identifier: MIT
#include "workload/command/task_runner.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/number.hpp"
#include "workload/command/launch.hpp"

namespace assay::workload::command {
namespace {

constexpr double kFirstPause = 0.05, kLastPause = 10.0;  // about 20 s in all before the machine is given up
constexpr double kLongestBackoff = 60.0;
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

std::string failure_of(const StartFailure& failure) {
  return "cannot " + std::string(failure.step) + ": " + std::strerror(failure.error);
}

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}
double round_to_micro(double seconds) {
  return std::round(seconds * 1e6) / 1e6;
}

/// Ends early when a stop is asked for.
void sleep_for(double seconds, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  never.wait_for(lock, stop, std::chrono::duration<double>(seconds), [] { return false; });
}

/// Processes that the kernel has killed for want of memory in our control group (v2).
std::optional<long> cgroup_oom_kills() {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (line.rfind("0::", 0) != 0) continue;
    std::ifstream events("/sys/fs/cgroup" + line.substr(3) + "/memory.events");
    std::string name;
    for (long count = 0; events >> name >> count;) {
      if (name == "oom_kill") return count;
    }
  }
  return std::nullopt;
}

/// The kernel has killed a process of our control group for want of memory since the last call.
bool memory_ran_out() {
  static std::atomic<long> seen{0};
  const auto now = cgroup_oom_kills();
  return now && seen.exchange(*now) < *now;
}

std::string mebibytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20U) + " MiB";
}

/// With a limit of the address space an allocation fails inside the program, which then ends in its own way:
/// its last words are all that tells this from another failure.
bool says_out_of_memory(const AttemptResult& result) {
  for (const std::string_view words : {"bad_alloc", "MemoryError", "Cannot allocate memory", "out of memory",
                                       "Out of memory", "memory exhausted", "Allocation would exceed"}) {
    if (result.err.tail().find(words) != std::string_view::npos) return true;
  }
  return false;
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

TaskRunner::TaskRunner(std::shared_ptr<const CommandSpec> spec, Surroundings around)
    : spec_(std::move(spec)), around_(std::move(around)) {
  memory_ran_out();  // from here on
}

void TaskRunner::check() const {
  std::call_once(looked_up_, [this] {
    if (spec_->by_shell()) {
      program_ = "/bin/sh";
    } else if (spec_->run.front().constant()) {
      program_ = program_of(spec_->run.front().render({}));
    }
    launcher_ = launcher_of(*spec_);
    if (!launcher_.empty()) launcher_.front() = program_of(launcher_.front());
    try {
      identity_.emplace(*spec_, program_);
    } catch (const WorkloadError& e) {
      throw EnvironmentError(e.problem());  // an input that every task needs
    }
  });
}

const Json& TaskRunner::identity_parts() const {
  check();
  return identity_->shared();
}

std::string TaskRunner::identity(const ParameterSet& inputs, const plan::Task& task) const {
  check();
  return identity_->of(values_of(inputs, task));
}

std::filesystem::path TaskRunner::working_folder(const plan::Task& task) const {
  return folders_ ? folders_->of(task.index) : (spec_->folder / spec_->directory).lexically_normal();
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
  values.emplace_back(folders_ ? folders_->of(task.index).string() : std::string());
  values.emplace_back(spec_->folder.string());
  return values;
}

ChildSpec TaskRunner::child_of(const FieldValues& values, const plan::Task& task) const {
  ChildSpec child;
  child.directory = working_folder(task).string();
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
    child.program = spec_->run.front().constant() ? program_ : child.arguments.front();
    if (!launcher_.empty()) {
      child.arguments.front() = child.program;
      child.arguments.insert(child.arguments.begin(), launcher_.begin(), launcher_.end());
      child.program = launcher_.front();
      for (auto& variable : launcher_environment(*spec_)) own.push_back(std::move(variable));
    }
  }
  if (!own.empty()) child.environment = environment_with(own);
  return child;
}

void TaskRunner::read_observables(const AttemptResult& result, const FieldValues& values,
                                  const std::filesystem::path& folder, plan::Outcome& outcome) const {
  for (const auto& probe : spec_->probes) {
    if (!probe.reads_text()) {
      outcome.observables.emplace_back(probe.name, measured_value(probe, result));
      continue;
    }
    if (probe.stream == Stream::file) {
      const std::string name = probe.file.render(values);
      if (folders_ && !stays_inside(name)) throw WorkloadError("\"" + name + "\" leaves the task's folder");
      const std::string text = read_result_file(folder / name);
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

AttemptResult TaskRunner::attempt(const AttemptRequest& request) const {
  double pause = kFirstPause;
  while (true) {
    AttemptResult result = run_attempt(request);
    if (!result.failure || !result.failure->transient()) return result;
    if (pause > kLastPause) {
      // Not the task's fault: it stays undone, and the run ends with the reason.
      if (around_.give_up) around_.give_up(failure_of(*result.failure));
      result.stopped = static_cast<bool>(around_.give_up);
      return result;
    }
    sleep_for(pause, request.stop);
    pause *= 2.0;
  }
}

plan::Attempt TaskRunner::judge(const AttemptResult& result, const FieldValues& values, const plan::Task& task,
                                plan::Outcome& outcome) const {
  plan::Attempt record{.exit_code = result.end.exit_code,
                       .signal = result.end.signal,
                       .wall_seconds = round_to_micro(result.wall_seconds),
                       .cpu_seconds = round_to_micro(result.cpu_seconds()),
                       .peak_kib = result.end.max_rss_kib,
                       .out = result.out.text(),
                       .err = result.err.text(),
                       .out_bytes = result.out.bytes(),
                       .err_bytes = result.err.bytes()};
  const auto failed = [&](std::string cause, std::string message) {
    record.cause = std::move(cause);
    record.message = std::move(message);
    outcome.observables.clear();
    outcome.status = plan::Status::failed;
    outcome.message = record.message;
    return std::move(record);
  };
  if (result.failure) return failed("start", failure_of(*result.failure));
  if (result.timed_out) {
    return failed("timeout",
                  failure_text("no end after " + number_text(around_.limits.task_seconds) + " s", result));
  }
  if (result.too_large > 0) {
    return failed("memory", failure_text("out of memory: " + mebibytes(result.too_large) + " resident, and " +
                                             mebibytes(result.allowed) + " are allowed",
                                         result));
  }
  if (result.over_group) {
    return failed("memory",
                  failure_text("out of memory: its control group may hold " +
                                   mebibytes(around_.limits.group_bytes) + ", and the kernel ended it",
                               result));
  }
  const bool refused = around_.limits.memory_bytes > 0 && says_out_of_memory(result);
  if (result.end.signal != 0) {
    const bool memory = refused || (result.end.signal == SIGKILL && memory_ran_out());
    return failed(memory ? "memory" : "signal",
                  failure_text(describe(result.end) + (memory ? ", out of memory" : ""), result));
  }
  if (std::find(spec_->accept.begin(), spec_->accept.end(), result.end.exit_code) == spec_->accept.end())
    return failed(refused ? "memory" : "exit",
                  failure_text(describe(result.end) + (refused ? ", out of memory" : ""), result));
  try {
    read_observables(result, values, working_folder(task), outcome);
  } catch (const WorkloadError& e) {
    return failed("output", e.problem().what);
  }
  outcome.status = plan::Status::ok;
  outcome.message.clear();
  record.cause = "ok";
  return record;
}

plan::Outcome TaskRunner::run(const ParameterSet& inputs, const plan::Task& task, std::stop_token stop) const {
  check();
  const Limits& limits = around_.limits;
  std::call_once(folders_made_, [this, &limits] {
    if (spec_->task_folder) folders_ = std::make_unique<TaskFolders>(around_.folder, limits.keep);
  });
  const FieldValues values = values_of(inputs, task);
  const std::string input = spec_->input.render(values);
  AttemptRequest request{.child = child_of(values, task),
                         .input = input,
                         .output_part = static_cast<std::size_t>(spec_->output_limit) / 2,
                         .seconds = limits.task_seconds,
                         .stop = around_.stop.stop_possible() ? around_.stop : std::move(stop)};
  request.child.memory_bytes = limits.memory_bytes;
  request.resident_bytes = limits.resident_bytes;
  request.group_bytes = limits.group_bytes;
  plan::Outcome outcome;
  outcome.identity = identity_->of(values);
  double pause = limits.backoff_seconds;
  for (outcome.attempts = 1;; ++outcome.attempts) {
    if (folders_) folders_->prepare(task.index, spec_->templates, values);
    const double started = now_seconds();
    const AttemptResult result = attempt(request);
    if (result.stopped) return {};
    plan::Attempt record = judge(result, values, task, outcome);
    record.started = started;
    outcome.cpu_seconds = record.cpu_seconds;
    outcome.peak_kib = record.peak_kib;
    outcome.log.push_back(std::move(record));
    const std::string& cause = outcome.log.back().cause;
    const bool again =
        std::find(limits.retry_on.begin(), limits.retry_on.end(), cause) != limits.retry_on.end();
    if (outcome.status == plan::Status::ok || !again || outcome.attempts > limits.retries) {
      if (folders_) folders_->finish(task.index, outcome.status == plan::Status::ok);
      return outcome;
    }
    sleep_for(pause, request.stop);
    if (request.stop.stop_requested()) return {};
    pause = std::min(2.0 * pause, kLongestBackoff);
  }
}

}  // namespace assay::workload::command
