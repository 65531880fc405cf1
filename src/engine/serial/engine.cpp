// The floor of engines: one task after the other, in index order.
// SPDX-License-Identifier: MIT
#include "engine/serial/engine.hpp"

namespace assay::engine::serial {
namespace {

class Serial final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "serial"; }
  [[nodiscard]] Availability availability() const override { return {true, "always there"}; }
  void run(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options&,
           std::stop_token stop) const override {
    for (std::size_t i = 0; i < tasks.size() && !stop.stop_requested(); ++i) {
      const plan::Task task = tasks.at(i);
      plan::Outcome outcome = evaluate_task(body, task, name(), stop);
      if (stop.stop_requested() && outcome.status == plan::Status::skipped) return;
      sink.accept(task.index, std::move(outcome));
    }
  }
};

}  // namespace

const Engine& instance() {
  static const Serial engine;
  return engine;
}

}  // namespace assay::engine::serial
