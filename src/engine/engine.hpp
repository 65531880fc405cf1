// Where work runs. An engine runs tasks and knows no physics; it says who ran and why it cannot.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/message.hpp"
#include "plan/task.hpp"

namespace assay::engine {

/// Usable, or the reason in words. The first touch of a device is in Engine::availability().
struct Availability {
  bool usable = false;
  std::string reason;  ///< why not; or what was found, when usable
};

/// A queue of work on a device, and memory there: what one resident task has. Calls return at once and are
/// done in order, but for download. Everything throws EnvironmentError with the device's own words.
class DeviceStream {
 public:
  virtual ~DeviceStream() = default;
  [[nodiscard]] virtual void* allocate(std::size_t bytes) = 0;
  virtual void release(void* memory) noexcept = 0;
  virtual void upload(void* to, const void* from, std::size_t bytes) = 0;  ///< `from` may change afterwards
  /// `rows` pieces of `bytes`, `stride` bytes apart on the device and one after the other here; waits.
  virtual void download(void* to, const void* from, std::size_t bytes, std::size_t rows,
                        std::size_t stride) = 0;
  /// Turns the status of a launch (0: success) into an error.
  virtual void check(int status, const char* launch) const = 0;
  /// What a kernel is launched on (a cudaStream_t); null where kernels are emulated on the host.
  [[nodiscard]] virtual void* handle() const = 0;
};

/// A workload's tasks on a device, many at once: each has a stream and a thread of its own, so that the
/// launches and the host's share of one are hidden behind the kernels of the others.
class DeviceBatch {
 public:
  virtual ~DeviceBatch() = default;
  /// Device bytes that a resident task needs at its peak; the engine checks memory before it starts any.
  [[nodiscard]] virtual std::size_t bytes_per_task(const plan::Task& task) const = 0;
  /// Called from many threads. Arithmetic failures are outcomes, not exceptions.
  virtual plan::Outcome evaluate(DeviceStream& device, const plan::Task& task, std::stop_token stop) const = 0;
};

/// What other processes need to do the same tasks, for engines that have some.
struct RemoteWork {
  const cluster::WorkOrder& order;
  std::stop_token ending;  ///< ends running programs, where the engine's own token only lets no more begin
};

/// What a workload is to an engine: a body that does one task, from any thread. It may offer a device batch.
class TaskBody {
 public:
  virtual ~TaskBody() = default;
  virtual plan::Outcome evaluate(const plan::Task& task, std::stop_token stop) const = 0;
  [[nodiscard]] virtual const DeviceBatch* device_batch() const { return nullptr; }
  /// True when a task is a program that is started: evaluate() waits, and computes nothing itself.
  [[nodiscard]] virtual bool external() const { return false; }
  /// Jobs or slots that one task takes: an MPI program has several ranks.
  [[nodiscard]] virtual int slots() const { return 1; }
  /// Nothing where the body is no study's, such as a test's own: it cannot be made anew elsewhere.
  [[nodiscard]] virtual std::optional<RemoteWork> remote() const { return std::nullopt; }
  /// In proportion to the time that the task is expected to take: with few tasks, workers take the long ones
  /// first.
  [[nodiscard]] virtual double expected_work(const plan::Task&) const { return 1.0; }
};

/// The tasks still to do, made on demand.
class TaskSource {
 public:
  virtual ~TaskSource() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  [[nodiscard]] virtual plan::Task at(std::size_t i) const = 0;
  /// at(i).index, where that is cheaper than the whole.
  [[nodiscard]] virtual std::size_t index(std::size_t i) const { return at(i).index; }
};

/// Takes outcomes in order of completion, from any thread of the engine, one call at a time per thread.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void accept(std::size_t task_index, plan::Outcome outcome) = 0;
};

enum class Batching {
  dynamic,  ///< idle workers take the next batch: uneven tasks
  fixed,    ///< one contiguous share a worker, decided before the start: even tasks, no sharing
};

/// What engine slurm asks its cluster for.
struct SlurmRequest {
  int slots = 0;              ///< tasks at a time in a worker, and its CPUs; 0: chosen
  double wall_seconds = 0.0;  ///< of a job; 0: chosen
  std::string partition;      ///< empty: the cluster's default
  std::string template_file;  ///< of the batch script; empty: the plain one
  double wait_seconds = 0.0;  ///< that a worker waits for a word of its manager; 0: chosen
};

struct Options {
  int threads = 0;  ///< 0: what affinity and the cgroup quota allow
  Batching batching = Batching::dynamic;
  std::size_t batch_size = 0;  ///< tasks taken at a time; 0: chosen from the number of tasks
  int jobs = 0;                ///< external programs that run at a time; 0: as many as usable cores
  bool pin = false;            ///< each job on a core of its own
  int workers = 0;             ///< worker processes; 0: as many as usable cores
  double silence_seconds =
      60.0;           ///< a worker that says nothing for so long is lost, and its tasks go elsewhere
  std::string spool;  ///< folder through which workers that others have started get their messages
  double patience_seconds = 3600.0;  ///< without any such worker
  SlurmRequest slurm;
  std::function<void(const std::string&)> tell;  ///< what a person may want to know meanwhile; may be empty
};

class Engine {
 public:
  virtual ~Engine() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual Availability availability() const = 0;
  /// Runs every task or, after a stop request, returns once the running ones are done. Throws EnvironmentError
  /// when the engine is not usable. A task that throws is a failed outcome, not an exception.
  virtual void run(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options& options,
                   std::stop_token stop) const = 0;
};

/// evaluate() with its time taken, the engine named and exceptions turned into a failed outcome.
plan::Outcome evaluate_task(const TaskBody& body, const plan::Task& task, std::string_view engine,
                            std::stop_token stop);

/// Tasks that a worker takes at a time: as asked, else small enough that the last batches balance the load and
/// large enough that the shared counter does not show.
std::size_t batch_size(std::size_t tasks, int threads, const Options& options);

/// Places of the tasks in the order in which idle workers should take them: the longest first, or nobody has
/// anything left to do beside the one who took it last. Empty for more than a few tasks a worker, where the
/// order does not matter and asking costs more than it saves: as they stand.
std::vector<std::size_t> longest_first(const TaskSource& tasks, const TaskBody& body, int threads);

/// Tasks at a time of programs that each take the body's slots: these fit into the jobs that were asked for,
/// else into the usable cores. At least one.
int jobs_of(const Options& options, const TaskBody& body);

/// Worker processes: as asked, else as many as run their tasks on the usable cores.
int workers_of(const Options& options, const TaskBody& body);

/// Every engine compiled in or not, in the order that `assay engines` shows.
const std::vector<const Engine*>& all();
std::vector<std::string> names();
/// Throws UserError with a suggestion for a name that is no engine.
const Engine& get(std::string_view name);

/// What `auto` picks for this many tasks, and why.
struct Choice {
  const Engine* engine = nullptr;
  std::string reason;
};
Choice choose(std::size_t tasks, const TaskBody& body, const Options& options);

}  // namespace assay::engine
