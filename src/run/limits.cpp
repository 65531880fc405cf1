// SPDX-License-Identifier: MIT
#include "run/limits.hpp"

#include <algorithm>

#include "core/suggest.hpp"
#include "core/time.hpp"
#include "run/study.hpp"

namespace assay::run {
namespace {

constexpr std::string_view kDuration = "a duration such as 30 (seconds), 90s, 5m, 2h";

/// What was typed wins.
double read_duration(Config& config, const std::string& key, const std::string& typed,
                     const std::string& flag) {
  const double seconds = read_seconds(config, key, 0.0);
  if (typed.empty()) return seconds;
  const auto parsed = parse_duration(typed);
  if (!parsed) throw UserError(Problem{.what = flag + " " + typed, .expected = std::string(kDuration)});
  return *parsed;
}

std::vector<std::string> read_causes(Config& config) {
  const auto* entry = config.take("limits.retry_on");
  if (entry == nullptr) return workload::kCauses;
  std::vector<std::string> causes;
  const ValueList list = entry->list() != nullptr ? *entry->list() : ValueList{*entry->scalar()};
  for (const auto& value : list) {
    const std::string cause = value_text(value);
    if (std::find(workload::kCauses.begin(), workload::kCauses.end(), cause) == workload::kCauses.end())
      throw entry->bad_value("no cause \"" + cause + "\" of a failure", one_of(cause, workload::kCauses));
    causes.push_back(cause);
  }
  return causes;
}

}  // namespace

double read_seconds(Config& config, const std::string& key, double fallback) {
  const auto* entry = config.take(key);
  if (entry == nullptr) return fallback;
  const auto* value = entry->scalar();
  const auto parsed = value != nullptr ? parse_duration(value_text(*value)) : std::nullopt;
  if (!parsed) throw entry->bad_value("bad value for \"" + key + "\"", std::string(kDuration));
  return *parsed;
}

workload::Limits read_limits(Config& config, const Overrides& o, bool external) {
  workload::Limits limits;
  limits.task_seconds = read_duration(config, "limits.task_time", o.task_time, "--task-time");
  limits.run_seconds = read_duration(config, "limits.run_time", o.run_time, "--run-time");
  limits.memory_bytes = static_cast<std::uint64_t>(read_integer(config, "limits.memory_mib", 0, 0, 1 << 30))
                        << 20U;
  limits.resident_bytes = static_cast<std::uint64_t>(read_integer(config, "limits.resident_mib", 0, 0, 1 << 30))
                          << 20U;
  limits.group_bytes = static_cast<std::uint64_t>(read_integer(config, "limits.cgroup_mib", 0, 0, 1 << 30))
                       << 20U;
  limits.retries = static_cast<int>(read_integer(config, "limits.retries", 0, 0, 1000));
  limits.retry_on = read_causes(config);
  limits.backoff_seconds = read_real(config, "limits.backoff_seconds", limits.backoff_seconds);
  const auto max_fails = read_integer(config, "limits.max_fails", -1, -1, 1'000'000'000);
  if (max_fails >= 0) limits.max_fails = static_cast<std::size_t>(max_fails);
  if (o.max_fails >= 0) limits.max_fails = static_cast<std::size_t>(o.max_fails);
  if (o.retries < -1 || o.retries > 1000) throw UserError("--retries takes 0 to 1000");
  if (o.retries >= 0) limits.retries = o.retries;
  if (!(limits.backoff_seconds >= 0.0)) throw UserError("limits.backoff_seconds is a time, 0 or more");
  const std::vector<std::string> keeps{"failed", "all", "none"};
  std::string keep = read_choice(config, "limits.keep", "failed", keeps);
  if (!o.keep.empty()) keep = o.keep;
  if (std::find(keeps.begin(), keeps.end(), keep) == keeps.end())
    throw UserError(Problem{.what = "--keep " + keep, .expected = one_of(keep, keeps)});
  limits.keep = keep == "all"    ? workload::Keep::all
                : keep == "none" ? workload::Keep::none
                                 : workload::Keep::failed;
  if (!external && (limits.task_seconds > 0.0 || limits.retries > 0 || limits.memory_bytes > 0 ||
                    limits.resident_bytes > 0 || limits.group_bytes > 0)) {
    throw UserError("a limit of a task's time or memory, and retries, are for external programs",
                    "a built-in workload computes inside assay, and again would give the same; --run-time and "
                    "--max-fails hold for both");
  }
  return limits;
}

}  // namespace assay::run
