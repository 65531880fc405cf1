// SPDX-License-Identifier: MIT
#include "commands/queue_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.hpp"

namespace assay::commands {
namespace {

namespace slurm = engine::slurm;

constexpr std::size_t kMostNodes = 4;

/// Elements of a job that are in one state, for one reason.
struct Group {
  std::string state, reason;
  std::size_t count = 0;
  std::vector<std::string> nodes;  ///< each once
};

std::vector<Group> groups_of(const slurm::JobView& job) {
  std::vector<Group> groups;
  for (const auto& element : job.elements) {
    const std::string reason = element.reason == "None" ? "" : element.reason;
    auto it = std::find_if(groups.begin(), groups.end(),
                           [&](const Group& g) { return g.state == element.state && g.reason == reason; });
    if (it == groups.end()) it = groups.insert(groups.end(), Group{element.state, reason, 0, {}});
    ++it->count;
    const bool there = std::find(it->nodes.begin(), it->nodes.end(), element.nodes) != it->nodes.end();
    if (!element.nodes.empty() && !there) it->nodes.push_back(element.nodes);
  }
  return groups;
}

std::string nodes_text(const std::vector<std::string>& nodes) {
  std::string text;
  for (std::size_t i = 0; i < std::min(nodes.size(), kMostNodes); ++i) text += (i > 0 ? ", " : "") + nodes[i];
  return nodes.size() > kMostNodes ? fmt::format("{} and {} more", text, nodes.size() - kMostNodes) : text;
}

std::string group_text(const Group& g) {
  std::string text = fmt::format("{} {}", g.count, lower(g.state));
  if (!g.reason.empty()) text += " (" + g.reason + ")";
  if (!slurm::has_ended(g.state) && !g.nodes.empty()) text += " on " + nodes_text(g.nodes);
  return text;
}

std::string workers(int count) {
  return fmt::format("{} worker{}", count, count == 1 ? "" : "s");
}

std::string line(const std::string& label, const std::string& text) {
  return fmt::format("\n{:<11} {}", label, text);
}

std::string job_text(const slurm::JobView& job, bool cluster_told) {
  const auto& s = job.submission;
  if (!cluster_told)
    return fmt::format("{} submitted {}, {} of them have begun", workers(s.elements), s.at, job.begun);
  std::string text;
  for (const auto& group : groups_of(job)) text += (text.empty() ? "" : "; ") + group_text(group);
  if (const auto gone = job.forgotten(); gone > 0)
    text += fmt::format("{}{} ended, no longer known to Slurm", text.empty() ? "" : "; ", gone);
  return workers(s.elements) + ": " + text;
}

}  // namespace

std::string queue_text(const slurm::QueueReport& report) {
  const bool told = report.unasked.empty();
  std::string text = line("queue", told ? "from Slurm" : "from the folder: " + report.unasked);
  if (report.earlier > 0)
    text += line("", fmt::format("{} job{} before these", report.earlier, report.earlier == 1 ? "" : "s"));
  for (const auto& job : report.jobs) text += line("job " + job.submission.job, job_text(job, told));
  return text;
}

Json queue_json(const slurm::QueueReport& report) {
  const bool told = report.unasked.empty();
  Json jobs = Json::array();
  for (const auto& job : report.jobs) {
    Json json = {{"job", job.submission.job}, {"workers", job.submission.elements}};
    if (!job.submission.at.empty()) json["submitted"] = job.submission.at;
    json["begun"] = job.begun;
    if (told) {
      Json states = Json::array();
      for (const auto& g : groups_of(job)) {
        Json state = {{"state", g.state}, {"workers", g.count}};
        if (!g.reason.empty()) state["reason"] = g.reason;
        if (!g.nodes.empty()) state["nodes"] = g.nodes;
        states.push_back(std::move(state));
      }
      json["states"] = std::move(states);
      json["forgotten"] = job.forgotten();
    }
    jobs.push_back(std::move(json));
  }
  Json json = {{"source", told ? "slurm" : "folder"}};
  if (!told) json["unasked"] = report.unasked;
  json["earlier_jobs"] = report.earlier;
  json["jobs"] = std::move(jobs);
  return json;
}

}  // namespace assay::commands
