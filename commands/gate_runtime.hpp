// What gates need from the process around them: a scratch folder, commands, signals, notes.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "commands/command.hpp"
#include "core/interrupt.hpp"
#include "core/temporary_folder.hpp"
#include "gate/gate.hpp"

namespace assay::commands {

/// Alive while gates run; its scratch folder is gone afterwards.
class GateRuntime {
 public:
  explicit GateRuntime(const Console& io);
  GateRuntime(const GateRuntime&) = delete;
  GateRuntime& operator=(const GateRuntime&) = delete;

  /// For one gate: an empty scratch folder, the same commands.
  gate::Runtime& use();
  [[nodiscard]] int signal() const { return interrupt_.signal(); }

 private:
  TemporaryFolder scratch_{"assay-gate"};
  InterruptGuard interrupt_;
  gate::Runtime runtime_;
  int used_ = 0;
};

}  // namespace assay::commands
