// Slurm as its own programs answer for it: sbatch, squeue, scancel, scontrol and, where there is accounting,
// sacct. Nothing of Slurm is linked.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/program_output.hpp"
#include "engine/engine.hpp"
#include "engine/slurm/script.hpp"

namespace assay::engine::slurm {

/// An element of a job.
struct Element {
  std::string id;      ///< "12_3"
  std::string state;   ///< PENDING, RUNNING, ...
  std::string reason;  ///< why it waits, in Slurm's word
  std::string nodes;
};

/// Whether an element in this state runs no more, and will not run again.
bool has_ended(std::string_view state);

/// All elements in what `squeue -h -r -o %i|%T|%r|%N` printed.
std::vector<Element> parse_elements(std::string_view text);
/// Those of them that wait, run or will run again.
std::vector<Element> parse_queue(std::string_view text);

/// From `scontrol show config` and `scontrol -o show partition`. An empty `partition` means the default one;
/// UserError when there is none of that name.
Limits parse_limits(std::string_view config, std::string_view partitions, const std::string& partition);

/// Seconds of "1-02:03:04", "02:03:04", "30"; 0 for UNLIMITED, INFINITE and NONE.
double parse_slurm_time(std::string_view text);

class Cluster {
 public:
  using Ask =
      std::function<ProgramOutput(std::vector<std::string>, std::string_view input, double limit_seconds)>;
  /// Slurm's programs wait for a controller that is gone, ten seconds or as long as the site has it. One that
  /// takes longer than `limit_seconds` has not answered.
  explicit Cluster(double limit_seconds = kPatientSeconds, Ask ask = output_of)
      : ask_(std::move(ask)), limit_seconds_(limit_seconds) {}

  /// Whether the programs are there and a controller answers.
  [[nodiscard]] Availability availability() const;
  /// EnvironmentError when no controller answers. Its answer is kept: it does not change while a run starts.
  [[nodiscard]] Limits limits(const std::string& partition) const;
  /// The id of the new job. EnvironmentError with sbatch's words when it refuses.
  [[nodiscard]] std::string submit(const std::string& script) const;
  /// Elements of all jobs of this name; nothing when the controller does not answer.
  [[nodiscard]] std::optional<std::vector<Element>> queue(const std::string& name) const;
  /// The same where nobody wants to wait long.
  [[nodiscard]] std::optional<std::vector<Element>> queue(const std::string& name, double limit_seconds) const;
  /// All elements of all jobs of this name that the controller knows: those that ended a few minutes ago, too.
  /// EnvironmentError with squeue's words when it does not answer.
  [[nodiscard]] std::vector<Element> elements(const std::string& name) const;
  /// Elements of a job as the accounting has them, however long ago; none where there is no accounting.
  [[nodiscard]] std::vector<Element> accounted(const std::string& job) const;
  /// Cancels all jobs of this name; `pending_only` leaves those that run. Whether it was heard.
  bool cancel(const std::string& name, bool pending_only, double limit_seconds) const;
  /// How the elements of a job ended ("12_0 NODE_FAIL, 12_1 COMPLETED"), as long as Slurm knows; empty then.
  [[nodiscard]] std::string ends_of(const std::string& job) const;

 private:
  struct Settings {
    std::string config, partitions;  ///< as scontrol prints them
  };
  [[nodiscard]] Settings ask_settings() const;

  static constexpr double kPatientSeconds = 60.0;
  [[nodiscard]] ProgramOutput ask(std::vector<std::string> words, std::string_view input = {}) const {
    return ask_(std::move(words), input, limit_seconds_);
  }

  Ask ask_;
  double limit_seconds_;
  mutable std::mutex mutex_;
  mutable std::optional<Settings> settings_;
};

}  // namespace assay::engine::slurm
