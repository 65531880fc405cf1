// SPDX-License-Identifier: MIT
#include "engine/slurm/cluster.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/child.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"
#include "core/text.hpp"

namespace assay::engine::slurm {
namespace {

std::string first_line(const std::string& text) {
  return std::string(trimmed(std::string_view(text).substr(0, text.find('\n'))));
}

/// The value after `key=` in a line of words; empty without.
std::string_view value_of(std::string_view line, std::string_view key) {
  for (const auto word : split(line, ' ')) {
    if (word.size() > key.size() && word.substr(0, key.size()) == key && word[key.size()] == '=')
      return word.substr(key.size() + 1);
  }
  return {};
}

long number_of(std::string_view text) {
  long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// The line of a partition; UserError with the names that there are.
std::string_view partition_line(std::string_view partitions, const std::string& wanted) {
  std::vector<std::string> names;
  for (const auto line : split(partitions, '\n')) {
    const auto name = value_of(line, "PartitionName");
    if (name.empty()) continue;
    names.emplace_back(name);
    if (wanted.empty() ? value_of(line, "Default") == "YES" : name == wanted) return line;
  }
  if (wanted.empty())
    throw UserError(Problem{.what = "this cluster has no default partition",
                            .expected = "--partition with " + one_of("", names)});
  throw UserError(Problem{.what = "no partition \"" + wanted + "\"", .expected = one_of(wanted, names)});
}

}  // namespace

double parse_slurm_time(std::string_view text) {
  double days = 0.0;
  if (const auto dash = text.find('-'); dash != std::string_view::npos) {
    days = static_cast<double>(number_of(text.substr(0, dash)));
    text.remove_prefix(dash + 1);
  }
  if (text.empty() || text[0] < '0' || text[0] > '9') return 0.0;
  const auto parts = split(text, ':');
  if (parts.size() == 1) return days * 86400.0 + 60.0 * static_cast<double>(number_of(parts[0]));  // minutes
  double seconds = 0.0;
  for (const auto part : parts) seconds = 60.0 * seconds + static_cast<double>(number_of(part));
  return days * 86400.0 + seconds;
}

bool has_ended(std::string_view state) {
  constexpr std::array<std::string_view, 11> kEnding{"COMPLETING",    "COMPLETED", "CANCELLED", "FAILED",
                                                     "TIMEOUT",       "NODE_FAIL", "PREEMPTED", "BOOT_FAIL",
                                                     "OUT_OF_MEMORY", "DEADLINE",  "REVOKED"};
  return std::find(kEnding.begin(), kEnding.end(), state) != kEnding.end();
}

std::vector<Element> parse_elements(std::string_view text) {
  std::vector<Element> elements;
  for (const auto line : split(text, '\n')) {
    const auto parts = split(trimmed(line), '|');
    if (parts.size() < 4) continue;
    elements.push_back(
        {std::string(parts[0]), std::string(parts[1]), std::string(parts[2]), std::string(parts[3])});
  }
  return elements;
}

std::vector<Element> parse_queue(std::string_view text) {
  auto elements = parse_elements(text);
  elements.erase(
      std::remove_if(elements.begin(), elements.end(), [](const Element& e) { return has_ended(e.state); }),
      elements.end());
  return elements;
}

Limits parse_limits(std::string_view config, std::string_view partitions, const std::string& partition) {
  Limits limits;
  for (const auto line : split(config, '\n')) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || trimmed(line.substr(0, equals)) != "MaxArraySize") continue;
    limits.array_size = static_cast<std::size_t>(std::max(number_of(trimmed(line.substr(equals + 1))), 1L));
  }
  const auto line = partition_line(partitions, partition);
  limits.partition = std::string(value_of(line, "PartitionName"));
  limits.wall_seconds = parse_slurm_time(value_of(line, "MaxTime"));
  const long cpus = number_of(value_of(line, "TotalCPUs")), nodes = number_of(value_of(line, "TotalNodes"));
  if (nodes > 0) limits.node_cpus = static_cast<int>(cpus / nodes);
  return limits;
}

Availability Cluster::availability() const {
  for (const char* program : {"sbatch", "squeue", "scancel", "scontrol"}) {
    if (!find_program(program)) return {false, std::string("there is no ") + program + " on the PATH"};
  }
  try {
    const Limits found = limits({});
    std::string text = "partition " + found.partition + ", arrays of up to " + std::to_string(found.array_size);
    if (found.wall_seconds > 0.0)
      text += ", " + std::to_string(static_cast<long>(found.wall_seconds / 60.0)) + " minutes a job";
    return {true, text};
  } catch (const EnvironmentError& e) {
    return {false, e.problem().what + ": " + e.problem().found};
  } catch (const UserError& e) {
    return {true, e.problem().what};
  }
}

