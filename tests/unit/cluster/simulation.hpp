// A cluster that exists only as a queue of events: workers that answer, die, freeze and thaw in simulated time,
// behind the transport interface of the real manager.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "cluster/manager.hpp"
#include "core/version.hpp"

namespace assay::test {

inline plan::Outcome answer_of(std::size_t task, double seconds) {
  return {.status = plan::Status::ok,
          .observables = {{"y", static_cast<double>(task) / 7.0}},
          .engine = "simulated",
          .wall_seconds = seconds};
}

class Simulation final : public cluster::Post {
 public:
  Simulation(std::size_t tasks, cluster::Settings settings, double task_seconds = 0.01)
      : settings_(settings), task_seconds_(task_seconds), answers(tasks, 0), outcomes(tasks) {
    cluster::WorkOrder order{.config = "{}", .config_sha256 = "digest", .identity = "same", .tasks = tasks};
    manager_ =
        std::make_unique<cluster::Manager>(order, cluster::TaskList{tasks, [](std::size_t i) { return i; }},
                                           settings, *this, [this](std::size_t task, plan::Outcome outcome) {
                                             ++answers.at(task);
                                             outcomes.at(task) = std::move(outcome);
                                           });
  }

  cluster::Manager& manager() { return *manager_; }
  [[nodiscard]] double now() const { return now_; }

  void join(int number, cluster::Hello hello = {}, cluster::Ready ready = {"digest", "same"}) {
    if (hello.tool.empty()) hello.tool = std::string(version());
    if (hello.host.empty()) hello.host = "node" + std::to_string(number);
    workers_[number].ready = std::move(ready);
    manager_->joined(number, now_);
    deliver(number, cluster::hello_frame(hello));
    at(now_ + settings_.silence_seconds / 4.0, [this, number] { beat(number); });
  }
  void slow_to_make_a_study(int number, double seconds) { workers_[number].study_seconds = seconds; }
  /// Ends at once; the transport notices.
  void kill(int number) {
    workers_[number].dead = true;
    manager_->gone(number, "killed by the test", now_);
  }
  /// Ends at once; nobody notices but by its silence.
  void vanish(int number) { workers_[number].dead = true; }
  void freeze(int number) { workers_[number].frozen = true; }
  /// What it would have said meanwhile is said now.
  void thaw(int number) {
    workers_[number].frozen = false;
    auto waiting = std::move(workers_[number].waiting);
    workers_[number].waiting.clear();
    for (auto& action : waiting) action();
    beat_once(number);
  }
  /// A worker that dies of this task.
  void poison(std::size_t task) { poisoned_.insert(task); }
  void at(double time, std::function<void()> action) { events_.push({time, order_++, std::move(action)}); }

  /// Runs until every task has its outcome or nothing happens any more; `tick` is part of it.
  void run(double until = 1e9) {
    double ticked = now_;
    while (!manager_->finished() && !events_.empty() && events_.top().time <= until) {
      const Event event = events_.top();
      events_.pop();
      now_ = event.time;
      event.action();
      if (now_ - ticked >= settings_.silence_seconds / 10.0) {
        manager_->tick(now_);
        ticked = now_;
      }
    }
  }

  void send(int number, const cluster::Frame& frame) override {
    Worker& worker = workers_[number];
    ++worker.messages[frame.kind];
    if (worker.dead) return;
    if (frame.kind == cluster::kind::study) {
      worker.busy = worker.study_seconds > 0.0;  // no heartbeat meanwhile, as in a real one
      at(now_ + worker.study_seconds, [this, number] { workers_[number].busy = false; });
      return after(number, worker.study_seconds, cluster::ready_frame(worker.ready));
    }
    if (frame.kind == cluster::kind::stop)
      return after(number, 0.0, cluster::text_frame(cluster::kind::bye, ""));
    if (frame.kind == cluster::kind::drop) worker.queue_version++;
    if (frame.kind == cluster::kind::batch) take(number, worker, cluster::parse_spans(frame.payload));
  }
  void dismiss(int number) override { workers_[number].dismissed = true; }

  struct Worker {
    bool dead = false, frozen = false, dismissed = false, busy = false;
    double study_seconds = 0.0;
    cluster::Ready ready;
    double free_at = 0.0;
    int queue_version = 0;
    std::vector<cluster::Span> given;
    std::map<std::string, int, std::less<>> messages;
    std::vector<std::function<void()>> waiting;
  };
  std::map<int, Worker> workers_;
  double seconds_in_manager = 0.0;
  bool timed = false;

 private:
  struct Event {
    double time;
    std::size_t order;
    std::function<void()> action;
    bool operator<(const Event& o) const { return time != o.time ? time > o.time : order > o.order; }
  };

  void deliver(int number, const cluster::Frame& frame) {
    if (!timed) return manager_->received(number, frame, now_);
    const auto before = std::chrono::steady_clock::now();
    manager_->received(number, frame, now_);
    seconds_in_manager += std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
  }
  void speak(int number, const cluster::Frame& frame) {
    Worker& worker = workers_[number];
    if (worker.dead) return;
    if (worker.frozen) return worker.waiting.push_back([this, number, frame] { speak(number, frame); });
    deliver(number, frame);
  }
  void after(int number, double seconds, cluster::Frame frame) {
    at(now_ + seconds, [this, number, frame = std::move(frame)] { speak(number, frame); });
  }
  void take(int number, Worker& worker, const std::vector<cluster::Span>& spans) {
    cluster::ResultsWriter results;
    worker.free_at = std::max(worker.free_at, now_);
    for (const auto& [first, last] : spans) {
      worker.given.emplace_back(first, last);
      for (std::size_t task = first; task <= last; ++task) {
        worker.free_at += task_seconds_;
        if (poisoned_.count(task) > 0) {
          return at(worker.free_at, [this, number] {
            if (!workers_[number].dead) kill(number);
          });
        }
        results.add(task, answer_of(task, task_seconds_));
      }
    }
    at(worker.free_at, [this, number, version = worker.queue_version, frame = results.take()] {
      if (workers_[number].queue_version == version || workers_[number].frozen) speak(number, frame);
    });
  }
  void beat_once(int number) { speak(number, cluster::text_frame(cluster::kind::beat, "")); }
  void beat(int number) {
    if (workers_[number].dead) return;
    if (!workers_[number].frozen && !workers_[number].busy) beat_once(number);
    at(now_ + settings_.silence_seconds / 4.0, [this, number] { beat(number); });
  }

  cluster::Settings settings_;
  double task_seconds_;
  double now_ = 0.0;
  std::size_t order_ = 0;
  std::priority_queue<Event> events_;
  std::set<std::size_t> poisoned_;
  std::unique_ptr<cluster::Manager> manager_;

 public:
  std::vector<int> answers;  ///< how often each task's outcome was taken
  std::vector<plan::Outcome> outcomes;
};

}  // namespace assay::test
