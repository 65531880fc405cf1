// What the result of a command depends on, by digest: when one of these changes, a finished task is no longer
// that task.
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/json.hpp"
#include "workload/command/spec.hpp"

namespace assay::workload::command {

class Identity {
 public:
  /// `program` is the resolved one; empty when it depends on the task.
  Identity(const CommandSpec& spec, const std::string& program);

  /// What all tasks share: template, executable, version, environment, inputs without fields; digests or
  /// values.
  [[nodiscard]] const Json& shared() const { return *shared_; }
  /// Of one task: the shared part, its values and the inputs that depend on them. 16 letters (96 bits).
  /// WorkloadError for an input that is not there.
  [[nodiscard]] std::string of(const FieldValues& values) const;

 private:
  [[nodiscard]] std::string file_digest(const std::string& name) const;
  const CommandSpec& spec_;
  std::shared_ptr<const Json> shared_;
  std::string shared_digest_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::string> digests_;  ///< by path, time and size
};

}  // namespace assay::workload::command
