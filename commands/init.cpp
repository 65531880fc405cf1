// assay init: a commented config for a workload; never overwrites.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/option_table.hpp"
#include "core/atomic_file.hpp"
#include "workload/workload.hpp"

namespace assay::commands {
namespace {

struct Options {
  std::string workload = "gk.linear";
  std::string out;
};

Exit run(const Options& o, Console& io) {
  const auto& kind = workload::get(o.workload);
  const std::string text = kind.example_config();
  if (o.out == "-") {
    io.out << text;
    return Exit::ok;
  }
  const std::filesystem::path target = o.out.empty() ? o.workload + ".toml" : o.out;
  if (std::filesystem::exists(std::filesystem::symlink_status(target))) {
    throw UserError(target.string() + " is already there",
                    "init never overwrites: name another file, or - for stdout");
  }
  write_file_atomically(target, text);
  if (io.json) {
    io.print_json(document("init", {{"workload", o.workload}, {"file", target.string()}}));
  }
  io.say("wrote " + target.string() + "\nnext: assay scan " + target.string());
  return Exit::ok;
}

}  // namespace

void add_init(Cli& cli) {
  auto [app, o] = cli.add<Options>("init", "Write a commented config for a workload", run);
  app.option("workload", o.workload, "which workload (assay list)").offer(workload::names()).show_default();
  app.option("file", o.out, "where to write (default: WORKLOAD.toml; - for stdout); never overwritten");
  app.footer("Example:\n  assay init gk.linear cyclone.toml");
}

}  // namespace assay::commands
