// SPDX-License-Identifier: MIT
#include "engine/slurm/script.hpp"

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "engine/slurm/cluster.hpp"
#include "engine/slurm/keeper.hpp"
#include "engine/slurm/queue_report.hpp"
#include "support/temporary_folder.hpp"

using namespace assay;
using namespace assay::engine::slurm;

namespace {

Job job_in(const std::filesystem::path& folder) {
  return {.name = "assay-1",
          .folder = folder,
          .spool = folder / "spool",
          .directory = "/home/me/it's here",
          .program = "/opt/assay's/bin/assay",
          .shape = {.elements = 6, .slots = 8}};
}

std::string error_of(const std::function<void()>& what) {
  try {
    what();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

std::string filled(const std::string& text) {
  Job job = job_in("/runs/100%");
  job.directory = "/home/me";
  job.template_text = text;
  job.template_name = "site.sh";
  return script_text(job, 3);
}

constexpr const char* kConfig =
    "Configuration data as of 2026-11-21T23:06:29\nMaxArraySize            = 1001\nMaxJobCount             = "
    "10000\n";
constexpr const char* kPartitions =
    "PartitionName=debug Default=NO MaxTime=00:30:00 State=UP TotalCPUs=8 TotalNodes=2 X=1\n"
    "PartitionName=main AllowGroups=ALL Default=YES MaxTime=2-12:00:00 State=UP TotalCPUs=256 TotalNodes=4\n";

/// A Slurm that takes jobs and starts none; `queue` is what squeue prints.
struct Fake {
  int submitted = 0, cancelled = 0, refusals = 0;
  int asked_settings = 0;
  bool controller = true;
  std::string queue;
  std::vector<std::string> scripts;
  ProgramOutput operator()(const std::vector<std::string>& words, std::string_view input) {
    if (words[0] == "squeue" && !controller) return {1, "", "Unable to contact slurm controller\n"};
    if (words[0] == "squeue") return {0, queue, ""};
    if (words[0] == "scancel" && !controller) return {1, "", "Unable to contact slurm controller\n"};
    if (words[0] == "scancel") return ++cancelled, ProgramOutput{0, "", ""};
    if (words.back() == "config" || words.back() == "partition") {
      ++asked_settings;
      if (!controller) return {1, "", "Unable to contact slurm controller\n"};
      return {0, words.back() == "config" ? kConfig : kPartitions, ""};
    }
    if (words[0] != "sbatch") return {1, "", "disabled"};
    if (refusals > 0) return --refusals, ProgramOutput{1, "", "sbatch: error: invalid account\n"};
    scripts.emplace_back(input);
    return {0, std::to_string(++submitted) + ";here\n", ""};
  }
  Cluster cluster() {
    return Cluster(60.0, [this](std::vector<std::string> words, std::string_view input, double) {
      return (*this)(words, input);
    });
  }
};

}  // namespace

TEST_CASE("the plain script names the job, its array, width and time, and quotes what a path may hold") {
  Job job = job_in("/runs/100%");
  job.directory = "/home/me/a b";
  job.partition = "main";
  CHECK(script_text(job, 3) == R"(#!/bin/bash
#SBATCH --job-name=assay-1
#SBATCH --array=0-2
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --time=60
#SBATCH --signal=B:TERM@60
#SBATCH --no-requeue
#SBATCH --output="/runs/100%%/slurm/%A_%a.log"
#SBATCH --chdir="/home/me/a b"
#SBATCH --partition=main
exec '/opt/assay'\''s/bin/assay' worker --spool '/runs/100%/spool' --slots 8 --engine-name slurm \
  --label "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" --leave-after 3240 --wait 600
)");
  CHECK(error_of([] { script_text(job_in("/runs"), 3); }).find("cannot stand in a batch script") !=
        std::string::npos);
}

TEST_CASE("a template is filled in at its two fields, and what is the shell's stays") {
  const std::string text =
      filled("#!/bin/bash\n# {x, y}\n{options}\n#SBATCH --account=${ACCOUNT}\nmodule load gcc\n{worker}\n");
  CHECK(text.find("#SBATCH --array=0-2\n") != std::string::npos);
  CHECK(text.find("# {x, y}\n") != std::string::npos);
  CHECK(text.find("--account=${ACCOUNT}\nmodule load gcc\nexec '") != std::string::npos);
}

TEST_CASE("a template with a field too many, too few or too late is refused with its place") {
  CHECK(error_of([] {
          filled("#!/bin/bash\n{options}\nsrun {wroker}\n");
        }).find("site.sh:3:6: no field {wroker}") == 0);
  CHECK(error_of([] {
          filled("#!/bin/bash\n{options}\n");
        }).find("site.sh: the template has no field {worker}") == 0);
  CHECK(error_of([] {
          filled("#!/bin/bash\n{worker}\n");
        }).find("site.sh: the template has no field {options}") == 0);
  CHECK(error_of([] {
          filled("#!/bin/bash\nmodule load gcc\n{options}\n{worker}\n");
        }).find("after the first command") != std::string::npos);
  CHECK(error_of([] { filled("{options}\n{worker}\n"); }).find("a batch script begins with #!") !=
        std::string::npos);
}

TEST_CASE("workers are few, wide and as long as the partition allows") {
  const Limits none;
  const Shape plain = shape_for(1000, 0, {}, none);
  CHECK(plain.elements == 4);
  CHECK(plain.slots == 4);
  CHECK(plain.minutes == 60);
  CHECK(plain.leave_seconds == 3300.0);
  CHECK(shape_for(5, 0, {}, none).elements == 2);  // no worker without a task
  CHECK(elements_for(0, plain) == 0);
  const Limits tight{.array_size = 3, .wall_seconds = 1800.0, .node_cpus = 2, .partition = "debug"};
  CHECK(shape_for(1000, 0, {}, tight).slots == 2);
  CHECK(shape_for(1000, 0, {}, tight).minutes == 30);
  CHECK(arrays_of(8, tight) == std::vector<int>{3, 3, 2});
  CHECK_THROWS_AS(shape_for(1000, 0, {.slots = 3}, tight), UserError);
  CHECK_THROWS_AS(shape_for(1000, 0, {.wall_seconds = 1801.0}, tight), UserError);
  const Shape brief = shape_for(1000, 0, {.wall_seconds = 90.0}, none);
  CHECK(brief.minutes == 2);  // Slurm counts minutes; the worker leaves by what was asked for
  CHECK(brief.leave_seconds == 81.0);
  CHECK(brief.signal_seconds == 10);
  CHECK(brief.wait_seconds == 600.0);
  CHECK(shape_for(1000, 0, {.wait_seconds = 90.0}, none).wait_seconds == 90.0);
}

TEST_CASE("jobs of a run are named after its folder, however it is written") {
  CHECK(job_name("/runs/a") == job_name("/runs/b/../a"));
  CHECK(job_name("/runs/a") != job_name("/runs/b"));
}

TEST_CASE("limits are read from what scontrol prints") {
  const Limits main = parse_limits(kConfig, kPartitions, "");
  CHECK(main.partition == "main");
  CHECK(main.array_size == 1001);
  CHECK(main.wall_seconds == 60.0 * 3600.0);
  CHECK(main.node_cpus == 64);
  CHECK(parse_limits(kConfig, kPartitions, "debug").wall_seconds == 1800.0);
  CHECK(error_of([] { parse_limits(kConfig, kPartitions, "mian"); }).find("did you mean \"main\"") !=
        std::string::npos);
  CHECK(error_of([] {
          parse_limits(kConfig, "PartitionName=a Default=NO\n", "");
        }).find("no default partition") != std::string::npos);
  CHECK(parse_slurm_time("UNLIMITED") == 0.0);
  CHECK(parse_slurm_time("INFINITE") == 0.0);
  CHECK(parse_slurm_time("30") == 1800.0);
  CHECK(parse_slurm_time("02:03:04") == 7384.0);
  CHECK(parse_slurm_time("1-00:00:01") == 86401.0);
}

TEST_CASE("a cluster that has told its limits is not asked again, one that was silent is") {
  Fake fake;
  const Cluster cluster = fake.cluster();
  fake.controller = false;
  CHECK(error_of([&] {
          (void)cluster.limits("");
        }).find("controller does not answer\n  found Unable to contact") != std::string::npos);
  fake.controller = true;
  fake.asked_settings = 0;
  CHECK(cluster.limits("").partition == "main");
  CHECK(cluster.limits("debug").wall_seconds == 1800.0);
  CHECK(fake.asked_settings == 2);  // the config, the partitions
}

TEST_CASE("what waits or runs is in the queue, what ends is not") {
  const auto queue = parse_queue(
      "12_0|RUNNING|None|n1\n12_1|COMPLETING|None|n2\n12_2|PENDING|Resources|\n12_3|NODE_FAIL|None|"
      "n3\n\nnoise\n");
  REQUIRE(queue.size() == 2);
  CHECK(queue[0].id == "12_0");
  CHECK(queue[0].nodes == "n1");
  CHECK(queue[1].reason == "Resources");
  CHECK(parse_queue("").empty());
  CHECK(parse_elements("12_0|RUNNING|None|n1\n12_1|BOOT_FAIL|None|n2\n").size() == 2);
  CHECK(parse_queue("12_1|BOOT_FAIL|None|n2\n").empty());
}

TEST_CASE("lost workers are replaced while tasks are done, and not for ever without") {
  CHECK(missing_elements({.wanted = 4, .queued = 0, .fruitless = 0, .allowed = 12}) == 4);
  CHECK(missing_elements({.wanted = 4, .queued = 3, .fruitless = 4, .allowed = 12}) == 1);
  CHECK(missing_elements({.wanted = 1, .queued = 3, .fruitless = 0, .allowed = 12}) == 0);
  CHECK(missing_elements({.wanted = 4, .queued = 0, .fruitless = 11, .allowed = 12}) == 1);
  CHECK(missing_elements({.wanted = 4, .queued = 0, .fruitless = 12, .allowed = 12}) == 0);
  CHECK(hopeless({.wanted = 4, .queued = 0, .fruitless = 12, .allowed = 12}));
  CHECK_FALSE(hopeless({.wanted = 4, .queued = 1, .fruitless = 12, .allowed = 12}));
  CHECK_FALSE(hopeless({.wanted = 0, .queued = 0, .fruitless = 12, .allowed = 12}));
}

TEST_CASE("a keeper submits what is missing, and uses what an earlier process has submitted") {
  const test::TemporaryFolder folder;
  Fake fake;
  const Cluster cluster = fake.cluster();
  Job job = job_in(folder.path());
  job.directory = folder.path();
  const Limits limits{.array_size = 4};
  std::vector<std::string> told;
  const auto tell = [&](const std::string& text) { told.push_back(text); };
  { const Keeper keeper(cluster, {.job = job, .limits = limits, .look_seconds = 3600.0, .tell = tell}, 1000); }
  CHECK(fake.submitted == 2);  // 6 workers, arrays of 4
  const auto record = read_submissions(log_folder(job));
  REQUIRE(record.size() == 2);
  CHECK((record[0].job == "1" && record[0].name == "assay-1" && record[0].elements == 4));
  CHECK((record[1].job == "2" && record[1].elements == 2));
  REQUIRE(told.size() == 2);
  CHECK(told[1] == "slurm: submitted job 2: 2 workers with 8 slots, 60 minutes");
  fake.queue =
      "1_0|RUNNING|None|n1\n1_1|RUNNING|None|n1\n1_2|PENDING|Priority|\n1_3|PENDING|Priority|\n2_0|RUNNING|"
      "None|n2\n";
  { const Keeper keeper(cluster, {.job = job, .limits = limits, .look_seconds = 3600.0, .tell = tell}, 1000); }
  REQUIRE(fake.submitted == 3);
  CHECK(fake.scripts.back().find("--array=0-0\n") != std::string::npos);
  { const Keeper keeper(cluster, {.job = job, .limits = limits, .look_seconds = 3600.0, .tell = tell}, 20); }
  CHECK(fake.submitted == 3);  // three workers are enough for 20 tasks
  fake.queue.clear();
  fake.refusals = 1;
  CHECK(error_of([&] {
          const Keeper keeper(cluster, {.job = job, .limits = limits}, 1000);
        }).find("invalid account") != std::string::npos);
}

TEST_CASE(
    "a keeper whose controller has gone at the end does not wait for it, and knows that jobs may be left") {
  const test::TemporaryFolder folder;
  Fake fake;
  const Cluster cluster = fake.cluster();
  Job job = job_in(folder.path());
  job.directory = folder.path();
  Keeper keeper(cluster, {.job = job, .look_seconds = 3600.0}, 1000);
  fake.queue = "1_0|RUNNING|None|n1\n";
  fake.controller = false;
  CHECK_FALSE(keeper.finish());
  CHECK(fake.cancelled == 0);
}

TEST_CASE("the jobs of a run are reported from the cluster, and without it from the folder") {
  const test::TemporaryFolder folder;
  Fake fake;
  const Cluster cluster = fake.cluster();
  CHECK_FALSE(queue_report(cluster, folder.path()));  // no job was ever submitted
  const auto logs = log_folder_of(folder.path());
  std::filesystem::create_directories(logs);
  note_submission(logs, {"1", "assay-1", 3, "2026-11-22T02:42:34Z"});
  test::spill(logs / "1_0.log", "");
  fake.queue = "1_0|RUNNING|None|n1\n1_1|TIMEOUT|TimeLimit|n1\n2_0|PENDING|Priority|\n";
  auto report = queue_report(cluster, folder.path());
  REQUIRE(report);
  REQUIRE(report->jobs.size() == 2);  // the second was submitted by a process that wrote nothing of it
  CHECK(report->unasked.empty());
  CHECK(report->alive() == 2);
  CHECK(report->jobs[0].elements.size() == 2);
  CHECK(report->jobs[0].forgotten() == 1);
  CHECK(report->jobs[0].begun == 1);
  CHECK(report->jobs[1].submission.elements == 1);
  fake.controller = false;
  report = queue_report(cluster, folder.path());
  REQUIRE(report);
  CHECK(report->unasked == "squeue does not answer: Unable to contact slurm controller");
  REQUIRE(report->jobs.size() == 1);
  CHECK(report->jobs[0].elements.empty());
  CHECK(report->alive() == 0);
}

TEST_CASE("a keeper whose workers end before they do anything gives up, and says how they ended") {
  const test::TemporaryFolder folder;
  Fake fake;
  const Cluster cluster = fake.cluster();
  Job job = job_in(folder.path());
  job.directory = folder.path();
  std::filesystem::create_directories(log_folder(job));
  test::spill(log_folder(job) / "1_0.log", "worker: command not found\n");
  Keeper keeper(cluster, {.job = job, .look_seconds = 0.001}, 1000);
  for (int i = 0; i < 20000 && keeper.given_up().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  CHECK(keeper.given_up().find("workers ended 18 times without a task done") == 0);
  CHECK(keeper.given_up().find("worker: command not found") != std::string::npos);
  CHECK(fake.submitted == 3);
  CHECK(keeper.finish());
  CHECK(fake.cancelled == 1);  // what waits; nothing runs
}
