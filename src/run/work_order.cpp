// SPDX-License-Identifier: MIT
#include "run/work_order.hpp"

#include <nlohmann/json.hpp>

#include "core/sha256.hpp"
#include "core/utf8.hpp"

namespace assay::run {
namespace {

std::string limits_text(const workload::Limits& l) {
  const char* keep = l.keep == workload::Keep::all ? "all" : l.keep == workload::Keep::none ? "none" : "failed";
  return to_text({{"task_seconds", l.task_seconds},
                  {"memory_bytes", l.memory_bytes},
                  {"resident_bytes", l.resident_bytes},
                  {"group_bytes", l.group_bytes},
                  {"retries", l.retries},
                  {"retry_on", l.retry_on},
                  {"backoff_seconds", l.backoff_seconds},
                  {"keep", keep}},
                 0);
}

[[noreturn]] void refuse_bytes(const std::string& what) {
  throw UserError(what + " is not UTF-8, and other processes would get another one",
                  "choose --engine process, serial or tbb, which pass it on as it is");
}

/// What other processes make the study of: a byte that JSON cannot hold would be another value there.
std::string sendable_text(const Json& config) {
  try {
    static_cast<void>(config.dump());  // strict, as to_text() is not
  } catch (const Json::type_error&) {
    refuse_bytes("a value of this study");
  }
  return to_text(config, 0);
}

}  // namespace

std::string identity_text(const Study& study) {
  const Json parts = study.workload().identity_parts();
  return parts.empty() ? std::string() : canonical_text(parts);
}

cluster::WorkOrder work_order(const Study& study, const std::filesystem::path& folder) {
  for (const auto& path : {folder.string(), study.config_folder()}) {
    if (!utf8_valid(path)) refuse_bytes("the path " + path);
  }
  return {.config = sendable_text(study.config()),
          .config_sha256 = study.config_sha256(),
          .identity = identity_text(study),
          .limits = limits_text(study.limits()),
          .config_folder = study.config_folder(),
          .folder = folder.string(),
          .tasks = study.points().size()};
}

Study study_of(const cluster::WorkOrder& order) {
  const Json resolved = parse_json(order.config, "the study's config");
  Config config = Config::from_json_text(order.config, "the study's config");
  config.set_folder(order.config_folder);
  const Scope scope = resolved.contains("ensemble") ? Scope::ensemble
                      : resolved.contains("scan")   ? Scope::scan
                                                    : Scope::one_point;
  return Study::make(std::move(config), {.solve_duplicates = true},
                     scope);  // whoever gives out tasks knows them
}

workload::Limits limits_of(const cluster::WorkOrder& order) {
  const Json json = parse_json(order.limits, "the study's limits");
  const workload::Limits none;  // what a manager written by hand leaves out
  const auto keep = json.value("keep", "failed");
  return {.task_seconds = json.value("task_seconds", none.task_seconds),
          .memory_bytes = json.value("memory_bytes", none.memory_bytes),
          .resident_bytes = json.value("resident_bytes", none.resident_bytes),
          .group_bytes = json.value("group_bytes", none.group_bytes),
          .retries = json.value("retries", none.retries),
          .retry_on = json.value("retry_on", none.retry_on),
          .backoff_seconds = json.value("backoff_seconds", none.backoff_seconds),
          .keep = keep == "all"    ? workload::Keep::all
                  : keep == "none" ? workload::Keep::none
                                   : workload::Keep::failed};
}

RemoteBody::RemoteBody(const engine::TaskBody& inner, const Study& study, std::filesystem::path folder,
                       std::stop_token ending)
    : inner_(inner), study_(study), folder_(std::move(folder)), ending_(std::move(ending)) {}

std::optional<engine::RemoteWork> RemoteBody::remote() const {
  if (!order_) order_ = work_order(study_, folder_);
  return engine::RemoteWork{*order_, ending_};
}

}  // namespace assay::run
