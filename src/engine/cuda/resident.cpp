#include "engine/cuda/resident.hpp"

#include <algorithm>
#include <vector>

#include "core/host.hpp"
#include "engine/loops.hpp"

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
  std::vector<OnStream> bodies;
  for (const auto& stream : streams) bodies.emplace_back(batch, *stream);
  run_on_threads({tasks, sink, engine, std::move(stop)}, bodies.size(),
                 [&](std::size_t thread) -> const TaskBody& { return bodies[thread]; });
}

std::size_t bytes_of_largest(const TaskSource& tasks, const DeviceBatch& batch) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) most = std::max(most, batch.bytes_per_task(tasks.at(i)));
  return most;
}

}  // namespace assay::engine::cuda
