#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "gate/study_side.hpp"

namespace assay::gate {

namespace {

std::string this_thread() {
  std::ostringstream name;
  name << "thread " << std::this_thread::get_id();
  return name.str();
}

}  // namespace

struct WatchedStore::State {
  std::size_t meet;
  bool shuffle;
  std::mutex mutex;
  std::condition_variable arrived;
  std::set<std::string> workers;
  std::map<std::size_t, std::size_t> times;
  std::vector<std::size_t> order;
};

WatchedStore::WatchedStore(run::ResultStore& inner, std::size_t meet, bool shuffle)
    : inner_(inner), state_(new State{.meet = meet, .shuffle = shuffle}) {}

WatchedStore::~WatchedStore() = default;

void WatchedStore::accept(std::size_t index, plan::Outcome outcome) {
  State& s = *state_;
  // Threads wait for each other at their first result, or the first of them might do everything. Processes,
  // which results name, cannot: one thread delivers what all of them did.
  const bool process = !outcome.worker.empty();
  {
    std::unique_lock lock(s.mutex);
    if (s.workers.insert(process ? outcome.worker : this_thread()).second && !process) {
      if (s.workers.size() >= s.meet) s.arrived.notify_all();
      s.arrived.wait_for(lock, std::chrono::seconds(20), [&] { return s.workers.size() >= s.meet; });
    }
  }
  // A delay that depends on the task alone, so that neighbours overtake each other.
  if (s.shuffle) std::this_thread::sleep_for(std::chrono::microseconds((index * 7919U) % 13U * 100U));
  inner_.accept(index, std::move(outcome));
  const std::lock_guard lock(s.mutex);
  ++s.times[index];
  s.order.push_back(index);
}

std::size_t WatchedStore::workers() const {
  const std::lock_guard lock(state_->mutex);
  return state_->workers.size();
}
std::vector<std::size_t> WatchedStore::order() const {
  const std::lock_guard lock(state_->mutex);
  return state_->order;
}
std::vector<std::size_t> WatchedStore::repeated() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::size_t> twice;
  for (const auto& [index, times] : state_->times) {
    if (times > 1) twice.push_back(index);
  }
  return twice;
}

}  // namespace assay::gate
