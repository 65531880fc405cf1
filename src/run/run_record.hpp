// FOLDER/<kind>.study: what a folder's run is, for those who look at it from outside and for the next --resume:
// config, command line, process, identities of the programs and files that it depends on.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "run/study.hpp"

namespace assay::run {

struct RecordRequest {
  std::filesystem::path folder;
  std::string kind;
  std::vector<std::string> command_line;
  std::filesystem::path config_folder;
  std::size_t done_before = 0;  ///< tasks that were done when this process began
  bool keep_history = false;    ///< --resume: what was known of earlier processes stays
};

/// Null when there is none that can be read.
Json read_record(const std::filesystem::path& folder, const std::string& kind);
void write_record(const Study& study, const RecordRequest& request);

/// Which parts of the tasks' identity differ from those that earlier tasks had: "executable /usr/bin/awk", ...
/// Empty when none that all tasks share does.
std::vector<std::string> identity_changes(const Json& record, const Json& now);

/// Keys in which two resolved configs differ, dotted, at most `most` of them.
std::vector<std::string> config_changes(const Json& before, const Json& now, std::size_t most = 6);

}  // namespace assay::run
