// assay worker: runs tasks for a manager at the other end of standard input and output.
#include <nlohmann/json.hpp>

#include "cluster/spool.hpp"
#include "cluster/stream_channel.hpp"
#include "commands/all.hpp"
#include "core/host.hpp"
#include "core/interrupt.hpp"
#include "core/time.hpp"
#include "run/worker.hpp"
#include "workload/workload.hpp"

namespace assay::commands {
namespace {

struct Options {
  int slots = 1;
  std::string engine_name = "workers";
  std::string label, leave_after, spool, wait;
};

double seconds_of(const std::string& flag, const std::string& text) {
  if (text.empty()) return 0.0;
  const auto seconds = parse_duration(text);
  if (!seconds) throw UserError(flag + " " + text + ": no duration", "examples: 50m, 3500, 2h");
  return *seconds;
}

Exit run(const Options& o, Console& io) {
  if (o.slots < 1 || o.slots > 4096) throw UserError("--slots takes 1 to 4096");
  run::WorkerRequest request{.slots = o.slots, .engine = o.engine_name, .label = o.label};
  request.leave_seconds = seconds_of("--leave-after", o.leave_after);
  if (io.json) {
    io.print_json(document("worker", {{"protocol", cluster::kProtocol},
                                      {"slots", o.slots},
                                      {"workloads", workload::names()},
                                      {"usable_cores", usable_cores()}}));
    return Exit::ok;
  }
  const InterruptGuard interrupt;
  const std::stop_token stop = interrupt.token();
  run::WorkerEnd end;
  if (o.spool.empty()) {
    cluster::StreamChannel channel = cluster::take_standard_streams();
    end = run::serve(channel, request, stop);
  } else {
    request.expects_beats = true;
    request.silence_seconds = seconds_of("--wait", o.wait);
    cluster::SpoolChannel channel(o.spool);
    end = run::serve(channel, request, stop);
  }
  if (interrupt.signal() != 0) return static_cast<Exit>(128 + interrupt.signal());
  if (!end.refused.empty()) throw EnvironmentError("this worker cannot do what it was sent: " + end.refused);
  io.detail("worker: " + end.why + " after " + std::to_string(end.tasks) + " tasks");
  return Exit::ok;
}

}  // namespace

void add_worker(Cli& cli) {
  auto [app, o] =
      cli.add<Options>("worker", "Run tasks for a manager: messages on standard input and output", run);
  app.option("--slots", o.slots, "tasks at a time (default: 1)");
  app.option("--label", o.label, "what a scheduler calls this worker; shown where it is lost");
  app.option("--leave-after", o.leave_after,
             "begin no task after so long, finish what runs, and hand back the rest: 50m, 3500, 2h");
  app.option(
      "--spool", o.spool,
      "messages as files in this folder, which the manager sees too: for workers that a scheduler starts");
  app.option(
      "--wait", o.wait,
      "with --spool: end without a word of a manager for so long: 10m (default: look for one until ended)");
  app.option("--engine-name", o.engine_name, "what the results name as their engine").group("");
  app.footer(
      "Example:\n  assay scan examples/cyclone.toml --engine workers --spool runs/spool --out runs/cyclone &\n"
      "  assay worker --spool runs/spool --slots 4 --leave-after 50m --wait 10m   # on as many machines as you "
      "like");
}

}  // namespace assay::commands
