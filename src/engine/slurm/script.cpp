// SPDX-License-Identifier: MIT
#include "engine/slurm/script.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "cluster/pool.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/sha256.hpp"
#include "core/suggest.hpp"
#include "core/text.hpp"

namespace assay::engine::slurm {
namespace {

namespace fs = std::filesystem;

constexpr int kWorkers = 4, kSlots = 4;  // where nothing was asked for
constexpr double kWallSeconds = 3600.0;  // the same
constexpr double kLongestMargin =
    300.0;                              // that a worker leaves before the walltime, at most; else a tenth of it
constexpr double kWaitSeconds = 600.0;  // the same; a manager that was killed may be started again

/// Safe inside the quotes of an #SBATCH line.
std::string for_option(const fs::path& path) {
  std::string text;
  for (const char c : path.string()) {
    if (c == '"' || c == '\\' || c == '\'' || static_cast<unsigned char>(c) < ' ')
      throw UserError("the path " + path.string() + " cannot stand in a batch script",
                      "choose a folder without quotes, backslashes and line ends in its path");
    text += c == '%' ? "%%" : std::string(1, c);
  }
  return text;
}

std::string options_text(const Job& job, int elements) {
  const Shape& s = job.shape;
  std::vector<std::string> lines{
      "job-name=" + job.name,
      fmt::format("array=0-{}", elements - 1),
      "ntasks=1",
      fmt::format("cpus-per-task={}", s.slots),
      fmt::format("time={}", s.minutes),
      fmt::format("signal=B:TERM@{}", s.signal_seconds),
      "no-requeue",
      "output=\"" + for_option(log_folder(job)) + "/%A_%a.log\"",
      "chdir=\"" + for_option(job.directory) + "\"",
  };
  if (!job.partition.empty()) lines.push_back("partition=" + job.partition);
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "#SBATCH --" : "\n#SBATCH --") + line;
  return text;
}

std::string worker_text(const Job& job) {
  return fmt::format(
      "exec {} worker --spool {} --slots {} --engine-name slurm \\\n"
      "  --label \"${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}\" --leave-after {:.0f} --wait {:.0f}",
      in_single_quotes(job.program), in_single_quotes(job.spool.string()), job.shape.slots,
      std::floor(job.shape.leave_seconds), std::ceil(job.shape.wait_seconds));
}

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

/// A template on its way to a script, line by line.
class Filling {
 public:
  explicit Filling(const Job& job, int elements)
      : job_(job), values_{{"options", options_text(job, elements)}, {"worker", worker_text(job)}} {}

  std::string text() {
    const std::string source = job_.template_text.empty() ? plain_template() : job_.template_text;
    std::size_t at = 0;
    for (line_ = 1; at < source.size(); ++line_) {
      const auto end = std::min(source.find('\n', at), source.size());
      add(source.substr(at, end - at));
      at = end + 1;
    }
    for (const auto& [name, value] : values_) {
      if (used_.count(name) == 0)
        throw UserError(
            Problem{.what = "the template has no field {" + name + "}",
                    .where = {job_.template_name, 0, 0},
                    .expected = "{options}, where the #SBATCH lines stand, and {worker}, the command",
                    .hint = "assay scan ... --engine slurm --dry-run prints the plain script"});
    }
    return std::move(out_);
  }

 private:
  void add(const std::string& line) {
    if (line_ == 1 && line.rfind("#!", 0) != 0)
      fail(line, 0, "a batch script begins with #!, such as #!/bin/bash");
    std::size_t at = 0, open = 0;
    while ((open = line.find('{', at)) != std::string::npos) {
      const auto close = line.find('}', open);
      const std::string name = close == std::string::npos ? "" : line.substr(open + 1, close - open - 1);
      if (!is_name(name) || (open > 0 && line[open - 1] == '$')) {  // ${name} is the shell's
        out_ += line.substr(at, open + 1 - at);
        at = open + 1;
        continue;
      }
      const auto it =
          std::find_if(values_.begin(), values_.end(), [&](const auto& v) { return v.first == name; });
      if (it == values_.end())
        fail(line, open, "no field {" + name + "}",
             one_of(name, std::vector<std::string>{"options", "worker"}));
      if (name == "options" && commands_begun_)
        fail(line, open, "{options} after the first command, where sbatch reads no options any more");
      used_.insert(name);
      out_ += line.substr(at, open - at) + it->second;
      at = close + 1;
    }
    out_ += line.substr(at) + "\n";
    const auto first = line.find_first_not_of(" \t");
    const bool options = line.find("{options}") != std::string::npos;
    if (first != std::string::npos && line[first] != '#' && !options) commands_begun_ = true;
  }

