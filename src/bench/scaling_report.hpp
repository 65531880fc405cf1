// A scaling measurement: the same study by the serial engine and by so many workers, in randomised blocks, and
// what follows from it (bench/scaling.hpp), as a document.
//
// Two modes, both named. `cold` is what a person waits for: the whole program, from its start to its end.
// `warm` is the solve alone, in a process that has done it before; engine workers starts its processes anew.
// Beside wall times stands the processor time of the busiest worker: what the wall time would be if every
// worker had a core of its own. On a machine that others use it tells a bad split of the work from a lack of
// cores; it supports no claim.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "bench/machine.hpp"
#include "bench/scaling.hpp"
#include "core/error.hpp"
#include "core/json.hpp"

namespace assay::bench {

struct ScalingArm {
  std::string mode;  ///< cold or warm
  int workers = 0;   ///< 0: the serial engine
};

/// One run of an arm. What a cold run does inside is not seen: its processor times are of the whole program.
struct ScalingRun {
  double wall_seconds = 0.0, cpu_seconds = 0.0;
  double busiest_seconds = 0.0;      ///< processor time of the worker that had most; 0: not known
  std::vector<double> task_seconds;  ///< processor time of each task, in task order
  std::string results_sha256;        ///< of all observables; empty: not known
};

struct ScalingDesign {
  std::vector<ScalingArm> arms;
  std::string engine = "tbb";  ///< of the workers: threads of tbb, or processes of workers
  int blocks = 12;
  std::uint64_t seed = 1;
  double alpha = 0.05;
};

struct ScalingMeasurement {
  ScalingDesign design;
  std::vector<std::vector<ScalingRun>> runs;  ///< [arm][block]
  int blocks = 0;
  bool interrupted = false;
  Machine machine;
  Activity before, after;
  /// What was run: the resolved config and its digest, as in the artifact of a scan.
  std::string config_text, config_sha256;
  std::size_t tasks = 0, unique_tasks = 0;
  std::string gate;             ///< artifact whose passing gates support a speedup; empty: none was given
  std::set<int> gated_workers;  ///< numbers of workers that it shows to give the floor's results

  /// Every warm run gave the same observables, bit for bit.
  [[nodiscard]] bool identical() const;
};

/// Each arm runs once before the first block. `tick` is called after each block.
ScalingMeasurement measure_scaling(const ScalingDesign& design,
                                   const std::function<ScalingRun(const ScalingArm&)>& run,
                                   std::stop_token stop, const std::function<void()>& tick);

/// The times of one mode, ready for analyse_scaling; task times are medians over the serial runs.
ScalingInput scaling_input(const ScalingMeasurement& m, const std::string& mode);

/// Why the speedup of so many workers supports no claim; empty: it does.
std::vector<std::string> claim_blockers(const ScalingMeasurement& m, const ScalingRow& row);

/// The members of the machine form (schema assay/scaling/v1) but schema and tool.
Json to_json(const ScalingMeasurement& m);
std::string scaling_text(const Json& document);

/// The measurement that a document of this schema holds. Its to_json gives the document's modes, quality and
/// task times again, bit for bit, unless one of them was changed. UserError for a damaged one.
ScalingMeasurement scaling_from(const Json& document, std::string_view source);
/// The document with all that follows from the samples computed again.
Json rebuilt(const Json& document, const ScalingMeasurement& m);
/// evidence_no where results differ between runs, inconclusive below six blocks.
Exit exit_of(const ScalingMeasurement& m);

}  // namespace assay::bench
