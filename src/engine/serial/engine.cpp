// The floor of engines: one task after the other, in index order.
// SPDX-License-Identifier: MIT
#include "engine/serial/engine.hpp"

#include "engine/loops.hpp"

namespace assay::engine::serial {
namespace {

class Serial final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "serial"; }
  [[nodiscard]] Availability availability() const override { return {true, "always there"}; }
  void run(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options&,
           std::stop_token stop) const override {
    run_in_order({tasks, sink, name(), std::move(stop)}, body);
  }
};

}  // namespace

const Engine& instance() {
  static const Serial engine;
  return engine;
}

}  // namespace assay::engine::serial
