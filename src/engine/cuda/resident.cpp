#include "engine/cuda/resident.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "core/host.hpp"

namespace assay::engine::cuda {
namespace {

/// One task on one stream, seen by evaluate_task as a body.
class OnStream final : public TaskBody {
 public:
  OnStream(const DeviceBatch& batch, DeviceStream& stream) : batch_(batch), stream_(stream) {}
  plan::Outcome evaluate(const plan::Task& task, std::stop_token stop) const override {
    return batch_.evaluate(stream_, task, stop);
  }

 private:
  const DeviceBatch& batch_;
  DeviceStream& stream_;
};

}  // namespace

std::size_t resident_tasks(std::size_t tasks, std::size_t fitting, int threads) {
  constexpr std::size_t tasks_a_core = 4;
  const std::size_t most =
      threads > 0 ? static_cast<std::size_t>(threads) : tasks_a_core * static_cast<std::size_t>(usable_cores());
  return std::max<std::size_t>(1, std::min({tasks, fitting, most}));
}

void run_resident(const TaskSource& tasks, const DeviceBatch& batch, std::size_t resident,
                  const std::function<std::unique_ptr<DeviceStream>()>& make_stream, std::string_view engine,
                  Sink& sink, std::stop_token stop) {
  if (tasks.size() == 0) return;
  std::vector<std::unique_ptr<DeviceStream>> streams;
  while (streams.size() < std::min(resident, tasks.size())) streams.push_back(make_stream());
  std::atomic<std::size_t> next{0};
  const auto work = [&](DeviceStream& stream) {
    const OnStream body(batch, stream);
    for (std::size_t i = next++; i < tasks.size() && !stop.stop_requested(); i = next++) {
      const plan::Task task = tasks.at(i);
      plan::Outcome outcome = evaluate_task(body, task, engine, stop);
      if (stop.stop_requested() && outcome.status == plan::Status::skipped) return;
      sink.accept(task.index, std::move(outcome));
    }
  };
  std::vector<std::jthread> threads;
  for (const auto& stream : streams) threads.emplace_back([&work, &stream] { work(*stream); });
}

std::size_t bytes_of_largest(const TaskSource& tasks, const DeviceBatch& batch) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) most = std::max(most, batch.bytes_per_task(tasks.at(i)));
  return most;
}

}  // namespace assay::engine::cuda
