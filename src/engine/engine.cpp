#include "engine/engine.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/host.hpp"
#include "core/suggest.hpp"

namespace assay::engine {

plan::Outcome evaluate_task(const TaskBody& body, const plan::Task& task, std::string_view engine,
                            std::stop_token stop) {
  const auto start = std::chrono::steady_clock::now();
  plan::Outcome outcome;
  try {
    outcome = body.evaluate(task, stop);
  } catch (const Error& e) {
    outcome.status = plan::Status::failed;
    outcome.message = e.what();
  } catch (const std::exception& e) {
    outcome.status = plan::Status::failed;
    outcome.message = std::string("exception: ") + e.what();
  }
  outcome.engine = std::string(engine);
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  outcome.wall_seconds = std::round(took.count()) / 1e6;  // whole microseconds: ten digits less in a journal
  return outcome;
}

int jobs_of(const Options& options, const TaskBody& body) {
  return std::max(1, (options.jobs > 0 ? options.jobs : usable_cores()) / body.slots());
}

int workers_of(const Options& options, const TaskBody& body) {
  return options.workers > 0 ? options.workers : std::max(1, usable_cores() / body.slots());
}

std::size_t batch_size(std::size_t tasks, int threads, const Options& options) {
  if (options.batch_size > 0) return options.batch_size;
  constexpr std::size_t kBatchesAWorker = 64, kLargest = 256;
  return std::clamp<std::size_t>(tasks / (static_cast<std::size_t>(threads) * kBatchesAWorker), 1, kLargest);
}

std::vector<std::size_t> longest_first(const TaskSource& tasks, const TaskBody& body, int threads) {
  constexpr std::size_t kFewAWorker = 64;
  if (tasks.size() > kFewAWorker * static_cast<std::size_t>(threads)) return {};
  std::vector<double> work;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    try {
      work.push_back(body.expected_work(tasks.at(i)));
    } catch (const Error&) {
      work.push_back(0.0);  // an impossible point says so when it runs
    }
  }
  std::vector<std::size_t> order(tasks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return work[a] > work[b]; });
  return order;
}

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const auto* engine : all()) names.emplace_back(engine->name());
  return names;
}

const Engine& get(std::string_view name) {
  for (const auto* engine : all()) {
    if (engine->name() == name) return *engine;
  }
  auto candidates = names();
  candidates.emplace_back("auto");
  throw UserError(
      Problem{.what = "no engine \"" + std::string(name) + "\"", .expected = one_of(name, candidates)});
}

Choice choose(std::size_t tasks, const TaskBody& body, const Options& options) {
  if (body.external())
    return {&get("process"),
            "a program is started for each task, " + std::to_string(jobs_of(options, body)) + " at a time"};
  const Engine& cuda = get("cuda");
  constexpr std::size_t kWorthADevice = 32;  // below it start-up of the device outweighs the batch
  if (body.device_batch() != nullptr && tasks >= kWorthADevice) {
    if (const auto a = cuda.availability(); a.usable)
      return {&cuda, "a device is there and the workload has a batch kernel (" + a.reason + ")"};
  }
  const int threads = options.threads > 0 ? options.threads : usable_cores();
  if (tasks <= 1) return {&get("serial"), "one task"};
  if (threads <= 1) return {&get("serial"), "one core"};
  return {&get("tbb"), std::to_string(tasks) + " tasks, " + std::to_string(threads) + " cores"};
}

}  // namespace assay::engine
