// assay attach: takes up a run whose process has gone, from what its folder says of it.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "commands/all.hpp"
#include "commands/failure_text.hpp"
#include "commands/run_folder.hpp"
#include "evidence/folder_lock.hpp"
#include "run/folder_view.hpp"

namespace assay::commands {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReplacement = "\xEF\xBF\xBD";  // in JSON, of what is no UTF-8

std::vector<std::string> words_of(const Json& record, const std::string& source) {
  std::vector<std::string> words;
  if (record.contains("command_line") && record["command_line"].is_array()) {
    for (const auto& word : record["command_line"]) words.push_back(word.get<std::string>());
  }
  if (words.size() < 2) throw UserError(source + " does not say how the run was started");
  for (const auto& word : words) {
    if (word.find(kReplacement) != std::string::npos)
      throw UserError("the run was started with bytes that are not UTF-8, which its record cannot hold",
                      "type the same command with --resume");
  }
  return words;
}

/// The same command with --resume: what was started anew then is continued now.
std::vector<std::string> continued(std::vector<std::string> words, const Console& io) {
  words.erase(words.begin());  // the program's name
  auto end = std::find(words.begin(), words.end(), "--");
  std::vector<std::string> flags;
  for (auto it = words.begin(); it != end; ++it) {
    if (*it != "--resume" && *it != "--overwrite") flags.push_back(*it);
  }
  flags.emplace_back("--resume");
  const auto add = [&](bool wanted, const char* flag) {
    if (wanted && std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.emplace_back(flag);
  };
  add(io.json, "--json");
  add(io.quiet, "--quiet");
  flags.insert(flags.end(), end, words.end());
  return flags;
}

Exit run(const RunFolder& o, Console& io) {
  const std::string at_work = evidence::lock_holder(o.folder, evidence::kLockGrace);
  const run::FolderView view(o.folder, o.kind);
  if (!at_work.empty())
    throw UserError(o.folder + " is being worked on: " + at_work,
                    "assay status " + shell_quoted(o.folder) + " --watch shows how far it is");
  const auto words = continued(words_of(view.record(), o.folder), io);
  // Relative paths of the command line start where it was typed.
  const fs::path there = view.record().value("folder", "");
  std::error_code error;
  fs::current_path(there, error);
  if (error)
    throw UserError("the run was started in " + there.string() + ", which cannot be entered",
                    "start it from another folder: the same command with --resume");
  std::string line = "assay";
  for (const auto& word : words) line += " " + shell_quoted(word);
  io.note("in " + there.string() + ": " + line);
  io.command_line.assign(1, "assay");
  io.command_line.insert(io.command_line.end(), words.begin(), words.end());
  return static_cast<Exit>(run_main(words, io));
}

}  // namespace

void add_attach(Cli& cli) {
  auto [app, o] =
      cli.add<RunFolder>("attach", "Take up a run whose process has ended, with its jobs in a queue", run);
  add_folder(app, o);
  add_kind(app, o);
  app.footer(
      "The run's own command is repeated with --resume, where it was typed. Jobs of engine slurm that wait or\n"
      "run are found and used, not submitted again.\n\n"
      "Example:\n  assay attach runs/cyclone");
}

}  // namespace assay::commands
