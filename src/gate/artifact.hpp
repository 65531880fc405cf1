// A trial as an artifact, schema assay/gate/v1, and a stored proof read back.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "evidence/artifact.hpp"
#include "gate/gate.hpp"

namespace assay::gate {

/// Where trials come from, the same for all of one call.
struct TrialContext {
  std::vector<std::string> command_line;
  std::filesystem::path folder;  ///< whose repository is recorded
};

/// The document; several trials together have the definitions of all in `config.gates`.
void write_trials(const std::vector<Trial>& trials, const TrialContext& context, const JsonStream::Sink& sink);

/// FOLDER/<gate>.json, or FOLDER/<gate>.proof.json for a proof: whole or not at all.
evidence::WrittenFile save_trial(const Trial& trial, const TrialContext& context,
                                 const std::filesystem::path& folder);

/// Why a stored proof does not vouch for the gate as it is now: missing, damaged, unfit, or of another
/// definition. Empty when it does.
std::string proof_objection(const std::filesystem::path& folder, const Trial& trial);

/// A gate that passes in an artifact; proofs are not among them. `sides`: the array of what ran.
struct PassingTrial {
  std::string definition_sha256;
  Json sides;
};
/// UserError for a file that is no artifact of gates, or was changed after it was written.
std::vector<PassingTrial> passing_trials(const std::filesystem::path& artifact);

/// A gate's name as a file name: what is no letter, digit, dot, dash or underscore becomes a dash.
std::string file_stem(const std::string& gate);

}  // namespace assay::gate
