// What is run: given a point in parameter space, a workload returns observables. A workload is made from a
// config, is immutable afterwards, and evaluates from any thread; an outcome is a pure function of the resolved
// point and the seed.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.hpp"
#include "core/json.hpp"
#include "engine/engine.hpp"
#include "plan/task.hpp"
#include "workload/parameters.hpp"
#include "workload/surroundings.hpp"

namespace assay::workload {

/// A named number or array with a unit and the tolerance class in which two runs of it are compared.
struct Observable {
  std::string name;
  std::string unit;
  std::string tolerance;  ///< bitwise, ulp, relative or statistical
  std::string doc;        ///< what it is, and why this class
  bool is_array = false;
};

class Workload : public engine::TaskBody {
 public:
  explicit Workload(ParameterSet parameters) : parameters_(std::move(parameters)) {}
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::vector<Observable> observables() const = 0;

  /// The inputs of a point after defaults, config and coordinates: what the solver really gets. Throws
  /// UserError for an unknown name or an impossible value.
  [[nodiscard]] virtual ParameterSet resolve(const plan::Point& point) const;
  /// False when two points with different coordinates may resolve to the same inputs (a snapped grid, say).
  [[nodiscard]] virtual bool injective() const { return true; }
  /// False when tasks with the same inputs are different all the same (a command that is told its seed).
  [[nodiscard]] virtual bool repeatable() const { return true; }
  /// The workload's part of the resolved config.
  [[nodiscard]] virtual Json config() const;
  /// Digest of all that a task's result depends on, where that is more than the resolved config: files,
  /// programs.
  [[nodiscard]] virtual std::string identity(const plan::Task&) const { return {}; }
  /// Its parts that all tasks share, by name, to say what has changed.
  [[nodiscard]] virtual Json identity_parts() const;
  /// Called once before tasks are run. Throws EnvironmentError when something that all of them need is missing.
  virtual void check_ready() const {}
  /// A body that runs tasks within a run's limits and folder; nullptr: this workload itself, which has no use
  /// for them.
  [[nodiscard]] virtual std::unique_ptr<engine::TaskBody> bind(const Surroundings&) const { return nullptr; }
  /// Bytes that one evaluation holds at its peak on the host, for the plan.
  [[nodiscard]] virtual std::size_t bytes_per_task(const ParameterSet& inputs) const = 0;
  /// A measure of work that is proportional to the time of one evaluation; `plan` calibrates its unit.
  [[nodiscard]] virtual double work(const ParameterSet& inputs) const = 0;
  [[nodiscard]] double expected_work(const plan::Task& task) const override {
    return work(resolve(task.point));
  }

  [[nodiscard]] const ParameterSet& parameters() const { return parameters_; }

 private:
  ParameterSet parameters_;
};

/// One line of `assay list`: how to make a workload, and what its config looks like.
struct Kind {
  std::string name;
  std::string summary;
  std::unique_ptr<Workload> (*make)(Config& config);
  /// Parameters that hold for a config without tables of its own (no extra species, say).
  std::shared_ptr<const ParameterTable> (*parameters)();
  std::string example_axes;         ///< the [scan.axes] part of the config that `init` writes
  std::string example_tables = {};  ///< its tables that are no parameters
  /// The commented config that `init` writes.
  [[nodiscard]] std::string example_config() const;
};

const std::vector<Kind>& all();
std::vector<std::string> names();
/// Throws UserError with a suggestion.
const Kind& get(std::string_view name);
/// Reads the `workload` key and makes it.
std::unique_ptr<Workload> make(Config& config);

}  // namespace assay::workload
