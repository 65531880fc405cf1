// assay engines: each engine, usable or the reason why not.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/option_table.hpp"
#include "core/host.hpp"
#include "engine/engine.hpp"

namespace assay::commands {
namespace {

struct Options {
  std::string require;
};

Exit run(const Options& o, Console& io) {
  if (!o.require.empty()) engine::get(o.require);
  Json rows = Json::array();
  bool required_usable = o.require.empty();
  for (const auto* engine : engine::all()) {
    const auto a = engine->availability();
    rows.push_back({{"name", std::string(engine->name())}, {"usable", a.usable}, {"reason", a.reason}});
    io.say(fmt::format("{:<8} {:<4} {}", engine->name(), a.usable ? "yes" : "no", a.reason));
    if (engine->name() == o.require) required_usable = a.usable;
  }
  if (io.json) {
    io.print_json(document("engines", {{"usable_cores", usable_cores()}, {"engines", rows}}));
  }
  return required_usable ? Exit::ok : Exit::environment;
}

}  // namespace

void add_engines(Cli& cli) {
  auto [app, o] = cli.add<Options>("engines", "Show each engine: usable, or the reason why not", run);
  app.option("--require", o.require, "exit with 3 unless this engine is usable").offer(engine::names());
  app.footer("Example:\n  assay engines --require cuda");
}

}  // namespace assay::commands
