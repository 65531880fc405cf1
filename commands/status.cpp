// assay status: a run seen from another terminal, alive or dead, and its table of tasks.
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "commands/all.hpp"
#include "commands/queue_text.hpp"
#include "commands/run_folder.hpp"
#include "core/interrupt.hpp"
#include "run/task_table.hpp"

namespace assay::commands {
namespace {

constexpr std::size_t kListed = 5;
constexpr std::chrono::milliseconds kEvery{1000}, kPoll{100};
constexpr std::chrono::seconds kAskEvery{10};  // a cluster has others to answer, too
constexpr double kAnswerSeconds = 5.0;         // squeue alone waits longer for a controller that is gone

struct Options : RunFolder {
  std::string table;
  bool watch = false;
};

std::string state_of(const run::FolderView& view, const run::FolderStatus& s) {
  if (!view.at_work().empty()) return "running";
  return s.done == s.distinct ? "finished" : "stopped";
}

std::string place(const run::FolderView& view, std::size_t index) {
  std::string text = fmt::format("task {}", index);
  for (const auto& [name, value] : view.study().points().at(index))
    text += "  " + name + "=" + value_text(value);
  return text;
}

using Queue = std::optional<engine::slurm::QueueReport>;

/// The jobs of a run on a cluster; of one that has finished only those that are still there.
Queue queue_of(const run::FolderView& view, const run::FolderStatus& s) {
  const engine::slurm::Cluster cluster(kAnswerSeconds);
  auto report = engine::slurm::queue_report(cluster, view.folder());
  if (report && s.done == s.distinct && report->alive() == 0) report.reset();
  return report;
}

Json status_json(const run::FolderView& view, const run::FolderStatus& s, const Queue& queue) {
  Json json = {{"folder", view.folder().string()},
               {"kind", view.kind()},
               {"state", state_of(view, s)},
               {"tasks", s.tasks},
               {"distinct", s.distinct},
               {"done", s.done},
               {"ok", s.tally.ok},
               {"failed", s.tally.failed},
               {"unconverged", s.tally.unconverged},
               {"retried", s.retried},
               {"median_s", s.median_seconds},
               {"longest_s", s.longest_seconds},
               {"cpu_s", s.cpu_seconds},
               {"peak_kib", s.peak_kib},
               {"slowest", s.slowest},
               {"failed_tasks", s.failed}};
  if (!view.at_work().empty()) json["at_work"] = view.at_work();
  if (s.rate > 0.0) {
    json["tasks_per_s"] = s.rate;
    json["seconds_left"] = s.seconds_left;
  }
  if (queue) json["queue"] = queue_json(*queue);
  return json;
}

std::string status_text(const run::FolderView& view, const run::FolderStatus& s, const Queue& queue) {
  std::string text = fmt::format("{} in {}: {}", view.kind(), view.folder().string(), state_of(view, s));
  if (!view.at_work().empty()) text += " (" + view.at_work() + ")";
  text += fmt::format("\ndone        {} of {} tasks: {} ok, {} failed, {} unconverged", s.done, s.distinct,
                      s.tally.ok, s.tally.failed, s.tally.unconverged);
  if (s.retried > 0) text += fmt::format(", {} after more than one try", s.retried);
  if (s.rate > 0.0)
    text += fmt::format("\nrate        {:.3g} tasks/s, {} left", s.rate, duration_text(s.seconds_left));
  if (s.done > 0)
    text += fmt::format("\ntime        median {:.3g} s, longest {:.3g} s", s.median_seconds, s.longest_seconds);
  if (s.cpu_seconds > 0.0)
    text += fmt::format("\ncpu         {:.3g} s in all, largest memory {:.1f} MiB", s.cpu_seconds,
                        static_cast<double>(s.peak_kib) / 1024.0);
  if (queue) text += queue_text(*queue);
  for (const auto i : s.slowest)
    text += fmt::format("\nslowest     {}  {:.3g} s", place(view, i), view.store().at(i).wall_seconds);
  for (const auto i : s.failed) {
    const std::string message = view.store().at(i).message;
    text += fmt::format("\nfailed      {}: {}", place(view, i), message.substr(0, message.find('\n')));
  }
  if (view.at_work().empty() && s.done < s.distinct)
    text += "\nnext        the same command with --resume runs the other tasks";
  return text;
}

/// Draws over itself until the run has ended or somebody has had enough.
void watch(const Options& o, const Console& io) {
  const InterruptGuard interrupt;
  const auto stop = interrupt.token();
  Queue queue;
  auto ask_again = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    const run::FolderView view(o.folder, o.kind);
    const auto status = run::status_of(view, kListed);
    if (std::chrono::steady_clock::now() >= ask_again) {
      queue = queue_of(view, status);
      ask_again = std::chrono::steady_clock::now() + kAskEvery;
    }
    io.out << "\033[H\033[J" << status_text(view, status, queue) << "\n" << std::flush;
    if (view.at_work().empty()) return;
    for (auto waited = kPoll; waited < kEvery && !stop.stop_requested(); waited += kPoll)
      std::this_thread::sleep_for(kPoll);
  }
}

Exit run(const Options& o, Console& io) {
  if (o.watch && !io.json && o.table.empty()) {
    watch(o, io);
    return Exit::ok;
  }
  const run::FolderView view(o.folder, o.kind);
  if (!o.table.empty()) {
    run::write_table(view, o.table == "csv" ? run::TableForm::csv : run::TableForm::jsonl,
                     [&](std::string_view text) { io.out << text; });
    return Exit::ok;
  }
  const auto status = run::status_of(view, kListed);
  const Queue queue = queue_of(view, status);
  if (io.json) io.print_json(document("status", {{"status", status_json(view, status, queue)}}));
  io.say(status_text(view, status, queue));
  return Exit::ok;
}

}  // namespace

void add_status(Cli& cli) {
  auto [app, o] =
      cli.add<Options>("status", "Show how far a run is, from any terminal; write its table of tasks", run);
  add_folder(app, o);
  add_kind(app, o);
  app.option("--table", o.table,
             "every task as csv or jsonl: point, status, observables, attempts, times, memory")
      .one_of({"csv", "jsonl"});
  app.flag("--watch", o.watch, "draw again every second until the run has ended");
  app.footer(
      "Of a run on a cluster the jobs are shown, too: from Slurm, else from the run's folder.\n\n"
      "Example:\n  assay status runs/cyclone\n  assay status runs/cyclone --table csv > tasks.csv");
}

}  // namespace assay::commands
