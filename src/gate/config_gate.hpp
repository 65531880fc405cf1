// A gate that stands in a TOML file, or is made from a study's config and flags: no C++ is written for it.
// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config.hpp"
#include "gate/files.hpp"
#include "gate/gate.hpp"
#include "gate/rules.hpp"
#include "gate/side_spec.hpp"

namespace assay::run {
class Study;
}

namespace assay::gate {

/// What flags add to the config.
struct GateFlags {
  std::string level, rules_file, nan;
  std::vector<std::string> ignore;
  bool nontrivial = false;
  std::vector<std::string> set;      ///< of the study, both sides
  std::vector<std::string> against;  ///< of the study, candidate only: key=value
  std::string engine;                ///< of the candidate
  std::vector<int> threads;
  int resume_after = 0;
};

/// What the gate runs for one side, for whoever wants its time: a command or a study.
struct SideRun {
  std::string label;    ///< "a" for the floor; "b", "threads=2" for candidates
  std::string command;  ///< knobs filled in; {out} stands for a fresh folder; empty: a study
  double timeout_seconds = 0.0;
  std::shared_ptr<const run::Study> study;
};

class ConfigGate final : public Gate {
 public:
  /// Reads [gate], [a], [b] and, where the config holds one, the study. UserError with the place.
  static std::unique_ptr<ConfigGate> make(Config config, const GateFlags& flags);

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] std::string summary() const override { return summary_; }
  [[nodiscard]] Json definition() const override;
  [[nodiscard]] Repeat repeat() const override;
  SideResult floor(Runtime& runtime) override;
  [[nodiscard]] std::vector<std::string> candidates() const override { return b_.labels(); }
  SideResult candidate(std::size_t index, Runtime& runtime) override;
  [[nodiscard]] GateReport judge(const SideResult& floor, const SideResult& other, Judged as) const override;
  [[nodiscard]] Proof prove(const SideResult& floor, Runtime& runtime) const override;

  /// The floor first, then each candidate. UserError for files that nobody writes and for a run that is cut and
  /// resumed: there is nothing to time.
  [[nodiscard]] std::vector<SideRun> runs() const;
  /// Where commands start.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  /// Moves a knob for all later runs: `threads`, `chunk`, `step` (bisect.hpp).
  void turn(const std::string& knob, std::int64_t value);
  /// Range of a knob that the table [bisect] gives, if it does; for studies also the config key it sets.
  struct KnobRange {
    std::int64_t low = 1, high = 0;
    std::string key;
  };
  [[nodiscard]] std::optional<KnobRange> range_of(const std::string& knob) const;

 private:
  ConfigGate() = default;
  void read_gate(Config& config, const GateFlags& flags);
  void read_bisect(Config& config);
  void check_sides(const Config& config) const;
  SideResult run_side(const SideSpec& side, Knobs knobs, Rules& rules, Runtime& runtime) const;
  [[nodiscard]] bool is_study() const { return !a_.is_command() && !a_.is_files(); }
  /// Both sides run the same program with the same settings, on other threads or engines of the host.
  [[nodiscard]] bool same_program() const;

  std::string name_, summary_;
  SideSpec a_, b_;
  std::optional<Config> study_;
  Json study_definition_;
  std::filesystem::path folder_;
  Rules rules_;
  mutable Rules used_rules_;  ///< remembers which rules matched over a whole run
  bool level_given_ = false;
  FileFormat format_;
  std::string format_word_ = "auto";
  Knobs knobs_;
  std::map<std::string, KnobRange> ranges_;
};

}  // namespace assay::gate
