// Tasks on the nodes of a Slurm cluster: this process is the manager, its workers are jobs that it submits, and
// they meet in a folder that both see (cluster/spool.hpp).
// SPDX-License-Identifier: MIT
#pragma once

#include "engine/engine.hpp"

namespace assay::engine::slurm {

const Engine& instance();

/// Workers that so many tasks get, before the cluster's limits are known.
int workers_of(std::size_t tasks, const Options& options);

}  // namespace assay::engine::slurm
