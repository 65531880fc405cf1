// What check-claims does besides checking: beginning a ledger, tying a sentence, accepting evidence, baselines,
// asking what hangs on a file.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "claims/check.hpp"
#include "commands/command.hpp"

namespace assay::commands {

struct ClaimActions {
  bool init = false, write_baseline = false, prune_baseline = false, fix = false, dry_run = false;
  std::string bind, source, id;  // --bind FILE:LINE
  std::vector<std::string> restamp, impact;
};

/// The action that was asked for, if any; nothing means: check.
std::optional<Exit> run_action(const ClaimActions& actions, claims::CheckOptions check, Console& io);

/// "FILE:LINE" or "FILE:LINE:COLUMN" as findings print it; UserError naming the flag otherwise.
std::pair<std::string, std::uint32_t> file_and_line(const std::string& typed, const std::string& flag);

}  // namespace assay::commands
