// One task of a command: fields filled in, the program run as often as the limits allow, observables read. What
// goes wrong is an outcome that says what was there.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "plan/task.hpp"
#include "workload/command/identity.hpp"
#include "workload/command/spec.hpp"
#include "workload/surroundings.hpp"

namespace assay::workload::command {

class TaskRunner {
 public:
  explicit TaskRunner(std::shared_ptr<const CommandSpec> spec, Surroundings around = {});

  /// Finds the program, unless its name depends on the task, and digests what all tasks share. EnvironmentError
  /// when something is missing.
  void check() const;
  /// What all tasks share, and of one task, as Identity has it.
  [[nodiscard]] const Json& identity_parts() const;
  [[nodiscard]] std::string identity(const ParameterSet& inputs, const plan::Task& task) const;
  /// From any thread. `skipped` when a stop was asked for before the task was done: it counts as not run.
  plan::Outcome run(const ParameterSet& inputs, const plan::Task& task, std::stop_token stop) const;

 private:
  [[nodiscard]] FieldValues values_of(const ParameterSet& inputs, const plan::Task& task) const;
  [[nodiscard]] ChildSpec child_of(const FieldValues& values, const plan::Task& task) const;
  [[nodiscard]] std::string program_of(const std::string& name) const;
  /// Starts it; while the machine is short of something, again and again for a while.
  [[nodiscard]] AttemptResult attempt(const AttemptRequest& request) const;
  /// Fills in status, message and observables, and gives the try's record.
  plan::Attempt judge(const AttemptResult& result, const FieldValues& values, const plan::Task& task,
                      plan::Outcome& outcome) const;
  [[nodiscard]] std::filesystem::path working_folder(const plan::Task& task) const;
  void read_observables(const AttemptResult& result, const FieldValues& values,
                        const std::filesystem::path& folder, plan::Outcome& outcome) const;

  std::shared_ptr<const CommandSpec> spec_;
  Surroundings around_;
  mutable std::once_flag looked_up_;
  mutable std::string program_;
  mutable std::vector<std::string> launcher_;  ///< in front of the program; empty for most
  mutable std::optional<Identity> identity_;
  mutable std::once_flag folders_made_;
  mutable std::unique_ptr<TaskFolders> folders_;
};

}  // namespace assay::workload::command
