// Who has which tasks: the one place where work is given out, lost and taken back, for every transport (pipes,
// MPI, files). It does no I/O, has no thread and reads no clock: messages and times come in, messages go out.
// SPDX-License-Identifier: MIT
//
// - A worker holds batches of tasks, each about `batch_seconds` long by what its tasks took so far, and gets
// the
//   next one before it runs dry. Towards the end batches get smaller, so that the last ones end together.
// - A worker that ends, falls silent for `silence_seconds` or sends what is no message is written off. Its
//   tasks go to others. That does not count as a try of theirs: the machine failed, not the task.
// - A task whose worker was lost goes out in a smaller batch, then alone on its worker; lost alone again and
//   again, it has failed: it is what ends the workers.
// - An answer that comes late is taken while its task is open, and dropped afterwards: one outcome a task,
//   whatever was run twice.
// - Nobody is sent away while a task is open anywhere: it may come back.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "cluster/message.hpp"

namespace assay::cluster {

/// The outgoing half of a transport.
class Post {
 public:
  virtual ~Post() = default;
  /// Must not block: a worker may have stopped reading.
  virtual void send(int worker, const Frame& frame) = 0;
  /// The manager is through with this worker: it may be ended.
  virtual void dismiss(int worker) = 0;
};

struct Settings {
  double silence_seconds = 60.0;  ///< without a word from a worker: it is written off
  double joining_seconds = 60.0;  ///< the same before it is ready: a busy machine starts processes slowly
  double batch_seconds = 0.1;     ///< how much work goes out at a time
  std::size_t largest_batch = 4096;
  std::size_t batch_size = 0;        ///< tasks at a time; 0: chosen
  bool fixed = false;                ///< one contiguous share a worker, decided before the start
  std::size_t expected_workers = 1;  ///< for `fixed`: nothing goes out before so many are ready
  int losses_allowed = 3;            ///< times that a task may be lost alone with its worker
  bool beats = false;                ///< the transport does not tell a worker when the manager has gone
  std::string host;                  ///< this machine; an outcome of another names its own
  std::string engine;                ///< named in the outcome of a task that is given up
};

/// The tasks to run, in the order to give them out.
struct TaskList {
  std::size_t size = 0;
  std::function<std::size_t(std::size_t)> index;
};

struct Counts {
  std::size_t joined = 0, refused = 0, lost = 0, left = 0;
  std::size_t messages = 0;     ///< that came
  std::size_t batches = 0;      ///< that went out
  std::size_t requeued = 0;     ///< tasks taken back from a lost worker
  std::size_t handed_back = 0;  ///< tasks that a worker gave back before it left
  std::size_t late = 0;         ///< answers for a task that had one already
  std::size_t given_up = 0;     ///< tasks that have failed because they end their workers
};

class Manager {
 public:
  using Accept = std::function<void(std::size_t task, plan::Outcome)>;
  Manager(WorkOrder order, TaskList tasks, const Settings& settings, Post& post, Accept accept);

  // What the transport tells. A worker's number is never used again. `now` is any clock in seconds.
  void joined(int worker, double now);
  void received(int worker, const Frame& frame, double now);
  /// It has ended, or cannot be reached; `why` is for people.
  void gone(int worker, const std::string& why, double now);
  /// Bytes that are no frame came from it.
  void garbled(int worker, const std::string& why, double now);
  /// Looks for silent workers; call about every `silence_seconds` / 10.
  void tick(double now);

  /// No more batches; workers finish what they hold, or end it.
  void stop(std::string_view how, double now);
  /// Releases the workers: the study is done.
  void release();

  /// Every task has its outcome; or, after stop(), nothing runs any more.
  [[nodiscard]] bool finished() const;
  [[nodiscard]] bool stopping() const { return stopping_; }
  /// Workers that are ready, or may still become it.
  [[nodiscard]] std::size_t alive() const { return alive_; }
  [[nodiscard]] std::size_t ready() const { return ready_; }
  [[nodiscard]] std::size_t open_tasks() const { return open_count_; }
  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// Why workers were refused or lost, the last few.
  [[nodiscard]] const std::deque<std::string>& troubles() const { return troubles_; }
  [[nodiscard]] std::string name_of(int worker) const;
  /// What a worker has said of itself; nullptr before.
  [[nodiscard]] const Hello* hello_of(int worker) const;

 private:
  enum class State { joining, ready, written_off };
  struct Worker {
    State state = State::joining;
    Hello hello;
    double heard = 0.0;
    double told = 0.0;
    double task_seconds = 0.0;  ///< a moving average of its tasks
    std::size_t answered = 0;
    std::size_t held = 0;  ///< open tasks that it has
    std::size_t last_batch = 0;
    bool alone = false;      ///< it has a suspect, and gets nothing else
    bool agreed = false;     ///< it has been ready
    bool broken = false;     ///< it sent what is no message: it is not listened to any more
    bool left = false;       ///< it said goodbye
    std::deque<Span> spans;  ///< a superset of what it holds, in the order of sending
  };

  void on_hello(int number, Worker& worker, const Frame& frame, double now);
  void on_ready(int number, Worker& worker, const Frame& frame, double now);
  void on_results(int number, Worker& worker, const Frame& frame, double now);
  void on_bye(Worker& worker, double now);
  void write_off(int number, const std::string& why, double now);
  void refuse(int number, Worker& worker, const std::string& why, double now);
  enum class Return { lost, handed_back };
  void take_back(Worker& worker, Return how);
  void close_task(std::size_t task, plan::Outcome outcome);
  void feed(int number, Worker& worker, double now);
  void feed_all(double now);
  void note(std::string text);
  [[nodiscard]] std::size_t batch_for(const Worker& worker) const;
  /// `fixed`, and not every worker that may come is ready: shares cannot be cut yet.
  [[nodiscard]] bool waiting_for_others() const;
  bool take_suspect(Worker& worker, std::vector<Span>& spans);
  void take_fresh(std::size_t count, std::vector<Span>& spans);
  void tell(int number, Worker& worker, const Frame& frame, double now);
  [[nodiscard]] bool is_open(std::size_t task) const { return task < open_.size() && open_[task] != 0; }

  WorkOrder order_;
  TaskList tasks_;
  Settings settings_;
  Post& post_;
  Accept accept_;
  std::map<int, Worker> workers_;
  std::vector<std::uint8_t> open_;  ///< by task: selected and without an outcome
  std::size_t open_count_ = 0;
  std::size_t next_ = 0;                         ///< position in the list of what was never given out
  std::deque<std::size_t> returned_;             ///< tasks to give out again
  std::unordered_map<std::size_t, int> losses_;  ///< of tasks that were lost
  std::unordered_map<std::size_t, int> losses_alone_;
  std::size_t alive_ = 0, ready_ = 0, slots_ = 0;
  std::size_t share_ = 0;  ///< `fixed`: of each worker
  bool stopping_ = false;
  Counts counts_;
  std::deque<std::string> troubles_;
};

}  // namespace assay::cluster
