#include "gate/command_side.hpp"

#include <sys/stat.h>

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>

#include "core/file.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"

namespace assay::gate {
namespace {

/// What changes when a file is written, even with the same bytes.
struct Stamp {
  bool there = false;
  std::array<std::int64_t, 4> marks{};
  bool operator==(const Stamp&) const = default;
};

Stamp stamp_of(const std::filesystem::path& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return {};
  return {true,
          {static_cast<std::int64_t>(s.st_ino), s.st_ctim.tv_sec, s.st_ctim.tv_nsec,
           static_cast<std::int64_t>(s.st_size)}};
}

std::string last_lines(const std::filesystem::path& path) {
  constexpr std::size_t most = 400;
  std::string text = std::filesystem::exists(path) ? read_file(path) : std::string();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.size() > most ? "..." + text.substr(text.size() - most) : text;
}

void add_output(SideResult& side, const std::string& name, const std::filesystem::path& path) {
  const FileDigest digest = sha256_file(path);
  side.files.push_back({name, path});
  side.record["outputs"].push_back({{"path", name}, {"sha256", digest.sha256}, {"bytes", digest.bytes}});
}

}  // namespace

SideResult run_command_side(const SideSpec& spec, const Knobs& knobs, const std::filesystem::path& folder,
                            Runtime& runtime) {
  SideResult side;
  const auto run = fresh_folder(runtime);
  const auto out = run / "out";
  std::filesystem::create_directory(out);
  const std::string command = fill_in(spec.command, knobs);
  side.record = {{"command", command}, {"outputs", Json::array()}};
  const bool own_folder = command.find("{out}") != std::string::npos;
  const auto home = own_folder ? out : folder;
  std::vector<Stamp> before;
  for (const std::string& file : spec.files) before.push_back(stamp_of(home / file));
  const auto start = std::chrono::steady_clock::now();
  const CommandResult result = runtime.run_command({.text = replaced(command, "{out}", out.string()),
                                                    .folder = folder,
                                                    .output = run / "stdout",
                                                    .errors = run / "stderr",
                                                    .timeout_seconds = spec.timeout_seconds,
                                                    .stop = runtime.stop});
  side.work_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  side.record["result"] = result.description;
  if (!result.ok) {
    side.workload_failed = true;
    const std::string said = last_lines(run / "stderr");
    side.blockers.push_back("the command failed: " + result.description + (said.empty() ? "" : "\n" + said));
    return side;
  }
  if (spec.files.empty()) add_output(side, "stdout", run / "stdout");
  for (std::size_t i = 0; i < spec.files.size(); ++i) {
    const std::string& name = spec.files[i];
    const Stamp after = stamp_of(home / name);
    if (!after.there) {
      side.failures.push_back("\"" + name + "\" was never written");
    } else if (!std::filesystem::is_regular_file(home / name)) {
      side.failures.push_back("\"" + name + "\" is no regular file");
    } else if (after == before[i]) {
      side.failures.push_back("\"" + name + "\" was there before and was not written: a stale result");
    } else {
      const auto kept = run / ("file-" + std::to_string(i) + std::filesystem::path(name).extension().string());
      std::filesystem::copy_file(home / name, kept);
      add_output(side, name, kept);
    }
  }
  return side;
}

SideResult read_files_side(const SideSpec& spec, const std::filesystem::path& folder) {
  SideResult side;
  side.record = {{"outputs", Json::array()}};
  for (std::size_t i = 0; i < spec.files.size(); ++i) {
    const auto path = folder / spec.files[i];
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
      side.failures.push_back("\"" + spec.files[i] + "\" is not there, or no regular file");
    } else {
      add_output(side, spec.files[i], path);
    }
  }
  return side;
}

}  // namespace assay::gate
