// The jobs of a run as somebody sees them who is not its manager: from the cluster where it answers, else from
// the run's folder.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/slurm/cluster.hpp"
#include "engine/slurm/jobs_record.hpp"

namespace assay::engine::slurm {

/// One job, an array of workers.
struct JobView {
  Submission submission;          ///< `at` is empty where only the cluster knows the job
  std::vector<Element> elements;  ///< those that the cluster told of
  std::size_t begun = 0;          ///< elements, from the folder
  /// Elements that the cluster did not tell of: they have ended so long ago that it has forgotten them.
  [[nodiscard]] std::size_t forgotten() const;
};

struct QueueReport {
  std::string unasked;        ///< why the cluster could not be asked: the folder tells all then; else empty
  std::vector<JobView> jobs;  ///< the latest, in their order
  std::size_t earlier = 0;    ///< jobs before these
  /// Elements that wait or run, as the cluster told.
  [[nodiscard]] std::size_t alive() const;
};

/// Nothing where the run in this folder has never submitted a job.
std::optional<QueueReport> queue_report(const Cluster& cluster, const std::filesystem::path& folder);

}  // namespace assay::engine::slurm
