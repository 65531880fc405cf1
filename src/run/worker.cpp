// One thread talks to the manager, the others run tasks: a task that takes hours does not keep a heartbeat from
// being sent. Results wait up to 20 ms for others to travel with.
// SPDX-License-Identifier: MIT
#include "run/worker.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "cluster/message.hpp"
#include "cluster/transport.hpp"
#include "core/error.hpp"
#include "core/version.hpp"
#include "run/work_order.hpp"

namespace assay::run {
namespace {

using cluster::Frame;
namespace kind = cluster::kind;

constexpr double kCollectSeconds = 0.02;
constexpr double kSignalSeconds = 1.0;  // between the signals to the processes of a job, on a busy machine
constexpr double kMissedBeats = 8.0;
constexpr std::size_t kCollectBytes = 64 * 1024;

/// The tasks of one study: a queue, threads that work on it, and results that wait to be sent.
class Desk {
 public:
  Desk(Study study, const cluster::WorkOrder& order, const WorkerRequest& request, cluster::Channel& channel,
       std::stop_token told_to_end)
      : study_(std::move(study)),
        engine_(request.engine),
        channel_(channel),
        told_to_end_(std::move(told_to_end)) {
    std::filesystem::path folder;
    if (!order.folder.empty())  // of its own: another worker may have to run one of its tasks again
      folder = std::filesystem::path(order.folder) / "workers" /
               (cluster::host_name() + "-" + std::to_string(::getpid()));
    body_ = study_.workload().bind({.limits = limits_of(order),
                                    .folder = folder,
                                    .stop = ending_.get_token(),
                                    .give_up = [this](const std::string& why) { give_up(why); }});
    const int threads = std::max(1, request.slots / study_.workload().slots());
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  }
  ~Desk() { end(); }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  [[nodiscard]] const Study& study() const { return study_; }

  void add(const std::vector<cluster::Span>& spans) {
    const std::lock_guard lock(mutex_);
    for (const auto& span : spans) {
      if (span.second >= study_.points().size())
        throw cluster::ProtocolError("a batch with a task that is none");
      queue_.push_back(span);
    }
    wake_.notify_all();
  }
  /// Nothing more is begun.
  void drop() {
    const std::lock_guard lock(mutex_);
    queue_.clear();
  }
  /// Running programs are told to end, too.
  void begin_to_end() {
    drop();
    tasks_.request_stop();
    ending_.request_stop();
  }
  /// And the threads are waited for.
  void end() {
    begin_to_end();
    finish();
  }
  /// Waits for what runs.
  void finish() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
      wake_.notify_all();
    }
    for (auto& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  [[nodiscard]] bool idle() {
    const std::lock_guard lock(mutex_);
    return queue_.empty() && running_ == 0;
  }
  /// Results to send now: enough of them, or the oldest has waited long enough, or nobody adds to them.
  std::optional<Frame> results(double now, bool all) {
    const std::lock_guard lock(mutex_);
    if (results_.empty()) return std::nullopt;
    const bool dry = queue_.empty() && running_ == 0;
    if (!all && !dry && results_.bytes() < kCollectBytes && now - oldest_ < kCollectSeconds)
      return std::nullopt;
    return results_.take();
  }
  [[nodiscard]] std::string given_up() {
    const std::lock_guard lock(mutex_);
    return given_up_;
  }
  [[nodiscard]] std::size_t done() {
    const std::lock_guard lock(mutex_);
    return done_;
  }

 private:
  void work() {
    const engine::TaskBody& body = body_ ? *body_ : static_cast<const engine::TaskBody&>(study_.workload());
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return over_ || !queue_.empty(); });
      if (queue_.empty()) return;
      const std::size_t index = queue_.front().first;
      if (queue_.front().first++ == queue_.front().second) queue_.pop_front();
      ++running_;
      lock.unlock();
      plan::Outcome outcome = engine::evaluate_task(body, study_.task(index), engine_, tasks_.get_token());
      const bool counts =
          !(tasks_.stop_requested() && outcome.status == plan::Status::skipped) && !ended_with_us(outcome);
      lock.lock();
      --running_;
      if (!counts || !given_up_.empty()) continue;
      if (results_.empty()) oldest_ = cluster::steady_seconds();
      results_.add(index, outcome);
      ++done_;
      if ((queue_.empty() && running_ == 0) || results_.bytes() >= kCollectBytes) channel_.wake();
    }
  }
  /// A scheduler that ends a job signals all its processes: the program may be gone before we hear of it. That
  /// is no failure of the task.
  bool ended_with_us(const plan::Outcome& outcome) {
    const bool by_signal = !outcome.log.empty() && outcome.log.back().cause == "signal" &&
                           (outcome.log.back().signal == SIGTERM || outcome.log.back().signal == SIGINT);
    if (!by_signal) return false;
    std::unique_lock lock(mutex_);
    ending_heard_.wait_for(lock, told_to_end_, std::chrono::duration<double>(kSignalSeconds),
                           [] { return false; });
    return told_to_end_.stop_requested();
  }
  void give_up(const std::string& why) {
    const std::lock_guard lock(mutex_);
    given_up_ = why;
    queue_.clear();
    channel_.wake();
  }

  Study study_;
  std::string engine_;
  cluster::Channel& channel_;
  std::stop_token told_to_end_;
  std::condition_variable_any ending_heard_;
  std::stop_source tasks_, ending_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<cluster::Span> queue_;
  int running_ = 0;
  bool over_ = false;
  std::size_t done_ = 0;
  double oldest_ = 0.0;
  std::string given_up_;
  cluster::ResultsWriter results_;
  std::unique_ptr<engine::TaskBody> body_;
  std::vector<std::thread> threads_;
};

