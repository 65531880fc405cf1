// A study: a config made whole. What is run (workload), where in parameter space (points), where on the machine
// (engine), and which points are the same task. `plan` prints it, `scan` executes the same object.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/config.hpp"

#include "core/json.hpp"
#include "engine/engine.hpp"
#include "plan/points.hpp"
#include "plan/task.hpp"
#include "run/ensemble_config.hpp"
#include "workload/workload.hpp"

namespace assay::run {

struct EngineRequest {
  std::string name = "auto";
  engine::Options options;
  bool fallback = false;  ///< run on another engine when the one asked for is not usable, and record it
  int ranks = 0;          ///< of engine mpi, the first gives out the work; 0: one a core, and it
  bool survive = false;   ///< engine mpi goes on when a rank dies
  std::vector<std::string> launcher;  ///< instead of mpirun; -n and the number of ranks follow it
  bool solve_duplicates = false;      ///< points with equal resolved inputs are solved each, to time them
};

/// A config key that a flag of its own sets.
struct Setting {
  std::string key;
  std::variant<Value, ValueList> value;
  std::string source;  ///< the flag, for messages
};

/// What commands type on top of a config file.
struct Overrides {
  std::vector<Setting> settings;
  std::vector<std::string> set;   ///< key=value
  std::vector<std::string> axes;  ///< name=values
  std::vector<std::string> zip;   ///< "a,b": axes that move together
  std::string points_file;        ///< CSV of points
  std::string engine;
  int threads = -1;  ///< -1: as the config says
  int batch = -1;
  int jobs = -1;
  int workers = -1;
  int ranks = -1;
  std::string spool;
  int slots = -1;
  std::string walltime, partition, job_template;  ///< of engine slurm
  bool survive = false;
  std::vector<std::string> command;  ///< what stands after --: the workload is this program
  std::vector<std::string> observe;  ///< name=source: its observables
  bool fallback = false;
  std::string task_time, run_time;  ///< durations: 30, 30s, 5m, 2h; empty: as the config says
  std::string keep;                 ///< which task folders stay
  int retries = -1;
  int max_fails = -1;
  bool solve_duplicates = false;

  /// So many tasks at a time, whatever the engine calls it: threads, jobs or worker processes.
  void at_a_time(int count) { threads = jobs = workers = count; }
};

/// An ensemble's points are its members, each at every point of the scan, if there is one.
/// `any`: an ensemble where the config has a table [ensemble], else a scan.
enum class Scope { one_point, scan, ensemble, any };

class Study {
 public:
  /// Reads everything, checks every axis value, finds duplicates. Throws UserError with the place of the
  /// mistake.
  static Study make(Config config, Overrides overrides, Scope scope);

  [[nodiscard]] const workload::Workload& workload() const { return *workload_; }
  [[nodiscard]] const plan::PointSource& points() const { return *points_; }
  /// The same for who may outlive the study.
  [[nodiscard]] std::shared_ptr<const plan::PointSource> shared_points() const { return points_; }
  /// The scanned axes; those inside each member for an ensemble.
  [[nodiscard]] const plan::Points& scan() const;
  /// What was asked of an ensemble; nullptr for a scan or a single point.
  [[nodiscard]] const EnsembleSpec* ensemble() const { return ensemble_.get(); }
  [[nodiscard]] const EngineRequest& engine() const { return engine_; }
  /// How much failure is normal. Like the engine no part of the resolved config.
  [[nodiscard]] const workload::Limits& limits() const { return limits_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  /// Where relative paths of the config start, absolute.
  [[nodiscard]] const std::string& config_folder() const { return config_folder_; }
  [[nodiscard]] plan::Task task(std::size_t index) const;

  /// Digest of all that a task's result depends on in any study of this version of assay: workload, resolved
  /// inputs, and what Workload::identity() adds. Equal identities mean equal results. WorkloadError when an
  /// input of a command is not there.
  [[nodiscard]] std::string result_identity(std::size_t index) const;

  /// Index of an earlier task with the same resolved inputs, or the task's own index.
  [[nodiscard]] std::size_t original(std::size_t index) const;
  [[nodiscard]] std::size_t unique_tasks() const { return points_->size() - duplicate_of_.size(); }

  /// The resolved config: complete, valid, and enough to reproduce every result. Where it runs is not part of
  /// it, so that every engine has the same digest.
  [[nodiscard]] const Json& config() const { return *config_; }
  /// SHA-256 of the canonical text of config().
  [[nodiscard]] const std::string& config_sha256() const { return config_sha256_; }

 private:
  plan::Points read_points(Config& config, const Overrides& overrides, Scope scope) const;
  void check_axes(const plan::Points& points) const;
  void find_duplicates();

  std::unique_ptr<workload::Workload> workload_;
  std::shared_ptr<const plan::PointSource> points_;
  std::shared_ptr<const EnsembleSpec> ensemble_;
  EngineRequest engine_;
  workload::Limits limits_;
  std::uint64_t seed_ = 0;
  std::vector<std::pair<std::size_t, std::size_t>> duplicate_of_;  ///< sorted by the first
  std::shared_ptr<const Json> config_;
  std::string config_sha256_;
  std::string config_folder_;
};

/// The seed of a task: from the run's seed and the index alone.
std::uint64_t task_seed(std::uint64_t run_seed, std::size_t index);

}  // namespace assay::run
