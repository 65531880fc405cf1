// SPDX-License-Identifier: MIT
#include "workload/command/command.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "workload/command/spec.hpp"
#include "workload/command/task_runner.hpp"

namespace assay::workload::command {
namespace {

/// The same within a run: its limits, its folder.
class BoundCommand final : public engine::TaskBody {
 public:
  BoundCommand(const Workload& workload, std::shared_ptr<const CommandSpec> spec, Surroundings around)
      : workload_(workload), runner_(std::move(spec), std::move(around)) {}
  plan::Outcome evaluate(const plan::Task& task, std::stop_token stop) const override {
    return runner_.run(workload_.resolve(task.point), task, std::move(stop));
  }
  [[nodiscard]] bool external() const override { return true; }
  [[nodiscard]] int slots() const override { return workload_.slots(); }

 private:
  const Workload& workload_;
  TaskRunner runner_;
};

class Command final : public Workload {
 public:
  Command(ParameterSet parameters, CommandSpec spec)
      : Workload(std::move(parameters)),
        spec_(std::make_shared<const CommandSpec>(std::move(spec))),
        runner_(spec_) {}
  [[nodiscard]] std::string_view name() const override { return "command"; }

  [[nodiscard]] std::vector<Observable> observables() const override {
    std::vector<Observable> all;
    for (const auto& p : spec_->probes) all.push_back({p.name, p.unit, p.tolerance, p.doc, p.is_array()});
    return all;
  }
  [[nodiscard]] bool external() const override { return true; }
  [[nodiscard]] int slots() const override { return std::max(1, spec_->ranks); }
  [[nodiscard]] std::unique_ptr<engine::TaskBody> bind(const Surroundings& around) const override {
    return std::make_unique<BoundCommand>(*this, spec_, around);
  }
  void check_ready() const override { runner_.check(); }
  [[nodiscard]] std::string identity(const plan::Task& task) const override {
    return runner_.identity(resolve(task.point), task);
  }
  [[nodiscard]] Json identity_parts() const override { return runner_.identity_parts(); }
  [[nodiscard]] bool repeatable() const override { return !spec_->tells_tasks_apart(); }
  [[nodiscard]] Json config() const override {
    Json all = parameters().to_json();
    all.update(spec_->config());
    return all;
  }
  /// What this process holds for a running child: its output.
  [[nodiscard]] std::size_t bytes_per_task(const ParameterSet&) const override {
    return 4 * static_cast<std::size_t>(spec_->output_limit);
  }
  [[nodiscard]] double work(const ParameterSet&) const override { return 1.0; }

  plan::Outcome evaluate(const plan::Task& task, std::stop_token stop) const override {
    return runner_.run(resolve(task.point), task, std::move(stop));
  }

 private:
  std::shared_ptr<const CommandSpec> spec_;
  TaskRunner runner_;
};

std::shared_ptr<const ParameterTable> example_parameters() {
  auto table = std::make_shared<ParameterTable>();
  table->add({.key = "parameters.x",
              .alias = "x",
              .fallback = 1.0,
              .unit = "1",
              .doc = "each parameter is a field {x}; add as many as the command needs"});
  return table;
}

constexpr std::string_view kExample = R"([command]
run = ["awk", "-v", "x={x}", "BEGIN { print \"y =\", sin(x) }"]  # an argument list: no shell, no quoting
# shell = "./sim --x \"$x\" | tail -1"   # instead of run: values arrive as variables
# stdin = "x = {x}\n"
# directory = "."                        # where it runs, relative to this file
# accept = [0]                           # exit codes of a success
# environment = { OMP_NUM_THREADS = "1" }
# ranks = 4                              # an MPI program: mpirun -n 4 in front of it

# Sources of a value: regex, json = "/y", csv = "y", npy = "y.npy"; last_line, output,
# exit_code, wall, cpu, peak_memory = true.
# Each may have from = "stderr" or a file, take = "first" or "all", type, unit, class, doc.
[observables]
y = { regex = 'y = (\S+)' }
)";

std::unique_ptr<Workload> make(Config& config) {
  ParameterSet parameters = read_parameters(config);
  CommandSpec spec = read_command(config, parameters);
  return std::make_unique<Command>(std::move(parameters), std::move(spec));
}

}  // namespace

Kind kind() {
  return {"command",
          "any program: its arguments, input and environment from parameters",
          make,
          example_parameters,
          "x = \"0:3:7\"",
          std::string(kExample)};
}

}  // namespace assay::workload::command
