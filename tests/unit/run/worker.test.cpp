// A worker at the other end of a channel in memory, with the test as its manager.
// SPDX-License-Identifier: MIT
#include "run/worker.hpp"

#include <catch2/catch.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "cluster/message.hpp"
#include "cluster/transport.hpp"
#include "core/version.hpp"
#include "run/work_order.hpp"

using namespace assay;
using cluster::Frame;
namespace kind = cluster::kind;

namespace {

class MemoryChannel final : public cluster::Channel {
 public:
  bool send(const Frame& frame) override {
    const std::lock_guard lock(mutex_);
    from_.push_back(frame);
    changed_.notify_all();
    return true;
  }
  std::optional<Frame> receive(double seconds) override {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::duration<double>(seconds),
                      [&] { return woken_ || closed_ || !to_.empty(); });
    woken_ = false;
    if (to_.empty()) return std::nullopt;
    Frame frame = std::move(to_.front());
    to_.pop_front();
    return frame;
  }
  [[nodiscard]] bool closed() const override { return closed_; }
  void wake() override {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }
  // The manager's side.
  void give(Frame frame) {
    const std::lock_guard lock(mutex_);
    to_.push_back(std::move(frame));
    changed_.notify_all();
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  int beats = 0;  ///< that were passed over
  /// The next message that is no heartbeat.
  Frame take() {
    std::unique_lock lock(mutex_);
    while (true) {
      if (!changed_.wait_for(lock, std::chrono::seconds(60), [&] { return !from_.empty(); }))
        throw std::runtime_error("the worker says nothing");
      Frame frame = std::move(from_.front());
      from_.pop_front();
      if (frame.kind != kind::beat) return frame;
      ++beats;
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Frame> to_, from_;
  bool woken_ = false;
  std::atomic<bool> closed_{false};
};

/// A worker in a thread of its own.
struct Service {
  MemoryChannel channel;
  std::stop_source stop;
  run::WorkerEnd end;
  std::thread thread;
  explicit Service(run::WorkerRequest request = {}) {
    thread = std::thread([this, request] { end = run::serve(channel, request, stop.get_token()); });
  }
  ~Service() {
    channel.close();
    if (thread.joinable()) thread.join();
  }
  const run::WorkerEnd& wait() {
    thread.join();
    return end;
  }
};

run::Study study_of(const std::string& text, const std::vector<std::string>& axes) {
  return run::Study::make(Config::from_text(text, "t"), {.axes = axes}, run::Scope::scan);
}

const char* const kFormula = "workload = \"formula\"\n[variables]\nx = 1.0\n[formula]\ny = \"exp(sin(x))\"\n";

std::string sleeping(const std::string& script) {
  return "workload = \"command\"\n[parameters]\nx = 1\n[command]\nshell = '" + script + "'\n";
}

std::map<std::size_t, plan::Outcome> results_from(MemoryChannel& channel, std::size_t count) {
  std::map<std::size_t, plan::Outcome> all;
  while (all.size() < count) {
    const Frame frame = channel.take();
    REQUIRE(frame.kind == kind::results);
    cluster::parse_results(frame, [&](std::size_t task, plan::Outcome o) { all[task] = std::move(o); });
  }
  return all;
}

void begin(Service& worker, const run::Study& study, double beat_seconds = 60.0) {
  REQUIRE(worker.channel.take().kind == kind::hello);
  worker.channel.give(cluster::study_frame(run::work_order(study, {}), beat_seconds));
  const auto ready = cluster::parse_ready(worker.channel.take());
  REQUIRE(ready.config_sha256 == study.config_sha256());
  REQUIRE(ready.identity == run::identity_text(study));
}

}  // namespace

TEST_CASE("a worker gives the floor's bits for the tasks that it gets, for one study and the next") {
  Service worker({.slots = 3, .engine = "here"});
  const run::Study study = study_of(kFormula, {"x=0:3:500"});
  begin(worker, study);
  worker.channel.give(cluster::text_frame(kind::batch, "0-99,200"));
  worker.channel.give(cluster::text_frame(kind::batch, "400-449"));
  auto results = results_from(worker.channel, 151);
  for (const auto& [task, outcome] : results) {
    const auto floor = engine::evaluate_task(study.workload(), study.task(task), "here", {});
    REQUIRE(outcome.status == plan::Status::ok);
    REQUIRE(outcome.engine == "here");
    REQUIRE(std::get<double>(outcome.observables[0].second) == std::get<double>(floor.observables[0].second));
  }
  worker.channel.give(cluster::text_frame(kind::release, ""));
  REQUIRE(worker.channel.take().kind == kind::hello);
  const run::Study next = study_of(kFormula, {"x=5:6:3"});
  worker.channel.give(cluster::study_frame(run::work_order(next, {}), 60.0));
  REQUIRE(worker.channel.take().kind == kind::ready);
  worker.channel.give(cluster::text_frame(kind::batch, "2"));
  results = results_from(worker.channel, 1);
  CHECK(std::get<double>(results.at(2).observables[0].second) == std::exp(std::sin(6.0)));
  worker.channel.give(cluster::text_frame(kind::stop, "finish"));
  CHECK(worker.channel.take().kind == kind::bye);
  CHECK(worker.wait().tasks == 152);
}

TEST_CASE("a worker refuses a study that it cannot make, with the reason") {
  Service worker;
  REQUIRE(worker.channel.take().kind == kind::hello);
  auto order = run::work_order(study_of(kFormula, {"x=0:3:5"}), {});
  order.config = "{\"workload\": \"no-such\", \"seed\": 0}";
  worker.channel.give(cluster::study_frame(order, 60.0));
  const Frame answer = worker.channel.take();
  CHECK(answer.kind == kind::refuse);
  CHECK(answer.payload.find("no-such") != std::string::npos);
  order.config = "{\"workload\": \"formula\", \"variables\": {\"x\": 1.0}, \"formula\": {\"y\": \"x\"}}";
  order.limits = "{\"retries\": \"many\"}";
  worker.channel.give(cluster::study_frame(order, 60.0));
  CHECK(worker.channel.take().kind == kind::refuse);
  worker.channel.give(cluster::text_frame(kind::stop, "end"));
  CHECK_FALSE(worker.wait().refused.empty());
}

TEST_CASE("a worker's digests are of what it has itself: a program that is another one shows") {
  const run::Study study = study_of(sleeping("echo $x"), {"x=1:4"});
  auto order = run::work_order(study, {});
  CHECK(order.identity.find("executable") != std::string::npos);
  order.config.replace(order.config.find("echo"), 4, "true");
  Service worker;
  REQUIRE(worker.channel.take().kind == kind::hello);
  worker.channel.give(cluster::study_frame(order, 60.0));
  const auto ready = cluster::parse_ready(worker.channel.take());
  CHECK(ready.config_sha256 != order.config_sha256);
  CHECK(ready.identity != order.identity);
}

TEST_CASE("a worker beats while a task runs, and drops what it has not begun when told to") {
  Service worker;
  const run::Study study = study_of(sleeping("sleep 0.4; echo $x"), {"x=1:4"});
  REQUIRE(worker.channel.take().kind == kind::hello);
  worker.channel.give(cluster::study_frame(run::work_order(study, {}), 0.05));
  REQUIRE(worker.channel.take().kind == kind::ready);
  worker.channel.give(cluster::text_frame(kind::batch, "0-3"));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  worker.channel.give(cluster::text_frame(kind::drop, ""));
  const auto results = results_from(worker.channel, 1);
  CHECK(results.begin()->second.status == plan::Status::ok);
  worker.channel.give(cluster::text_frame(kind::stop, "finish"));
  CHECK(worker.channel.take().kind == kind::bye);
  CHECK(worker.wait().tasks <= 2);  // a second one may have begun on a machine that was elsewhere
}

TEST_CASE(
    "told to finish, a worker ends what runs; told to end, it ends it at once and that counts as not done") {
  for (const bool finish : {true, false}) {
    Service worker;
    begin(worker, study_of(sleeping(finish ? "sleep 0.5; echo $x" : "sleep 600; echo $x"), {"x=1:4"}));
    worker.channel.give(cluster::text_frame(kind::batch, "0-3"));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    worker.channel.give(cluster::text_frame(kind::stop, finish ? "finish" : "end"));
    if (finish) CHECK(results_from(worker.channel, 1).size() == 1);
    CHECK(worker.channel.take().kind == kind::bye);
    CHECK(worker.wait().tasks == (finish ? 1U : 0U));
  }
}

TEST_CASE("a worker whose time is over finishes its task and says goodbye") {
  Service worker({.leave_seconds = 0.3});
  begin(worker, study_of(sleeping("sleep 0.5; echo $x"), {"x=1:4"}));
  worker.channel.give(cluster::text_frame(kind::batch, "0-3"));
  CHECK(results_from(worker.channel, 1).size() == 1);
  const Frame bye = worker.channel.take();
  CHECK(bye.kind == kind::bye);
  CHECK(bye.payload == "its time is over");
  CHECK(worker.wait().tasks == 1);
}

TEST_CASE("a worker ends with its manager, and with a signal, and takes its programs with it") {
  for (const bool closed : {true, false}) {
    Service worker;
    begin(worker, study_of(sleeping("sleep 600; echo $x"), {"x=1:4"}));
    worker.channel.give(cluster::text_frame(kind::batch, "0-3"));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    closed ? worker.channel.close() : static_cast<void>(worker.stop.request_stop());
    CHECK(worker.wait().tasks == 0);
    CHECK(worker.end.why == (closed ? "the manager has gone" : "told to end by a signal"));
  }
}

TEST_CASE("a worker that ends a program which will not end is not silent meanwhile") {
  Service worker;
  begin(worker, study_of(sleeping("trap \"\" TERM; sleep 600; echo $x"), {"x=1:1"}), 0.1);
  worker.channel.give(cluster::text_frame(kind::batch, "0"));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // the program is there, and deaf
  worker.stop.request_stop();
  const double told = cluster::steady_seconds();
  CHECK(worker.channel.take().kind == kind::bye);
  if (cluster::steady_seconds() - told > 1.0) CHECK(worker.channel.beats >= 5);  // else it was not deaf yet
  CHECK(worker.wait().tasks == 0);
}

TEST_CASE("a worker whose manager falls silent ends, where its channel cannot tell") {
  Service worker({.silence_seconds = 0.2});
  CHECK(worker.wait().why == "no word from the manager for too long");
}

TEST_CASE("a batch of tasks that the study does not have ends a worker with an error") {
  Service worker;
  begin(worker, study_of(kFormula, {"x=0:3:5"}));
  worker.channel.give(cluster::text_frame(kind::batch, "3-7"));
  CHECK(worker.wait().refused == "a batch with a task that is none");
}

TEST_CASE("a program that ends with the worker's own signal has not failed; one that a signal ends alone has") {
  for (const bool together : {true, false}) {
    Service worker;
    begin(worker, study_of(sleeping("kill -TERM $$; echo $x"), {"x=1:1"}));
    worker.channel.give(cluster::text_frame(kind::batch, "0"));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    if (together) worker.stop.request_stop();
    if (!together) CHECK(results_from(worker.channel, 1).at(0).status == plan::Status::failed);
    if (together) CHECK(worker.channel.take().kind == kind::bye);
  }
}
