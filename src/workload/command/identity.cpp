// SPDX-License-Identifier: MIT
#include "workload/command/identity.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "workload/command/attempt.hpp"

namespace assay::workload::command {
namespace {

constexpr double kVersionSeconds = 60.0;

/// Length first, so that no two lists of parts give the same text.
void add_part(std::string& text, std::string_view part) {
  text += std::to_string(part.size()) + ":";
  text += part;
}

std::string version_of(const CommandSpec& spec) {
  const auto program = find_program(spec.version.front(), spec.folder.string());
  if (!program)
    throw EnvironmentError("cannot find the program \"" + spec.version.front() + "\" of command.version");
  const auto result =
      run_attempt({.child = {.program = *program, .arguments = spec.version, .directory = spec.folder.string()},
                   .output_part = 4096,
                   .seconds = kVersionSeconds});
  if (result.failure || result.timed_out || result.end.signal != 0 || result.end.exit_code != 0) {
    throw EnvironmentError("command.version does not tell the version: " +
                           (result.failure ? "it cannot be started" : describe(result.end)));
  }
  return result.out.text() + result.err.text();
}

}  // namespace

Identity::Identity(const CommandSpec& spec, const std::string& program) : spec_(spec) {
  Json text = spec.config();
  for (const auto& file : spec.templates) text["contents"][file.target] = file.text.text();
  Json shared = {{"template", sha256_hex(canonical_text(text))}};
  if (!program.empty()) shared["executable"] = {{"path", program}, {"sha256", sha256_file(program).sha256}};
  if (!spec.version.empty()) shared["version"] = version_of(spec);
  for (const auto& name : spec.identity_environment) {
    const char* value = std::getenv(name.c_str());
    shared["environment"][name] = value != nullptr ? Json(value) : Json();
  }
  for (const auto& input : spec.inputs) {
    if (input.constant()) shared["inputs"][input.text()] = file_digest(input.render({}));
  }
  shared_digest_ = sha256_hex(canonical_text(shared));
  shared_ = std::make_shared<const Json>(std::move(shared));
}

std::string Identity::file_digest(const std::string& name) const {
  const auto path = (spec_.folder / name).lexically_normal();
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    throw WorkloadError("the declared input " + name + " is not there (" + path.string() + ")");
  if (!S_ISREG(found.st_mode)) throw WorkloadError("the declared input " + name + " is no regular file");
  const std::string key = path.string() + "\n" + std::to_string(found.st_size) + " " +
                          std::to_string(found.st_mtim.tv_sec) + "." + std::to_string(found.st_mtim.tv_nsec) +
                          " " + std::to_string(found.st_ino);
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = digests_.find(key); it != digests_.end()) return it->second;
  }
  const std::string digest = sha256_file(path).sha256;
  const std::lock_guard lock(mutex_);
  return digests_[key] = digest;
}

std::string Identity::of(const FieldValues& values) const {
  std::string text;
  add_part(text, shared_digest_);
  for (std::size_t i = 0; i < spec_.names.parameters(); ++i) {
    add_part(text, spec_.names.all()[i]);
    add_part(text, type_name(values[i]));
    add_part(text, value_text(values[i]));
  }
  if (spec_.tells_tasks_apart()) {
    add_part(text, value_text(values[spec_.names.builtin(FieldNames::index)]));
    add_part(text, value_text(values[spec_.names.builtin(FieldNames::seed)]));
  }
  for (const auto& input : spec_.inputs) {
    if (!input.constant()) add_part(text, file_digest(input.render(values)));
  }
  return short_sha256(text);
}

}  // namespace assay::workload::command
