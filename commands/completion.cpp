// assay completion: scripts for bash, zsh and fish, written from the option tables of the running program.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/completion_scripts.hpp"

namespace assay::commands {
namespace {

struct Options {
  std::string shell;
  const Cli* cli = nullptr;  ///< whose tables are walked
};

Exit run(const Options& o, Console& io) {
  const auto verbs = verbs_of(*o.cli);
  const auto global = program_of(*o.cli).options;
  const std::string script = o.shell == "bash"  ? bash_completion(verbs, global)
                             : o.shell == "zsh" ? zsh_completion(verbs, global)
                                                : fish_completion(verbs, global);
  if (io.json) {
    io.print_json(document("completion", {{"shell", o.shell}, {"script", script}}));
    return Exit::ok;
  }
  io.out << script;
  return Exit::ok;
}

}  // namespace

void add_completion(Cli& cli) {
  auto [app, o] = cli.add<Options>("completion", "Print a completion script for a shell", run);
  o.cli = &cli;
  app.option("shell", o.shell, "bash, zsh or fish").required().one_of({"bash", "zsh", "fish"});
  app.footer(
      "Example:\n"
      "  source <(assay completion bash)\n"
      "  assay completion zsh > ~/.zfunc/_assay      (a folder of fpath)\n"
      "  assay completion fish > ~/.config/fish/completions/assay.fish");
}

}  // namespace assay::commands
