// SPDX-License-Identifier: MIT
#include "commands/program.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include "commands/command.hpp"

namespace assay::commands {

int program(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe or a file-size limit is a write error with its message,
  std::signal(SIGXFSZ, SIG_IGN);  // not a silent end
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  const char* term = std::getenv("TERM");
  const bool plain = set("NO_COLOR") || (term != nullptr && std::string_view(term) == "dumb");
  Console console{.out = std::cout, .err = std::cerr};
  console.colour = !plain && (isatty(STDOUT_FILENO) == 1 || set("CLICOLOR_FORCE") || set("FORCE_COLOR"));
  console.err_is_terminal =
      isatty(STDERR_FILENO) == 1 && !(term != nullptr && std::string_view(term) == "dumb");
  console.command_line.assign(argv, argv + argc);
  const int code = run_main({argv + 1, argv + argc}, console);
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "error: cannot write to stdout\n";
    return code == 0 ? static_cast<int>(Exit::environment) : code;
  }
  return code;
}

}  // namespace assay::commands
