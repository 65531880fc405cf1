// The decomposition contract, on results and not on a range of numbers: n elements are shared among workers by
// the engine, each worker's share comes back on its own, and the shares put together must be the serial answer.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/engine.hpp"
#include "gate/all.hpp"

namespace assay::gate {
namespace {

struct Split {
  std::size_t elements;
  int workers;
};

/// 0 is no case: a study has a task. One, a prime, powers of two, more workers than elements.
constexpr std::array splits{Split{1, 1}, Split{1, 3},  Split{2, 2},  Split{5, 2},
                            Split{7, 3}, Split{64, 3}, Split{97, 2}, Split{3, 5}};

/// Different for every element, and never zero.
double value_of(std::size_t element, std::size_t of) {
  return std::sin(1.0 + static_cast<double>(element)) + 2.0 + 1e-3 * static_cast<double>(of);
}

class Body final : public engine::TaskBody {
 public:
  explicit Body(std::size_t of) : of_(of) {}
  plan::Outcome evaluate(const plan::Task& task, std::stop_token) const override {
    return {.status = plan::Status::ok, .observables = {{"value", value_of(task.index, of_)}}};
  }

 private:
  std::size_t of_;
};

class Elements final : public engine::TaskSource {
 public:
  explicit Elements(std::size_t n) : n_(n) {}
  [[nodiscard]] std::size_t size() const override { return n_; }
  [[nodiscard]] plan::Task at(std::size_t i) const override { return {.index = i}; }

 private:
  std::size_t n_;
};

/// What one worker delivered, in its own order.
struct Share {
  std::vector<std::size_t> indices;
  std::vector<double> values;
};

/// Shares by worker; nobody writes into a common array, so a lost or doubled element cannot hide.
class Shares final : public engine::Sink {
 public:
  /// The first deliveries of `due` threads wait for each other, so that the work is really shared on a busy
  /// machine.
  explicit Shares(std::size_t due) : due_(due) {}
  void accept(std::size_t index, plan::Outcome outcome) override {
    // The later an element, the sooner it is through: shares complete in another order than they began.
    std::this_thread::sleep_for(std::chrono::microseconds(50 * (7 - index % 7)));
    std::unique_lock lock(mutex_);
    Share& share = by_worker_[std::this_thread::get_id()];
    if (share.indices.empty()) {
      arrived_.notify_all();
      arrived_.wait_for(lock, std::chrono::seconds(20), [this] { return by_worker_.size() >= due_; });
    }
    share.indices.push_back(index);
    share.values.push_back(std::get<double>(outcome.observables.at(0).second));
  }
  [[nodiscard]] std::vector<Share> all() const {
    std::vector<Share> shares;
    for (const auto& [thread, share] : by_worker_) shares.push_back(share);
    return shares;
  }

 private:
  std::size_t due_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<std::thread::id, Share> by_worker_;
};

class Decomposition final : public Gate {
 public:
  [[nodiscard]] std::string name() const override { return "parallel.decomposition-contract"; }
  [[nodiscard]] std::string summary() const override {
    return "elements shared among workers and put together again: each once, in its place";
  }
  [[nodiscard]] Json definition() const override {
    Json cases = Json::array();
    for (const Split& s : splits) cases.push_back({{"elements", s.elements}, {"workers", s.workers}});
    return {{"name", name()}, {"level", "bit"}, {"splits", cases}, {"value", "sin(1+i) + 2 + n/1000"}};
  }

  SideResult floor(Runtime&) override {
    SideResult side = empty();
    for (const Split& s : splits) {
      for (std::size_t i = 0; i < s.elements; ++i) {
        side.observables[0].values.push_back(value_of(i, s.elements));
        side.observables[1].values.push_back(static_cast<double>(i + 1));
        side.observables[2].values.push_back(1.0);
      }
    }
    side.record = {{"engine", "a loop"}};
    return side;
  }
  [[nodiscard]] std::vector<std::string> candidates() const override {
    return {"fixed shares", "dynamic shares"};
  }

  SideResult candidate(std::size_t which, Runtime& runtime) override {
    SideResult side = empty();
    const auto batching = which == 0 ? engine::Batching::fixed : engine::Batching::dynamic;
    std::size_t most_workers = 0;
    for (const Split& s : splits) {
      Shares shares(std::min(s.elements, static_cast<std::size_t>(s.workers)));
      engine::get("tbb").run(Elements(s.elements), Body(s.elements), shares,
                             {.threads = s.workers, .batching = batching}, runtime.stop);
      most_workers = std::max(most_workers, shares.all().size());
      put_together(s, shares.all(), batching, side);
    }
    side.record = {{"engine", "tbb"}};
    if (most_workers < 2) side.blockers.emplace_back("only one worker was seen: nothing was shared");
    return side;
  }

 private:
  static SideResult empty() {
    return {.observables = {{"value", {}, {}}, {"place", {}, {}}, {"times", {}, {}}}};
  }

  /// Elements nobody delivered stay NaN; every delivery is counted.
  static void put_together(const Split& s, const std::vector<Share>& shares, engine::Batching batching,
                           SideResult& side) {
    const std::string which =
        std::to_string(s.elements) + " elements, " + std::to_string(s.workers) + " workers: ";
    std::vector<double> values(s.elements, std::nan("")), places(s.elements, std::nan("")),
        times(s.elements, 0.0);
    for (const Share& share : shares) {
      for (std::size_t k = 0; k < share.indices.size(); ++k) {
        const std::size_t i = share.indices[k];
        if (i >= s.elements) {
          side.failures.push_back(which + "element " + std::to_string(i) + " is out of range");
          continue;
        }
        values[i] = share.values[k];
        places[i] = static_cast<double>(i + 1);
        times[i] += 1.0;
      }
      const bool rising = std::is_sorted(share.indices.begin(), share.indices.end());
      if (batching == engine::Batching::fixed && !rising)
        side.failures.push_back(which + "a share is out of order");
    }
    if (shares.size() > std::min(s.elements, static_cast<std::size_t>(s.workers))) {
      side.failures.push_back(which + std::to_string(shares.size()) + " workers delivered");
    }
    const auto append = [&](std::size_t o, const std::vector<double>& from) {
      auto& to = side.observables[o].values;
      to.insert(to.end(), from.begin(), from.end());
    };
    append(0, values);
    append(1, places);
    append(2, times);
  }
};

}  // namespace

std::unique_ptr<Gate> decomposition_contract() {
  return std::make_unique<Decomposition>();
}

}  // namespace assay::gate
