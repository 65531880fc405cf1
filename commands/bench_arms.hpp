// Arms of a measurement that stand in a gate's config: what the gate compares is what is timed, programs and
// studies in this process alike.
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/measurement.hpp"
#include "gate/config_gate.hpp"
#include "run/study.hpp"

namespace assay::commands {

struct GateArms {
  std::vector<bench::Arm> arms;                                      ///< the floor first
  std::string folder;                                                ///< where commands start
  double timeout_seconds = 0.0;                                      ///< the largest that a side names
  std::map<std::string, std::shared_ptr<const run::Study>> studies;  ///< by the name of the arm
  bench::Identity identity;
};

/// The sides of a gate's TOML file, or of a study's config with `flags`. `artifact`, where it is not empty, is
/// a gate's artifact: UserError unless this very gate passes in it.
GateArms arms_of_gate(const std::string& file, const gate::GateFlags& flags, const std::string& artifact);

/// Runs the study of each of `arms` that is one once, not timed, and notes what it allocates.
void count_memory(std::vector<bench::Arm>& arms, const GateArms& gate, std::stop_token stop);

/// Studies in this process, commands as programs of their own in the gate's folder.
bench::Runner runner_of(const bench::Design& design, const GateArms& gate, const std::string& scratch,
                        std::stop_token stop);

}  // namespace assay::commands