class Worker {
 public:
  Worker(cluster::Channel& channel, const WorkerRequest& request, const std::stop_token& stop)
      : channel_(channel), request_(request), stop_(stop), started_(cluster::steady_seconds()) {}

  WorkerEnd run() {
    heard_ = cluster::steady_seconds();
    greet();
    try {
      while (!over_) {
        if (const auto frame = channel_.receive(wait_seconds())) {
          heard_ = cluster::steady_seconds();
          receive(*frame);
        }
        look_around();
      }
    } catch (const cluster::ProtocolError& e) {
      end_.refused = e.what();
      vanish("what came is no message of a manager");
    }
    if (desk_) end_.tasks += desk_->done();
    return std::move(end_);
  }

 private:
  [[nodiscard]] double wait_seconds() const { return desk_ ? kCollectSeconds : 0.1; }

  void send(const Frame& frame) {
    told_ = cluster::steady_seconds();
    channel_.send(frame);
  }

  /// At the start, and after each study: what was said before it is of that study.
  void greet() {
    send(cluster::hello_frame({.tool = std::string(version()),
                               .host = cluster::host_name(),
                               .process = ::getpid(),
                               .slots = request_.slots,
                               .label = request_.label}));
  }

  void receive(const Frame& frame) {
    if (frame.kind == kind::study) return begin(frame);
    if (frame.kind == kind::stop) return stop_as_told(frame.payload);
    if (!desk_) return;
    if (frame.kind == kind::batch) return desk_->add(cluster::parse_spans(frame.payload));
    if (frame.kind == kind::drop) return desk_->drop();
    if (frame.kind == kind::release) {
      close_desk();
      greet();
    }
  }

  void begin(const Frame& frame) {
    close_desk();
    auto [order, beat_seconds] = cluster::parse_study(frame);
    beat_seconds_ = beat_seconds;
    try {
      Study study = study_of(order);
      study.workload().check_ready();
      const cluster::Ready ready{study.config_sha256(), identity_text(study)};
      desk_.emplace(std::move(study), order, request_, channel_, stop_);
      send(cluster::ready_frame(ready));
    } catch (const std::exception& e) {
      end_.refused = e.what();
      send(cluster::text_frame(kind::refuse, e.what()));
    }
  }

  void close_desk() {
    if (!desk_) return;
    desk_->end();
    end_.tasks += desk_->done();
    desk_.reset();
  }

  void leave(const std::string& why, bool finish) {
    if (desk_) {
      finish ? desk_->drop() : desk_->begin_to_end();
      finish_with_beats(!finish);
      if (const auto frame = desk_->results(0.0, true)) send(*frame);
    }
    send(cluster::text_frame(kind::bye, why));
    end_.why = why;
    over_ = true;
  }

  /// What runs may take its time, and so may a program that is told to end; the manager must not take that for
  /// silence. A second word can end it.
  void finish_with_beats(bool ending) {
    while (!desk_->idle() && !channel_.closed() && (ending || !stop_.stop_requested())) {
      if (const auto frame = channel_.receive(kCollectSeconds);
          frame && frame->kind == kind::stop && frame->payload == cluster::kEnd && !ending)
        break;
      beat();
    }
    desk_->end();
  }

  void stop_as_told(const std::string& how) {
    end_.told = true;
    leave("stopped by the manager", how == cluster::kFinish);
  }

  void beat() {
    if (cluster::steady_seconds() - told_ > beat_seconds_) send(cluster::text_frame(kind::beat, ""));
  }

  /// What happens by itself: results, heartbeats, ends.
  void look_around() {
    if (over_) return;
    const double now = cluster::steady_seconds();
    if (desk_) {
      if (const auto frame = desk_->results(now, false)) send(*frame);
      if (const std::string why = desk_->given_up(); !why.empty())
        return leave("no program can be started any more: " + why, false);
    }
    if (channel_.closed()) return vanish("the manager has gone");
    if (request_.silence_seconds > 0.0 && now - heard_ > request_.silence_seconds)
      return vanish("no word from the manager for too long");
    if (request_.expects_beats && desk_ && now - heard_ > kMissedBeats * beat_seconds_)
      return vanish("no beat from the manager for too long");
    if (stop_.stop_requested()) return leave("told to end by a signal", false);
    if (request_.leave_seconds > 0.0 && now - started_ > request_.leave_seconds)
      return leave("its time is over", true);
    beat();
  }

  void vanish(const std::string& why) {
    if (desk_) desk_->end();
    end_.why = why;
    over_ = true;
  }

  cluster::Channel& channel_;
  const WorkerRequest& request_;
  const std::stop_token& stop_;
  double started_, heard_ = 0.0, told_ = 0.0, beat_seconds_ = 1.0;
  std::optional<Desk> desk_;
  bool over_ = false;
  WorkerEnd end_;
};

}  // namespace

WorkerEnd serve(cluster::Channel& channel, const WorkerRequest& request, const std::stop_token& stop) {
  return Worker(channel, request, stop).run();
}

}  // namespace assay::run
