#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "gate/study_side.hpp"

namespace assay::gate {

struct WatchedStore::State {
  std::size_t meet;
  bool shuffle;
  std::mutex mutex;
  std::condition_variable arrived;
  std::set<std::thread::id> threads;
  std::map<std::size_t, std::size_t> times;
  std::vector<std::size_t> order;
};

WatchedStore::WatchedStore(run::ResultStore& inner, std::size_t meet, bool shuffle)
    : inner_(inner), state_(new State{.meet = meet, .shuffle = shuffle}) {}

WatchedStore::~WatchedStore() = default;

void WatchedStore::accept(std::size_t index, plan::Outcome outcome) {
  State& s = *state_;
  {
    std::unique_lock lock(s.mutex);
    if (s.threads.insert(std::this_thread::get_id()).second) {
      if (s.threads.size() >= s.meet) s.arrived.notify_all();
      s.arrived.wait_for(lock, std::chrono::seconds(20), [&] { return s.threads.size() >= s.meet; });
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
  return state_->threads.size();
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