  [[noreturn]] void fail(const std::string& line, std::size_t column, const std::string& what,
                         const std::string& expected = {}) const {
    throw UserError(Problem{.what = what,
                            .where = {job_.template_name, line_, static_cast<int>(column) + 1},
                            .source_line = line,
                            .expected = expected});
  }

  const Job& job_;
  std::vector<std::pair<std::string, std::string>> values_;
  std::set<std::string> used_;
  std::string out_;
  int line_ = 1;
  bool commands_begun_ = false;
};

}  // namespace

Shape shape_for(std::size_t tasks, int workers, const SlurmRequest& request, const Limits& limits) {
  Shape s;
  s.slots = request.slots > 0 ? request.slots : kSlots;
  if (limits.node_cpus > 0 && s.slots > limits.node_cpus) {
    if (request.slots > 0)
      throw UserError(fmt::format("--slots {} is more than a node of partition {} has: {} CPUs", s.slots,
                                  limits.partition, limits.node_cpus),
                      "choose fewer slots and more --workers, or another --partition");
    s.slots = limits.node_cpus;
  }
  s.elements = elements_for(tasks, {.elements = workers > 0 ? workers : kWorkers, .slots = s.slots});
  s.wall_seconds = request.wall_seconds > 0.0 ? request.wall_seconds : kWallSeconds;
  if (limits.wall_seconds > 0.0 && s.wall_seconds > limits.wall_seconds) {
    if (request.wall_seconds > 0.0)
      throw UserError(fmt::format("--walltime is longer than partition {} allows: {:.0f} minutes",
                                  limits.partition, limits.wall_seconds / 60.0),
                      "a scan may take longer than its jobs: they are submitted again until it is done");
    s.wall_seconds = limits.wall_seconds;
  }
  const double margin = std::min(s.wall_seconds / 10.0, kLongestMargin);
  s.leave_seconds = s.wall_seconds - margin;
  s.minutes = static_cast<int>(std::ceil(s.wall_seconds / 60.0));
  s.signal_seconds = std::clamp(static_cast<int>(margin / 2.0), 10, 60);
  s.wait_seconds = request.wait_seconds > 0.0 ? request.wait_seconds : kWaitSeconds;
  return s;
}

int elements_for(std::size_t open_tasks, const Shape& shape) {
  const auto slots = static_cast<std::size_t>(shape.slots);
  return static_cast<int>(
      std::min<std::size_t>(static_cast<std::size_t>(shape.elements), (open_tasks + slots - 1) / slots));
}

std::vector<int> arrays_of(int elements, const Limits& limits) {
  const int largest = static_cast<int>(std::clamp<std::size_t>(limits.array_size, 1, 1'000'000));
  std::vector<int> arrays;
  for (int left = elements; left > 0; left -= largest) arrays.push_back(std::min(left, largest));
  return arrays;
}

std::string job_name(const fs::path& folder) {
  const std::string whose = std::to_string(::getuid()) + " " + fs::weakly_canonical(folder).string();
  return "assay-" + sha256_hex(whose).substr(0, 12);
}

Job job_for(const cluster::WorkOrder& order, const Options& options, const Shape& shape) {
  if (order.folder.empty())
    throw UserError("engine slurm needs --out DIR, a folder that the nodes see too",
                    "its workers get their tasks through it, and assay attach DIR takes the run up again");
  Job job{.name = job_name(order.folder),
          .folder = order.folder,
          .spool = options.spool.empty() ? fs::path(order.folder) / "spool" : fs::absolute(options.spool),
          .directory = order.config_folder,
          .program = cluster::worker_program(),
          .partition = options.slurm.partition,
          .shape = shape};
  if (!options.slurm.template_file.empty()) {
    job.template_name = options.slurm.template_file;
    job.template_text = read_file(job.template_name);
    if (job.template_text.empty()) throw UserError("the template " + job.template_name + " is empty");
  }
  return job;
}

fs::path log_folder_of(const fs::path& run_folder) {
  return run_folder / "slurm";
}

fs::path log_folder(const Job& job) {
  return log_folder_of(job.folder);
}

std::string plain_template() {
  return "#!/bin/bash\n{options}\n{worker}\n";
}

std::string script_text(const Job& job, int elements) {
  return Filling(job, elements).text();
}

}  // namespace assay::engine::slurm
