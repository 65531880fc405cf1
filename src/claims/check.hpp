// Checks documents for claims, several files at a time, and tells the result to people and programs.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "claims/finder.hpp"
#include "core/json.hpp"

namespace assay::claims {

struct CheckOptions {
  std::vector<std::string> paths;
  std::vector<std::string> rule_files;  // packs of the user, added to the built-in ones
  bool strict = false;                  // notes too, and notes fail
  bool list = false;                    // scoped sentences too
  unsigned jobs = 0;                    // 0: one a core
};

struct FileReport {
  std::string file;
  std::vector<Finding> findings, scoped;
  std::vector<std::string> excerpts;  // the source line of each finding
  std::vector<std::string> notes;     // what could not be read as its format
};

struct CheckReport {
  std::vector<FileReport> files;  // in the order of their names, whatever thread read them
  std::uint64_t bytes = 0;
  std::size_t count(Level level) const;
};

// Throws UserError for a path that does not exist or a rule pack that is malformed. A file that cannot be read
// is a note of its report.
CheckReport check(const CheckOptions& options);

// What people read: place, level, what is claimed, the line with a caret.
std::string to_text(const CheckReport& report, const CheckOptions& options);
Json to_json(const CheckReport& report, const CheckOptions& options);

// The tokens, rules and weights behind every candidate on a line of a file, findings or not.
std::string explain(const std::string& file, std::uint32_t line, const std::vector<std::string>& rule_files);

}  // namespace assay::claims
