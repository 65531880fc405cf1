// The loops that engines are made of: do a task and hand on its outcome, one after the other or on threads.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "engine/engine.hpp"

namespace assay::engine {

/// One run of an engine, as its loops need it; a view, no longer than the call of Engine::run.
struct Run {
  const TaskSource& tasks;
  Sink& sink;
  std::string_view engine;
  std::stop_token stop;
};

/// Does the task at place `i`. False once a stop has left it undone: it stays open, and no other should begin.
bool run_task(const Run& run, const TaskBody& body, std::size_t i);

/// All tasks, one after the other.
void run_in_order(const Run& run, const TaskBody& body);

/// `count` threads, each taking the next task when it is idle. `body_of(thread)` is called on the thread, and
/// what it gives does that thread's tasks. The first exception of a body or the sink (a full disk, say) lets no
/// further task begin, and is thrown here when all threads are done.
void run_on_threads(const Run& run, std::size_t count,
                    const std::function<const TaskBody&(std::size_t)>& body_of);

}  // namespace assay::engine
