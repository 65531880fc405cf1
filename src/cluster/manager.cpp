// SPDX-License-Identifier: MIT
#include "cluster/manager.hpp"

#include <algorithm>

#include "core/version.hpp"

namespace assay::cluster {
namespace {

constexpr std::size_t kTroublesKept = 8;
constexpr double kNewest = 0.2;           // weight of the newest task in a worker's average
constexpr double kShortestTask = 1e-6;    // seconds: the resolution of a task's time
constexpr std::size_t kSuspectShare = 8;  // a batch of tasks that were lost once is so much smaller

}  // namespace

Manager::Manager(WorkOrder order, TaskList tasks, const Settings& settings, Post& post, Accept accept)
    : order_(std::move(order)),
      tasks_(std::move(tasks)),
      settings_(settings),
      post_(post),
      accept_(std::move(accept)),
      open_(order_.tasks, 0),
      open_count_(tasks_.size) {
  for (std::size_t i = 0; i < tasks_.size; ++i) open_.at(tasks_.index(i)) = 1;
}

void Manager::joined(int number, double now) {
  Worker& worker = workers_[number];
  worker.heard = now;
  ++alive_;
}

std::string Manager::name_of(int number) const {
  const auto it = workers_.find(number);
  std::string name = "worker " + std::to_string(number);
  if (it == workers_.end() || it->second.hello.host.empty()) return name;
  const Hello& hello = it->second.hello;
  name += " (process " + std::to_string(hello.process) + " on " + hello.host;
  if (!hello.label.empty()) name += ", " + hello.label;
  return name + ")";
}

const Hello* Manager::hello_of(int number) const {
  const auto it = workers_.find(number);
  return it == workers_.end() || it->second.hello.host.empty() ? nullptr : &it->second.hello;
}

void Manager::note(std::string text) {
  troubles_.push_back(std::move(text));
  if (troubles_.size() > kTroublesKept) troubles_.pop_front();
}

void Manager::tell(int number, Worker& worker, const Frame& frame, double now) {
  worker.told = now;
  post_.send(number, frame);
}

void Manager::received(int number, const Frame& frame, double now) {
  const auto it = workers_.find(number);
  if (it == workers_.end()) return;
  Worker& worker = it->second;
  if (worker.broken) return;
  ++counts_.messages;
  worker.heard = now;
  try {
    if (frame.kind == kind::hello) return on_hello(number, worker, frame, now);
    if (worker.hello.host.empty()) return;  // what it says is of another manager's study
    if (frame.kind == kind::results) return on_results(number, worker, frame, now);
    if (worker.left) return;
    if (worker.state == State::written_off && frame.kind != kind::ready) {
      // Frozen and thawed: it is as good as before, and what it held is elsewhere.
      if (frame.kind != kind::beat || !worker.agreed) return;
      worker.state = State::ready;
      ++alive_, ++ready_, slots_ += static_cast<std::size_t>(worker.hello.slots);
      return feed(number, worker, now);
    }
    if (frame.kind == kind::ready) return on_ready(number, worker, frame, now);
    if (frame.kind == kind::bye) return on_bye(worker, now);
    if (frame.kind == kind::refuse) return refuse(number, worker, frame.payload, now);
    if (frame.kind != kind::beat) throw ProtocolError("a message of the unknown kind \"" + frame.kind + "\"");
  } catch (const ProtocolError& e) {
    garbled(number, e.what(), now);
  }
}

void Manager::garbled(int number, const std::string& why, double now) {
  write_off(number, why, now);
  if (const auto it = workers_.find(number); it != workers_.end()) it->second.broken = true;
}

void Manager::on_hello(int number, Worker& worker, const Frame& frame, double now) {
  worker.hello = parse_hello(frame);
  if (worker.hello.tool != version())
    return refuse(number, worker,
                  "it is assay " + worker.hello.tool + ", and this is " + std::string(version()), now);
  if (stopping_) return tell(number, worker, text_frame(kind::stop, std::string(kEnd)), now);
  tell(number, worker, study_frame(order_, settings_.silence_seconds / 4.0), now);
}

void Manager::on_ready(int number, Worker& worker, const Frame& frame, double now) {
  if (worker.state == State::ready) return;
  if (worker.state == State::written_off) {  // it took its time, and nobody has told it to go
    worker.state = State::joining;
    ++alive_;
  }
  const Ready answer = parse_ready(frame);
  if (answer.config_sha256 != order_.config_sha256)
    return refuse(number, worker,
                  "it comes to another config (digest " + answer.config_sha256.substr(0, 12) +
                      "... instead of " + order_.config_sha256.substr(0, 12) + "...)",
                  now);
  if (answer.identity != order_.identity)
    return refuse(number, worker,
                  "its programs or input files are not the same: it has " + answer.identity + ", expected " +
                      order_.identity,
                  now);
  worker.state = State::ready;
  worker.agreed = true;
  ++ready_, ++counts_.joined;
  slots_ += static_cast<std::size_t>(worker.hello.slots);
  feed_all(now);
}

void Manager::refuse(int number, Worker& worker, const std::string& why, double now) {
  if (worker.left) return;
  note(name_of(number) + " was refused: " + why);
  ++counts_.refused;
  if (worker.state == State::ready) --ready_, slots_ -= static_cast<std::size_t>(worker.hello.slots);
  if (worker.state != State::written_off) --alive_;
  worker.state = State::written_off;
  worker.left = true;
  post_.send(number, text_frame(kind::stop, std::string(kEnd)));
  post_.dismiss(number);
  feed_all(now);
}

void Manager::on_results(int number, Worker& worker, const Frame& frame, double now) {
  parse_results(frame, [&](std::size_t task, plan::Outcome outcome) {
    ++worker.answered;
    worker.task_seconds +=
        (worker.answered == 1 ? 1.0 : kNewest) * (outcome.wall_seconds - worker.task_seconds);
    if (!is_open(task)) {
      ++counts_.late;
      return;
    }
    if (worker.hello.host != settings_.host) outcome.host = worker.hello.host;
    outcome.worker = worker.hello.label.empty() ? std::to_string(number) : worker.hello.label;
    close_task(task, std::move(outcome));
    if (worker.held > 0 && worker.state == State::ready) --worker.held;
  });
  if (worker.state != State::ready) return;
  // The other holder of a task may have answered it: what is still open in the spans is what counts.
  while (!worker.spans.empty()) {
    Span& front = worker.spans.front();
    while (front.first <= front.second && !is_open(front.first)) ++front.first;
    if (front.first <= front.second) break;
    worker.spans.pop_front();
  }
  if (worker.spans.empty()) worker.held = 0, worker.alone = false;
  feed(number, worker, now);
}

void Manager::close_task(std::size_t task, plan::Outcome outcome) {
  open_[task] = 0;
  --open_count_;
  accept_(task, std::move(outcome));
}

void Manager::on_bye(Worker& worker, double now) {
  worker.left = true;
  ++counts_.left;
  const std::size_t before = returned_.size();
  take_back(worker, Return::handed_back);
  counts_.handed_back += returned_.size() - before;
  if (worker.state == State::ready) --ready_, slots_ -= static_cast<std::size_t>(worker.hello.slots);
  if (worker.state != State::written_off) --alive_;
  worker.state = State::written_off;
  feed_all(now);
}

void Manager::gone(int number, const std::string& why, double now) {
  write_off(number, why, now);
  const auto it = workers_.find(number);
  if (it != workers_.end()) it->second.left = true;
}

void Manager::write_off(int number, const std::string& why, double now) {
  const auto it = workers_.find(number);
  if (it == workers_.end() || it->second.state == State::written_off) return;
  Worker& worker = it->second;
  note(name_of(number) + " was lost: " + why);
  ++counts_.lost;
  --alive_;
  if (worker.state == State::ready) --ready_, slots_ -= static_cast<std::size_t>(worker.hello.slots);
  worker.state = State::written_off;
  post_.send(number, text_frame(kind::drop, ""));  // if it thaws, its tasks are elsewhere
  take_back(worker, Return::lost);
  feed_all(now);
}

void Manager::take_back(Worker& worker, Return how) {
  for (const auto& [first, last] : worker.spans) {
    for (std::size_t task = first; task <= last; ++task) {
      if (!is_open(task)) continue;
      if (how == Return::lost) {
        ++counts_.requeued;
        ++losses_[task];
        if (worker.alone && ++losses_alone_[task] >= settings_.losses_allowed) {
          ++counts_.given_up;
          close_task(task,
                     {.status = plan::Status::failed,
                      .message = "each worker that had this task alone was lost (" +
                                 std::to_string(settings_.losses_allowed) + " times): " + troubles_.back(),
                      .engine = settings_.engine});
          continue;
        }
      }
      returned_.push_back(task);
    }
  }
  worker.spans.clear();
  worker.held = 0;
  worker.alone = false;
}

std::size_t Manager::batch_for(const Worker& worker) const {
  const auto slots = static_cast<std::size_t>(worker.hello.slots);
  const std::size_t left = tasks_.size - next_ + returned_.size();
  if (settings_.fixed && returned_.empty()) return share_;
  if (settings_.batch_size > 0) return settings_.batch_size;
  if (worker.answered == 0) return slots;
  const double tasks = settings_.batch_seconds / std::max(worker.task_seconds, kShortestTask);
  const auto by_time = static_cast<std::size_t>(std::min(tasks, static_cast<double>(settings_.largest_batch)));
  const std::size_t fair = left / (2 * std::max<std::size_t>(slots_, 1)) + 1;
  return std::clamp<std::size_t>(std::min(by_time, fair), 1, settings_.largest_batch) * slots;
}

bool Manager::waiting_for_others() const {
  return settings_.fixed && share_ == 0 && ready_ < std::min(settings_.expected_workers, alive_);
}

bool Manager::take_suspect(Worker& worker, std::vector<Span>& spans) {
  if (returned_.empty()) return false;
  const std::size_t most = std::max<std::size_t>(batch_for(worker) / kSuspectShare, 1);
  while (!returned_.empty() && spans.size() < most) {
    const std::size_t task = returned_.front();
    if (!is_open(task)) {
      returned_.pop_front();
      continue;
    }
    const auto lost = losses_.find(task);
    const bool alone = lost != losses_.end() && lost->second >= 2;
    if (alone && (worker.held > 0 || !spans.empty())) break;
    returned_.pop_front();
    spans.emplace_back(task, task);
    worker.alone = alone;
    if (alone) break;
  }
  return !spans.empty();
}

void Manager::take_fresh(std::size_t count, std::vector<Span>& spans) {
  for (; count > 0 && next_ < tasks_.size; ++next_, --count) {
    const std::size_t task = tasks_.index(next_);
    if (!spans.empty() && spans.back().second + 1 == task) {
      ++spans.back().second;
    } else {
      spans.emplace_back(task, task);
    }
  }
}

void Manager::feed(int number, Worker& worker, double now) {
  if (stopping_ || worker.state != State::ready || worker.alone) return;
  if (waiting_for_others()) return;
  if (settings_.fixed && share_ == 0) share_ = (tasks_.size + ready_ - 1) / ready_;
  if (worker.held > 0 && 2 * worker.held > worker.last_batch) return;
  std::vector<Span> spans;
  if (!take_suspect(worker, spans)) {
    if (!returned_.empty() && worker.held > 0) return;  // the next one wants to be alone
    take_fresh(batch_for(worker), spans);
  }
  if (spans.empty()) return;
  std::size_t count = 0;
  for (const auto& [first, last] : spans) count += last - first + 1;
  worker.held += count;
  worker.last_batch = count;
  worker.spans.insert(worker.spans.end(), spans.begin(), spans.end());
  ++counts_.batches;
  tell(number, worker, text_frame(kind::batch, spans_text(spans)), now);
}

void Manager::feed_all(double now) {
  if (returned_.empty() && next_ == tasks_.size) return;
  for (auto& [number, worker] : workers_) feed(number, worker, now);
}

void Manager::tick(double now) {
  std::vector<int> silent;
  for (auto& [number, worker] : workers_) {
    if (worker.left) continue;
    const double allowed = worker.state == State::joining
                               ? std::max(settings_.silence_seconds, settings_.joining_seconds)
                               : settings_.silence_seconds;
    if (worker.state != State::written_off && now - worker.heard > allowed) silent.push_back(number);
    if (settings_.beats && now - worker.told > settings_.silence_seconds / 4.0)
      tell(number, worker, text_frame(kind::beat, ""), now);
  }
  for (const int number : silent)
    write_off(number, "no word for " + std::to_string(static_cast<int>(now - workers_.at(number).heard)) + " s",
              now);
}

void Manager::stop(std::string_view how, double now) {
  stopping_ = true;
  for (auto& [number, worker] : workers_) {
    if (worker.left) continue;
    tell(number, worker, text_frame(kind::stop, std::string(how)), now);
  }
}

void Manager::release() {
  for (auto& [number, worker] : workers_) {
    if (worker.left) continue;
    post_.send(number, text_frame(kind::release, ""));
    post_.dismiss(number);
  }
}

bool Manager::finished() const {
  if (open_count_ == 0) return true;
  return stopping_ && alive_ == 0;
}

}  // namespace assay::cluster
