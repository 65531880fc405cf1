// SPDX-License-Identifier: MIT
#include "engine/slurm/jobs_record.hpp"

#include <fcntl.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/json.hpp"
#include "core/text.hpp"

namespace assay::engine::slurm {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "jobs.jsonl";

}  // namespace

void note_submission(const fs::path& logs, const Submission& s) {
  const FileHandle file(::open((logs / kFile).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (!file.is_open()) return;
  write_fully(file.get(),
              to_text({{"job", s.job}, {"name", s.name}, {"elements", s.elements}, {"at", s.at}}, 0) + "\n");
}

std::vector<Submission> read_submissions(const fs::path& logs) {
  std::vector<Submission> all;
  std::error_code error;
  if (!fs::exists(logs / kFile, error)) return all;
  const std::string text = read_file(logs / kFile);
  for (const auto line : split(text, '\n')) {
    if (line.empty()) continue;
    try {
      const Json json = parse_json(std::string(line), kFile);
      all.push_back({json.at("job").get<std::string>(), json.at("name").get<std::string>(),
                     json.at("elements").get<int>(), json.value("at", "")});
    } catch (const UserError&) {        // no JSON
    } catch (const Json::exception&) {  // no record
    }
  }
  return all;
}

std::size_t begun_elements(const fs::path& logs, const std::string& job) {
  std::size_t count = 0;
  std::error_code error;
  for (fs::directory_iterator it(logs, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".log" && it->path().filename().string().rfind(job + "_", 0) == 0) ++count;
  }
  return count;
}

}  // namespace assay::engine::slurm
