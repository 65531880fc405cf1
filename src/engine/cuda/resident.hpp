// Resident tasks of a device: so many at once, each with a stream and a thread of its own. Knows no CUDA, so
// that the whole path is tested on a machine without a device.
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "engine/engine.hpp"

namespace assay::engine::cuda {

/// How many tasks are resident: what memory holds, and no more than `threads` (0: four a core, since a task
/// waits for the device most of its time).
std::size_t resident_tasks(std::size_t tasks, std::size_t fitting, int threads);

/// Every task, in the order of the source, to the next free stream. The first stream is made before any task is
/// taken, so that a device that does not answer is an error of the run; later errors are failed outcomes.
void run_resident(const TaskSource& tasks, const DeviceBatch& batch, std::size_t resident,
                  const std::function<std::unique_ptr<DeviceStream>()>& make_stream, std::string_view engine,
                  Sink& sink, std::stop_token stop);

/// The most bytes that any task needs.
std::size_t bytes_of_largest(const TaskSource& tasks, const DeviceBatch& batch);

}  // namespace assay::engine::cuda
