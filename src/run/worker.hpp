// A worker: takes a study and batches of its tasks from a manager, runs them through the same code as any other
// run, and answers with the records that a journal keeps.
// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>
#include <string>

#include "cluster/channel.hpp"

namespace assay::run {

struct WorkerRequest {
  int slots = 1;                   ///< tasks at a time
  std::string engine = "workers";  ///< what the results name as their engine
  std::string label;               ///< what a scheduler calls this worker
  double leave_seconds = 0.0;      ///< begin no task after so long, and hand back what is left; 0: stay
  bool expects_beats = false;      ///< during a study a manager that misses eight beats has gone
  double silence_seconds = 0.0;    ///< without a word from the manager: it has gone; 0: the channel tells
};

/// How it ended.
struct WorkerEnd {
  std::size_t tasks = 0;  ///< that it ran
  std::string why;        ///< "stopped by the manager", "the manager has gone", ...
  bool told = false;      ///< by the manager, which has more to say
  std::string refused;    ///< why it cannot do the study; empty: it could
};

/// Returns when the manager says so or has gone, the time to leave has come, or a stop is asked for. Programs
/// that run then are ended, except when the manager lets them finish.
WorkerEnd serve(cluster::Channel& channel, const WorkerRequest& request, const std::stop_token& stop);

}  // namespace assay::run
