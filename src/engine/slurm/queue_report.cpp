// SPDX-License-Identifier: MIT
#include "engine/slurm/queue_report.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "engine/slurm/script.hpp"

namespace assay::engine::slurm {
namespace {

constexpr std::size_t kMostJobs = 5;

/// "12" of "12_3".
std::string job_of(const Element& element) {
  return element.id.substr(0, element.id.find('_'));
}

/// Gives each element to its job; a job that is not on record gets one: its manager died before it wrote.
void share_out(const std::vector<Element>& elements, const std::string& name, std::vector<JobView>& jobs) {
  for (const auto& element : elements) {
    const std::string job = job_of(element);
    auto it = std::find_if(jobs.begin(), jobs.end(), [&](const auto& j) { return j.submission.job == job; });
    if (it == jobs.end()) it = jobs.insert(jobs.end(), JobView{.submission = {.job = job, .name = name}});
    it->elements.push_back(element);
    it->submission.elements = std::max(it->submission.elements, static_cast<int>(it->elements.size()));
  }
}

/// How those ended that squeue does not list any more, where there is accounting.
void add_ended(const Cluster& cluster, JobView& job) {
  if (job.forgotten() == 0) return;
  for (auto& ended : cluster.accounted(job.submission.job)) {
    const bool known =
        std::any_of(job.elements.begin(), job.elements.end(), [&](const auto& e) { return e.id == ended.id; });
    if (!known) job.elements.push_back(std::move(ended));
  }
}

}  // namespace

std::size_t JobView::forgotten() const {
  const auto all = static_cast<std::size_t>(std::max(submission.elements, 0));
  return all - std::min(all, elements.size());
}

std::size_t QueueReport::alive() const {
  std::size_t count = 0;
  for (const auto& job : jobs)
    count += static_cast<std::size_t>(std::count_if(job.elements.begin(), job.elements.end(),
                                                    [](const Element& e) { return !has_ended(e.state); }));
  return count;
}

std::optional<QueueReport> queue_report(const Cluster& cluster, const std::filesystem::path& folder) {
  const auto logs = log_folder_of(folder);
  const auto submissions = read_submissions(logs);
  if (submissions.empty()) return std::nullopt;
  QueueReport report;
  for (const auto& submission : submissions)
    report.jobs.push_back({.submission = submission, .begun = begun_elements(logs, submission.job)});
  try {
    const std::string& name = submissions.back().name;
    share_out(cluster.elements(name), name, report.jobs);
  } catch (const EnvironmentError& e) {
    report.unasked = e.problem().what + (e.problem().found.empty() ? "" : ": " + e.problem().found);
  }
  if (report.jobs.size() > kMostJobs) {
    report.earlier = report.jobs.size() - kMostJobs;
    report.jobs.erase(report.jobs.begin(), report.jobs.end() - kMostJobs);
  }
  if (report.unasked.empty()) {
    for (auto& job : report.jobs) add_ended(cluster, job);
  }
  return report;
}

}  // namespace assay::engine::slurm
