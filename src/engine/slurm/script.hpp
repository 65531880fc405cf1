// What is submitted: how many workers, for how long, and the batch script that starts them. Text in, text out;
// no program is asked anything here (cluster.hpp does that).
// SPDX-License-Identifier: MIT
//
// A job is an array of few long elements, each `assay worker` with several slots: an element costs Slurm about
// half a second, a task of a worker microseconds. A worker leaves by itself before the walltime; SIGTERM, which
// Slurm sends somewhat later, ends what still runs. Both hand the tasks back.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace assay::engine::slurm {

/// What the cluster allows; as read from it, or Slurm's own defaults.
struct Limits {
  std::size_t array_size = 1001;  ///< MaxArraySize: the largest index is one less
  double wall_seconds = 0.0;      ///< MaxTime of the partition; 0: none
  int node_cpus = 0;              ///< of a node of the partition, on average; 0: unknown
  std::string partition;          ///< whose limits these are; empty: the cluster was not asked
};

/// How many workers, how wide, how long.
struct Shape {
  int elements = 1;
  int slots = 1;
  double wall_seconds = 3600.0;
  double leave_seconds = 3240.0;  ///< when a worker begins no more tasks
  int minutes = 60;               ///< that Slurm is asked for
  int signal_seconds = 60;        ///< before these are over it sends SIGTERM
  double wait_seconds = 600.0;    ///< without a word of the manager after which a worker leaves
};

/// As asked for, within the limits; else 4 workers of 4 slots for an hour, fewer for few tasks. UserError where
/// what was asked for is more than the cluster allows.
Shape shape_for(std::size_t tasks, int workers, const SlurmRequest& request, const Limits& limits);

/// Workers that so many open tasks need.
int elements_for(std::size_t open_tasks, const Shape& shape);

/// Elements of each array: none has more than the cluster takes.
std::vector<int> arrays_of(int elements, const Limits& limits);

struct Job {
  std::string name;              ///< of all jobs of one run: what Slurm is asked for
  std::filesystem::path folder;  ///< of the run, absolute
  std::filesystem::path spool;
  std::filesystem::path directory;  ///< where its workers start
  std::string program;              ///< this one
  std::string partition;            ///< empty: the cluster's default
  Shape shape;
  std::string template_text;  ///< empty: the plain one
  std::string template_name = "template";
};

/// The name that all jobs of the run in this folder have: a later process finds them by it.
std::string job_name(const std::filesystem::path& folder);

/// The job of the run in `folder`; reads the template. UserError when the run has no folder.
Job job_for(const cluster::WorkOrder& order, const Options& options, const Shape& shape);

/// Where the elements' output goes, and the record of jobs: slurm in the folder of the run.
std::filesystem::path log_folder_of(const std::filesystem::path& run_folder);
std::filesystem::path log_folder(const Job& job);

/// The template that is used without one.
std::string plain_template();

/// The whole script of an array of `elements` workers. UserError with file and line for a field of the template
/// that is none, one that it lacks, or options after the first command, where Slurm does not read them.
std::string script_text(const Job& job, int elements);

}  // namespace assay::engine::slurm