Cluster::Settings Cluster::ask_settings() const {
  const ProgramOutput config = ask({"scontrol", "show", "config"});
  if (config.status != 0)
    throw EnvironmentError(
        Problem{.what = "Slurm's controller does not answer", .found = first_line(config.err)});
  const ProgramOutput partitions = ask({"scontrol", "-o", "show", "partition"});
  if (partitions.status != 0)
    throw EnvironmentError(
        Problem{.what = "Slurm does not tell its partitions", .found = first_line(partitions.err)});
  return {config.out, partitions.out};
}

Limits Cluster::limits(const std::string& partition) const {
  const std::lock_guard lock(mutex_);
  if (!settings_) settings_ = ask_settings();
  return parse_limits(settings_->config, settings_->partitions, partition);
}

std::string Cluster::submit(const std::string& script) const {
  const ProgramOutput answer = ask({"sbatch", "--parsable"}, script);
  std::string id = first_line(answer.out);
  id = id.substr(0, id.find(';'));  // the cluster's name follows
  if (answer.status != 0 || id.empty())
    throw EnvironmentError(
        Problem{.what = "sbatch refuses the job",
                .found = std::string(trimmed(answer.err)),
                .hint = "--dry-run prints the script; --partition and --template change it"});
  return id;
}

std::optional<std::vector<Element>> Cluster::queue(const std::string& name) const {
  return queue(name, limit_seconds_);
}

std::optional<std::vector<Element>> Cluster::queue(const std::string& name, double limit_seconds) const {
  const ProgramOutput answer = ask_({"squeue", "-h", "-r", "-n", name, "-o", "%i|%T|%r|%N"}, {}, limit_seconds);
  if (answer.status != 0) return std::nullopt;
  return parse_queue(answer.out);
}

std::vector<Element> Cluster::elements(const std::string& name) const {
  const ProgramOutput answer = ask({"squeue", "-h", "-r", "-t", "all", "-n", name, "-o", "%i|%T|%r|%N"});
  if (answer.status == ProgramOutput::not_started) throw EnvironmentError("there is no squeue on the PATH");
  if (answer.status != 0)
    throw EnvironmentError(Problem{.what = "squeue does not answer", .found = first_line(answer.err)});
  return parse_elements(answer.out);
}

std::vector<Element> Cluster::accounted(const std::string& job) const {
  const ProgramOutput answer = ask({"sacct", "-n", "-P", "-j", job, "-o", "JobID,State"});
  std::vector<Element> elements;
  if (answer.status != 0) return elements;
  for (const auto line : split(answer.out, '\n')) {
    const auto parts = split(line, '|');
    if (parts.size() != 2 || parts[0].find('.') != std::string_view::npos) continue;  // a step of a job
    elements.push_back({std::string(parts[0]), std::string(parts[1].substr(0, parts[1].find(' '))), "", ""});
  }
  return elements;
}

bool Cluster::cancel(const std::string& name, bool pending_only, double limit_seconds) const {
  std::vector<std::string> words{"scancel", "--name=" + name};
  if (pending_only) words.emplace_back("--state=PENDING");
  return ask_(std::move(words), {}, limit_seconds).status == 0;
}

std::string Cluster::ends_of(const std::string& job) const {
  std::string text;
  const auto add = [&](std::string_view id, std::string_view state, std::string_view code) {
    if (id.empty() || id.find('.') != std::string_view::npos) return;  // a step of a job
    text += (text.empty() ? "" : ", ") + std::string(id) + " " + std::string(state);
    if (!code.empty() && code != "0:0") text += " (exit code " + std::string(code) + ")";
  };
  const ProgramOutput accounting = ask({"sacct", "-n", "-P", "-j", job, "-o", "JobID,State,ExitCode"});
  if (accounting.status == 0) {
    for (const auto line : split(accounting.out, '\n')) {
      const auto parts = split(line, '|');
      if (parts.size() == 3) add(parts[0], parts[1], parts[2]);
    }
  }
  if (!text.empty()) return text;
  for (const auto line : split(ask({"scontrol", "-o", "show", "job", job}).out, '\n')) {
    const auto array = value_of(line, "ArrayJobId"), element = value_of(line, "ArrayTaskId");
    const std::string id =
        array.empty() ? std::string(value_of(line, "JobId")) : std::string(array) + "_" + std::string(element);
    add(id, value_of(line, "JobState"), value_of(line, "ExitCode"));
  }
  return text;
}

}  // namespace assay::engine::slurm
