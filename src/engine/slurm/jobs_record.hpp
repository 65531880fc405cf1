// DIR/slurm/jobs.jsonl: what a run has submitted, a line a job. For those who look at the run when no cluster
// answers; nothing is decided from it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace assay::engine::slurm {

struct Submission {
  std::string job;   ///< Slurm's number of the array
  std::string name;  ///< of all jobs of the run, which squeue is asked for
  int elements = 0;
  std::string at;  ///< RFC 3339
};

/// `logs`: the folder of the elements' output (script.hpp). A record that cannot be written is no reason to end
/// a run: then it is not there.
void note_submission(const std::filesystem::path& logs, const Submission& submission);

/// In their order; none where there is no such file. A line that is no record, such as the last one of a
/// process that was killed, is passed over.
std::vector<Submission> read_submissions(const std::filesystem::path& logs);

/// Elements of a job that have begun: each has a file of output, even where nothing was printed.
std::size_t begun_elements(const std::filesystem::path& logs, const std::string& job);

}  // namespace assay::engine::slurm
