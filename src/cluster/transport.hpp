// How messages travel, seen from the manager: a transport hands over what has come and sends without waiting.
// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>
#include <string>

#include "cluster/manager.hpp"

namespace assay::cluster {

class Transport : public Post {
 public:
  /// Waits up to `seconds` for something to come, and tells the manager all that is there.
  virtual void pump(Manager& manager, double seconds) = 0;
  /// No worker will come any more: with none alive, the run cannot go on.
  [[nodiscard]] virtual bool exhausted() const = 0;
};

/// Runs a manager until every task has its outcome, or a stop has ended the workers. `ending`: what runs is to
/// be ended, too, not only what is to come. EnvironmentError when no worker is left.
void drive(Manager& manager, Transport& transport, const Settings& settings, const std::stop_token& stop,
           const std::stop_token& ending);

/// As workers name themselves.
std::string host_name();

/// Seconds of a clock that never jumps.
double steady_seconds();

}  // namespace assay::cluster
