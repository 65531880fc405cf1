// The jobs of a run on a cluster, as assay status shows them.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/json.hpp"
#include "engine/slurm/queue_report.hpp"

namespace assay::commands {

/// Lines of a label and a text, each after a line end; says where it is from.
std::string queue_text(const engine::slurm::QueueReport& report);

Json queue_json(const engine::slurm::QueueReport& report);

}  // namespace assay::commands
