#include "engine/loops.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace assay::engine {

bool run_task(const Run& run, const TaskBody& body, std::size_t i) {
  if (run.stop.stop_requested()) return false;
  const plan::Task task = run.tasks.at(i);
  plan::Outcome outcome = evaluate_task(body, task, run.engine, run.stop);
  if (run.stop.stop_requested() && outcome.status == plan::Status::skipped) return false;
  run.sink.accept(task.index, std::move(outcome));
  return true;
}

void run_in_order(const Run& run, const TaskBody& body) {
  for (std::size_t i = 0; i < run.tasks.size() && run_task(run, body, i); ++i) {
  }
}

void run_on_threads(const Run& run, std::size_t count,
                    const std::function<const TaskBody&(std::size_t)>& body_of) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> broken{false};
  std::mutex mutex;
  std::exception_ptr problem;
  const auto work = [&](std::size_t thread) {
    try {
      const TaskBody& body = body_of(thread);
      while (!broken) {
        const std::size_t i = next.fetch_add(1);
        if (i >= run.tasks.size() || !run_task(run, body, i)) return;
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!problem) problem = std::current_exception();
      broken = true;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t thread = 0; thread < count; ++thread) threads.emplace_back(work, thread);
  }
  if (problem) std::rethrow_exception(problem);
}

}  // namespace assay::engine
