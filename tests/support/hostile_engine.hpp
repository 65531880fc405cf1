// A test-only engine that does everything an engine may do and no sane one does: random order, as many threads
// as it likes, each task evaluated twice with the first result thrown away, inputs freed before the outcome is
// used.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

#include "engine/engine.hpp"

namespace assay::test {

class HostileEngine final : public engine::Engine {
 public:
  explicit HostileEngine(unsigned seed) : seed_(seed) {}
  [[nodiscard]] std::string_view name() const override { return "hostile"; }
  [[nodiscard]] engine::Availability availability() const override { return {true, "for tests"}; }

  void run(const engine::TaskSource& tasks, const engine::TaskBody& body, engine::Sink& sink,
           const engine::Options&, std::stop_token stop) const override {
    std::vector<std::size_t> order(tasks.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937 random(seed_);
    std::shuffle(order.begin(), order.end(), random);
    const std::size_t workers = 1 + random() % 5;
    std::vector<std::thread> threads;
    for (std::size_t w = 0; w < workers; ++w) {
      threads.emplace_back([&, w] {
        for (std::size_t k = w; k < order.size(); k += workers) {
          auto task = std::make_unique<plan::Task>(tasks.at(order[k]));
          (void)engine::evaluate_task(body, *task, name(), stop);
          plan::Outcome outcome = engine::evaluate_task(body, *task, name(), stop);
          const std::size_t index = task->index;
          task->point.assign(3, {"freed", -1.0});
          task.reset();
          sink.accept(index, std::move(outcome));
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }

 private:
  unsigned seed_;
};

}  // namespace assay::test
