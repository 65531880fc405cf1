// SPDX-License-Identifier: MIT
#include "engine/slurm/keeper.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "cluster/transport.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/time.hpp"
#include "engine/slurm/jobs_record.hpp"

namespace assay::engine::slurm {
namespace {

namespace fs = std::filesystem;

constexpr int kFruitlessRounds = 3;       // every element that is wanted may end so often without any task done
constexpr double kFarewellSeconds = 5.0;  // that workers get to leave by themselves
constexpr double kAnswerSeconds = 5.0;    // that the controller gets at the end, where a person waits
constexpr std::size_t kLogBytes = 600;    // of the newest output, in a message

std::string counted(int n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

/// The end of the newest file in a folder.
std::string newest_output(const fs::path& folder) {
  fs::path newest;
  fs::file_time_type time{};
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    const auto written = it->last_write_time(ignored);
    if (it->path().extension() != ".log" || it->file_size(ignored) == 0 || (!newest.empty() && written <= time))
      continue;
    newest = it->path();
    time = written;
  }
  if (newest.empty()) return {};
  const std::string text = read_file(newest);
  return newest.string() + ": " + text.substr(text.size() - std::min(text.size(), kLogBytes));
}

}  // namespace

int missing_elements(const Situation& now) {
  return std::clamp(now.allowed - now.fruitless, 0, std::max(now.wanted - now.queued, 0));
}

bool hopeless(const Situation& now) {
  return now.wanted > 0 && now.queued == 0 && now.fruitless >= now.allowed;
}

Keeper::Keeper(const Cluster& cluster, Request request, std::size_t open_tasks)
    : cluster_(cluster), request_(std::move(request)), open_(open_tasks), open_before_(open_tasks) {
  std::error_code error;
  fs::create_directories(log_folder(request_.job), error);
  if (error) throw_file_error(error.value(), "cannot make the folder", log_folder(request_.job));
  answered_ = cluster::steady_seconds();
  const auto queue = cluster_.queue(request_.job.name);
  if (!queue)
    throw EnvironmentError("squeue does not say which jobs of this run there are",
                           "none was submitted; try again when the controller answers: assay attach DIR");
  if (!queue->empty())
    tell("found " + counted(static_cast<int>(queue->size()), "worker") +
         " of this run in the queue, the first is " + queue->front().id);
  submit(missing_elements({.wanted = elements_for(open_, request_.job.shape),
                           .queued = static_cast<int>(queue->size()),
                           .allowed = kFruitlessRounds * request_.job.shape.elements}));
  thread_ = std::thread([this] { watch(); });
}

Keeper::~Keeper() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Keeper::tell(const std::string& text) const {
  if (request_.tell) request_.tell("slurm: " + text);
}

void Keeper::open_tasks(std::size_t count) {
  const std::lock_guard lock(mutex_);
  open_ = count;
}

void Keeper::wind_down() {
  {
    const std::lock_guard lock(mutex_);
    winding_down_ = true;
  }
  wake_.notify_all();
}

std::string Keeper::given_up() const {
  const std::lock_guard lock(mutex_);
  return given_up_;
}

void Keeper::submit(int elements) {
  for (const int array : arrays_of(elements, request_.limits)) {
    last_job_ = cluster_.submit(script_text(request_.job, array));
    fruitless_ += array;
    note_submission(log_folder(request_.job), {last_job_, request_.job.name, array, now_rfc3339()});
    const Shape& s = request_.job.shape;
    tell("submitted job " + last_job_ + ": " + counted(array, "worker") + " with " + counted(s.slots, "slot") +
         ", " + counted(s.minutes, "minute"));
  }
}

std::string Keeper::obituary() const {
  std::string text = "workers ended " + std::to_string(fruitless_) + " times without a task done";
  if (const auto ends = last_job_.empty() ? std::string() : cluster_.ends_of(last_job_); !ends.empty())
    text += "; of the last job: " + ends;
  if (const auto output = newest_output(log_folder(request_.job)); !output.empty()) text += "\n    " + output;
  return text + "\n    (a task that takes longer than --walltime never ends)";
}

/// One round: what is in the queue, what is missing, whether there is hope.
void Keeper::look() {
  std::size_t open = 0;
  {
    const std::lock_guard lock(mutex_);
    if (winding_down_ || !given_up_.empty()) return;
    open = open_;
  }
  if (open != open_before_) fruitless_ = 0;
  open_before_ = open;
  std::string trouble;
  const auto queue = cluster_.queue(request_.job.name);
  if (queue) {
    const Situation now{.wanted = elements_for(open, request_.job.shape),
                        .queued = static_cast<int>(queue->size()),
                        .fruitless = fruitless_,
                        .allowed = kFruitlessRounds * request_.job.shape.elements};
    if (hopeless(now)) {
      trouble = obituary();
      answered_ = -request_.patience_seconds;  // no use in waiting
    } else {
      try {
        submit(missing_elements(now));
        answered_ = cluster::steady_seconds();
      } catch (const EnvironmentError& e) {
        trouble = e.what();
        if (now.queued > 0) answered_ = cluster::steady_seconds();
      }
    }
    const auto waits =
        std::find_if(queue->begin(), queue->end(), [](const Element& e) { return e.state == "PENDING"; });
    const std::string reason = waits == queue->end() ? "" : waits->reason;
    if (!reason.empty() && reason != "None" && reason != told_reason_) tell(waits->id + " waits: " + reason);
    told_reason_ = reason;
  } else {
    trouble = "squeue does not answer";
  }
  if (trouble.empty() || cluster::steady_seconds() - answered_ < request_.patience_seconds) return;
  const std::lock_guard lock(mutex_);
  given_up_ = trouble;
}

void Keeper::watch() {
  std::unique_lock lock(mutex_);
  const auto ends = [this] { return over_ || winding_down_; };
  while (!wake_.wait_for(lock, std::chrono::duration<double>(request_.look_seconds), ends)) {
    lock.unlock();
    look();
    lock.lock();
  }
  if (!winding_down_) return;
  lock.unlock();
  heard_ = cluster_.cancel(request_.job.name, true, kAnswerSeconds);
}

bool Keeper::finish() {
  wind_down();
  if (thread_.joinable()) thread_.join();
  if (!heard_) return false;
  const double until = cluster::steady_seconds() + kFarewellSeconds;
  for (double nap = 0.1; cluster::steady_seconds() < until; nap = std::min(2.0 * nap, 1.0)) {
    const auto queue = cluster_.queue(request_.job.name, kAnswerSeconds);
    if (queue && queue->empty()) return true;
    std::this_thread::sleep_for(std::chrono::duration<double>(nap));
  }
  return cluster_.cancel(request_.job.name, false, kAnswerSeconds);
}

}  // namespace assay::engine::slurm
