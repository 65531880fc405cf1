#include "commands/gate_runtime.hpp"

#include <filesystem>
#include <string>

#include "bench/process.hpp"

namespace assay::commands {
namespace {

/// Starts in its folder, standard error into a file of its own.
gate::CommandResult run_in_folder(const gate::CommandRequest& request) {
  const bench::CommandLine command{
      .text = request.text,
      .arguments = {"/bin/sh", "-c", "cd -- \"$1\" && exec /bin/sh -c \"$2\" 2>\"$3\"", "sh",
                    request.folder.string(), request.text, request.errors.string()},
      .by_shell = true};
  const bench::RunResult result = bench::run_command(command, {.timeout_seconds = request.timeout_seconds,
                                                               .output = request.output.string(),
                                                               .keep_stderr = true,
                                                               .stop = request.stop});
  return {result.ok(), bench::describe(result)};
}

}  // namespace

GateRuntime::GateRuntime(const Console& io) {
  runtime_.run_command = run_in_folder;
  runtime_.stop = interrupt_.token();
  runtime_.note = [&io](const std::string& text) { io.detail(text); };
}

gate::Runtime& GateRuntime::use() {
  runtime_.scratch = scratch_.path() / std::to_string(++used_);
  std::filesystem::create_directory(runtime_.scratch);
  return runtime_;
}

}  // namespace assay::commands
