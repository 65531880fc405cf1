// A gate: the floor, what is held against it, and what must be the same. Wherever the sides come from (a study
// on two engines, two programs, two files), the order is one: the floor twice, then each candidate, then the
// verdicts.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "evidence/artifact.hpp"  // Json, whole
#include "gate/fault.hpp"
#include "gate/verdict.hpp"

namespace assay::gate {

/// A file that a side wrote; `name` is what the gate calls it, on both sides.
struct OutputFile {
  std::string name;
  std::filesystem::path path;
};

/// What one run of a side gave. A side that could not run says why instead, and the verdict is blocked.
struct SideResult {
  Observables observables;
  std::vector<OutputFile> files;
  Json record;  ///< what ran: engine, threads, workers seen, command; part of the artifact
  std::vector<std::string> blockers;  ///< why this side cannot be judged, in words
  std::vector<std::string> failures;  ///< why it is wrong whatever the numbers say: a task run twice, say
  double work_seconds = 0.0;          ///< of this run itself, without what the gate does around it
  bool environment = false;           ///< blocked since the machine lacks something
  bool workload_failed = false;       ///< a command or a task failed
};

/// One run of an external command: shell text, the folder it starts in, and the files its streams go to.
struct CommandRequest {
  std::string text;
  std::filesystem::path folder, output, errors;
  double timeout_seconds = 0.0;
  std::stop_token stop;
};
struct CommandResult {
  bool ok = false;
  std::string description;  ///< "exit status 3", "timed out"
};
using CommandRunner = std::function<CommandResult(const CommandRequest&)>;

/// What a gate may use while it runs.
struct Runtime {
  std::filesystem::path scratch;  ///< an empty folder of its own, removed by the caller
  CommandRunner run_command;
  std::stop_token stop;
  std::function<void(const std::string&)> note;  ///< progress, for stderr
};

/// A folder that no earlier run of this gate used. Nothing removes it before the whole scratch folder goes.
std::filesystem::path fresh_folder(const Runtime& runtime);

enum class Repeat {
  never,         ///< nothing runs: files on disk
  at_its_level,  ///< two programs or methods: repeats must agree as well as the gate demands
  bitwise,       ///< one program with other threads: without I1 between repeats its identity means nothing
};

/// What is asked of a pair. Repeats are asked for sameness alone: a NaN in the same place repeats.
enum class Judged {
  as_candidate,  ///< everything that the gate demands
  as_repeat,     ///< its levels
  bit_by_bit,    ///< I1 in place of its levels
};
/// A requirement as it is asked of such a pair.
Requirement required_of(const Requirement& declared, Judged as);

class Gate {
 public:
  virtual ~Gate() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual std::string summary() const = 0;
  /// Everything that decides what the gate demands; its digest dates proofs and artifacts.
  [[nodiscard]] virtual Json definition() const = 0;
  [[nodiscard]] virtual Repeat repeat() const { return Repeat::bitwise; }

  virtual SideResult floor(Runtime& runtime) = 0;
  /// Labels: "threads=2", "b".
  [[nodiscard]] virtual std::vector<std::string> candidates() const = 0;
  virtual SideResult candidate(std::size_t index, Runtime& runtime) = 0;

  /// Compares by name.
  [[nodiscard]] virtual GateReport judge(const SideResult& floor, const SideResult& other, Judged as) const;
  /// Plants faults into copies of the floor's results and judges each.
  [[nodiscard]] virtual Proof prove(const SideResult& floor, Runtime& runtime) const;
};

/// Digest of a gate's definition together with the version of the program that judges.
std::string definition_sha256(const Gate& gate);

/// What a run of a gate came to.
struct Trial {
  std::string gate, summary;
  Json definition;
  std::string definition_sha256;
  std::vector<GateReport> reports;  ///< "<gate>/repeat" first where there is one, then "<gate>/<candidate>"
  Json sides = Json();              ///< array: what ran
  std::optional<Proof> proof;
  double wall_seconds = 0.0;  ///< of the whole, volatile
  double work_seconds = 0.0;  ///< of the runs that were compared, volatile; the rest is what the gate costs
  Verdict verdict = Verdict::blocked;
  Exit exit = Exit::inconclusive;
};

/// Floor, repeat, candidates. Candidates are blocked, and do not run, where the floor does not repeat itself.
Trial run_gate(Gate& gate, Runtime& runtime);
/// The floor once, then every fault. Exit::gate_unfit when one slips through.
Trial prove_gate(Gate& gate, Runtime& runtime);

}  // namespace assay::gate
