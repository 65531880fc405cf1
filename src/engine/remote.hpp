// What the engines with worker processes share: the manager over a transport, between a list of tasks and a
// sink.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "cluster/transport.hpp"
#include "engine/engine.hpp"

namespace assay::engine {

struct RemoteRun {
  std::size_t workers = 1;  ///< that are expected
  std::string engine;       ///< its name
  double batch_seconds = 0.1;
  bool beats = false;  ///< the transport does not tell a worker when the manager has gone
  std::function<void(cluster::Manager&)> begin = {};      ///< where workers are there before the manager
  std::function<void(const cluster::Manager&)> end = {};  ///< also when the run fails
};

/// What other processes need to do the body's tasks; UserError when it cannot be made anew there.
RemoteWork remote_work(const TaskBody& body, const std::string& engine);

/// UserError as remote_work().
void run_remote(const TaskSource& tasks, const TaskBody& body, Sink& sink, const Options& options,
                cluster::Transport& transport, const RemoteRun& how, const std::stop_token& stop);

}  // namespace assay::engine
