#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "engine/engine.hpp"

using namespace assay;
using namespace assay::engine;

namespace {

struct Numbers final : TaskSource {
  std::size_t n;
  explicit Numbers(std::size_t count) : n(count) {}
  std::size_t size() const override { return n; }
  plan::Task at(std::size_t i) const override { return {i * 3, {{"x", static_cast<double>(i)}}, i}; }
};

struct Square final : TaskBody {
  plan::Outcome evaluate(const plan::Task& task, std::stop_token) const override {
    const double x = as_real(task.point.at(0).second);
    if (x == 13.0) throw std::runtime_error("unlucky");
    plan::Outcome o;
    o.status = plan::Status::ok;
    o.observables = {{"y", x * x}};
    return o;
  }
};

struct Collect final : Sink {
  std::mutex mutex;
  std::map<std::size_t, plan::Outcome> got;
  std::size_t calls = 0;
  std::stop_source* stop_after = nullptr;
  void accept(std::size_t index, plan::Outcome outcome) override {
    const std::lock_guard lock(mutex);
    got[index] = std::move(outcome);
    if (++calls == 5 && stop_after != nullptr) stop_after->request_stop();
  }
};

}  // namespace

TEST_CASE("serial and tbb do each task exactly once, whatever threads and batches") {
  for (const char* name : {"serial", "tbb"}) {
    for (int threads : {1, 2, 3, 8}) {
      for (const Batching batching : {Batching::dynamic, Batching::fixed}) {
        for (const std::size_t n : {0u, 1u, 7u, 100u}) {
          Collect sink;
          get(name).run(Numbers(n), Square{}, sink,
                        {.threads = threads, .batching = batching, .batch_size = n / 3}, {});
          REQUIRE(sink.calls == n);
          REQUIRE(sink.got.size() == n);
          for (const auto& [index, outcome] : sink.got) {
            CHECK(outcome.engine == name);
            if (index != 39)
              CHECK(std::get<double>(outcome.observables.at(0).second) ==
                    static_cast<double>(index / 3 * (index / 3)));
          }
        }
      }
    }
  }
}

TEST_CASE("few uneven tasks are taken longest first, and an impossible one last") {
  struct Uneven final : TaskBody {
    plan::Outcome evaluate(const plan::Task&, std::stop_token) const override { return {}; }
    double expected_work(const plan::Task& task) const override {
      const double x = as_real(task.point.at(0).second);
      if (x == 2.0) throw UserError("no such point");
      return x == 4.0 ? 50.0 : 10.0 - x;
    }
  };
  struct Order final : Sink {
    std::vector<std::size_t> taken;
    void accept(std::size_t index, plan::Outcome) override { taken.push_back(index / 3); }
  } sink;
  get("tbb").run(Numbers(6), Uneven{}, sink, {.threads = 1}, {});
  CHECK(sink.taken == std::vector<std::size_t>{4, 0, 1, 3, 5, 2});
  sink.taken.clear();
  get("tbb").run(Numbers(6), Uneven{}, sink, {.threads = 1, .batching = Batching::fixed}, {});
  CHECK(sink.taken == std::vector<std::size_t>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("a task that throws is a failed outcome with its message, and the others go on") {
  Collect sink;
  get("tbb").run(Numbers(20), Square{}, sink, {.threads = 2}, {});
  CHECK(sink.got.at(39).status == plan::Status::failed);
  CHECK(sink.got.at(39).message == "exception: unlucky");
  CHECK(sink.got.size() == 20);
}

TEST_CASE("a stop request ends a run early and keeps what was done") {
  for (const char* name : {"serial", "tbb"}) {
    std::stop_source stop;
    Collect sink;
    sink.stop_after = &stop;
    get(name).run(Numbers(10000), Square{}, sink, {.threads = 2}, stop.get_token());
    CHECK(sink.calls >= 5);
    CHECK(sink.calls < 10000);
  }
}

struct External final : TaskBody {
  Square square;
  plan::Outcome evaluate(const plan::Task& task, std::stop_token stop) const override {
    return square.evaluate(task, stop);
  }
  [[nodiscard]] bool external() const override { return true; }
};

TEST_CASE("engine process does each task once with any number of jobs, and takes external programs alone") {
  for (const int jobs : {1, 3, 40}) {
    Collect sink;
    get("process").run(Numbers(30), External{}, sink, {.jobs = jobs, .pin = jobs == 3}, {});
    REQUIRE(sink.calls == 30);
    REQUIRE(sink.got.size() == 30);
    CHECK(sink.got.at(87).engine == "process");
  }
  Collect sink;
  CHECK_THROWS_AS(get("process").run(Numbers(1), Square{}, sink, {}, {}), UserError);
  std::stop_source stop;
  sink.stop_after = &stop;
  get("process").run(Numbers(10000), External{}, sink, {.jobs = 2}, stop.get_token());
  CHECK(sink.calls < 10000);
  CHECK(choose(5, External{}, {}).engine == &get("process"));
}

struct FullDisk final : Sink {
  void accept(std::size_t, plan::Outcome) override { throw EnvironmentError("no space left"); }
};

TEST_CASE("a sink that can take no more ends a run of programs with its error") {
  FullDisk sink;
  CHECK_THROWS_WITH(get("process").run(Numbers(1000), External{}, sink, {.jobs = 4}, {}),
                    Catch::Contains("no space left"));
}

TEST_CASE("an engine that is not there says so instead of running elsewhere") {
  if (get("cuda").availability().usable) return;
  Collect sink;
  CHECK_THROWS_AS(get("cuda").run(Numbers(1), Square{}, sink, {}, {}), EnvironmentError);
  CHECK(sink.calls == 0);
}

TEST_CASE("a wrong engine name is answered with the nearest") {
  CHECK_THROWS_WITH(get("tbbb"), Catch::Contains("did you mean \"tbb\""));
}

TEST_CASE("programs that take several slots run so many fewer at a time") {
  struct Wide final : TaskBody {
    mutable std::mutex mutex;
    mutable int now = 0, most = 0;
    plan::Outcome evaluate(const plan::Task&, std::stop_token) const override {
      {
        const std::lock_guard lock(mutex);
        most = std::max(most, ++now);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const std::lock_guard lock(mutex);
      --now;
      return {};
    }
    [[nodiscard]] bool external() const override { return true; }
    [[nodiscard]] int slots() const override { return 3; }
  } body;
  CHECK(jobs_of({.jobs = 6}, body) == 2);
  CHECK(jobs_of({.jobs = 5}, body) == 1);
  CHECK(jobs_of({.jobs = 2}, body) == 1);  // wider than what was asked for, one after the other
  CHECK(workers_of({.workers = 4}, body) == 4);
  Collect sink;
  get("process").run(Numbers(50), body, sink, {.jobs = 6}, {});
  CHECK(sink.calls == 50);
  CHECK(body.most <= 2);
}
