// assay show: everything about one task of a run.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/failure_text.hpp"
#include "commands/run_folder.hpp"
#include "core/number.hpp"
#include "core/time.hpp"
#include "evidence/attempt_log.hpp"
#include "run/task_table.hpp"

namespace assay::commands {
namespace {

struct Options : RunFolder {
  std::size_t task = 0;
};

using Tries = std::vector<std::pair<int, plan::Attempt>>;

Tries tries_of(const run::FolderView& view, std::size_t task) {
  Tries tries;
  evidence::read_attempts(view.attempts_file(), [&](std::size_t index, int number, const plan::Attempt& a) {
    if (index == task) tries.emplace_back(number, a);
    return true;
  });
  return tries;
}

Json try_json(int number, const plan::Attempt& a) {
  Json json = {
      {"attempt", number}, {"cause", a.cause}, {"started", rfc3339(static_cast<std::int64_t>(a.started))}};
  if (!a.message.empty()) json["message"] = a.message;
  if (a.signal != 0) {
    json["signal"] = a.signal;
  } else {
    json["exit_code"] = a.exit_code;
  }
  json["wall_s"] = a.wall_seconds;
  json["cpu_s"] = a.cpu_seconds;
  json["peak_kib"] = a.peak_kib;
  json["stdout"] = a.out;
  json["stderr"] = a.err;
  json["stdout_bytes"] = a.out_bytes;
  json["stderr_bytes"] = a.err_bytes;
  return json;
}

void say_stream(const Console& io, const std::string& name, const std::string& text) {
  if (text.empty()) return;
  io.say("  " + name + ":");
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    io.say("    " + text.substr(at, end - at));
    at = end + 1;
  }
}

std::string value_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : to_text(value, 0);
}

void say_task(const run::FolderView& view, const Json& row, const Tries& tries, const Console& io) {
  io.say(io.bold(fmt::format("task {} of {} in {}", row["index"].get<std::size_t>(), view.kind(),
                             view.folder().string())) +
         ": " + row["status"].get<std::string>() + (row.contains("of") ? " of " + to_text(row["of"]) : ""));
  for (const auto& [name, value] : row["point"].items())
    io.say(fmt::format("  {:<12} {}", name, value_of(value)));
  for (const auto& [name, value] : row["observables"].items())
    io.say(fmt::format("  {:<12} {}", name, value_of(value)));
  for (const char* name :
       {"message", "attempts", "wall_s", "cpu_s", "peak_kib", "engine", "host", "worker", "seed"}) {
    if (row.contains(name)) io.say(fmt::format("  {:<12} {}", name, value_of(row[name])));
  }
  for (const auto& [number, a] : tries) {
    io.say(fmt::format("try {}, {}: {}{}, {:.3g} s", number, rfc3339(static_cast<std::int64_t>(a.started)),
                       a.cause,
                       a.signal != 0      ? fmt::format(" (signal {})", a.signal)
                       : a.exit_code != 0 ? fmt::format(" (exit status {})", a.exit_code)
                                          : "",
                       a.wall_seconds));
    say_stream(io, "stdout", a.out);
    say_stream(io, "stderr", a.err);
  }
  const auto task_folder = view.folder() / "tasks" / std::to_string(row["index"].get<std::size_t>());
  if (std::filesystem::exists(task_folder)) io.say("files: " + task_folder.string());
  const auto line = view.record().value("command_line", std::vector<std::string>());
  if (!line.empty()) {
    io.say("again: cd " + shell_quoted(view.record().value("folder", ".")) + " && " +
           only_task(line, row["index"].get<std::size_t>()));
  }
}

Exit run(const Options& o, Console& io) {
  const run::FolderView view(o.folder, o.kind);
  const std::size_t tasks = view.study().points().size();
  if (o.task >= tasks)
    throw UserError(fmt::format("there is no task {}", o.task),
                    fmt::format("the tasks are 0 to {}", tasks - 1));
  const Json row = run::task_row(view, o.task);
  const Tries tries = tries_of(view, view.study().original(o.task));
  if (io.json) {
    Json list = Json::array();
    for (const auto& [number, a] : tries) list.push_back(try_json(number, a));
    io.print_json(document("show", {{"task", row}, {"tries", list}}));
    return Exit::ok;
  }
  say_task(view, row, tries, io);
  return Exit::ok;
}

}  // namespace

void add_show(Cli& cli) {
  auto [app, o] =
      cli.add<Options>("show", "Show everything about one task of a run: point, result, every try", run);
  add_folder(app, o);
  app.option("task", o.task, "its number, from 0").required();
  add_kind(app, o);
  app.footer("Example:\n  assay show runs/cyclone 17");
}

}  // namespace assay::commands
