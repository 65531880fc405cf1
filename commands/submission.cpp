// SPDX-License-Identifier: MIT
#include "commands/submission.hpp"

#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/slurm/cluster.hpp"
#include "engine/slurm/script.hpp"
#include "run/work_order.hpp"

namespace assay::commands {
namespace {

namespace slurm = engine::slurm;

slurm::Limits limits_of_here(const std::string& partition, const Console& io) {
  const slurm::Cluster cluster;
  if (const auto found = cluster.availability(); !found.usable) {
    io.note("Slurm's own defaults stand for the cluster's limits: " + found.reason);
    return {};
  }
  return cluster.limits(partition);
}

Exit dry_run(const run::Study& study, const StudyOptions& o, const Console& io) {
  const engine::Options& options = study.engine().options;
  const slurm::Limits limits = limits_of_here(options.slurm.partition, io);
  const slurm::Shape shape = slurm::shape_for(study.unique_tasks(), options.workers, options.slurm, limits);
  const auto folder = o.out.empty() ? std::filesystem::path() : std::filesystem::absolute(o.out);
  const slurm::Job job = slurm::job_for(run::work_order(study, folder), options, shape);
  Json scripts = Json::array();
  for (const int elements : slurm::arrays_of(shape.elements, limits)) {
    const std::string script = slurm::script_text(job, elements);
    if (!io.json) io.out << script;
    scripts.push_back({{"elements", elements}, {"script", script}});
  }
  if (io.json) {
    io.print_json(document("submission", {{"job_name", job.name},
                                          {"tasks", study.unique_tasks()},
                                          {"workers", shape.elements},
                                          {"slots", shape.slots},
                                          {"wall_seconds", shape.wall_seconds},
                                          {"leave_seconds", shape.leave_seconds},
                                          {"scripts", scripts}}));
  }
  io.note(fmt::format("nothing was submitted: {} tasks for {} workers with {} slots each", study.unique_tasks(),
                      shape.elements, shape.slots));
  return Exit::ok;
}

}  // namespace

std::optional<Exit> prepare_submission(const run::Study& study, const StudyOptions& o, const Console& io) {
  if (study.engine().name == "slurm") {
    if (o.dry_run) return dry_run(study, o, io);
    std::signal(SIGHUP, SIG_IGN);
    return std::nullopt;
  }
  if (o.dry_run)
    throw UserError("--dry-run prints what engine slurm would submit, and this run is not on it",
                    "add --engine slurm; assay plan shows what any engine would run");
  return std::nullopt;
}

}  // namespace assay::commands
