// What is wrong with evidence on disk: where, which rule, what was expected and found, and what to do.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "core/json.hpp"

namespace assay::audit {

enum class Level { error, warning };

struct Finding {
  std::string rule;  ///< "digest", "schema", "sidecar", ...
  Level level = Level::error;
  std::string file;     ///< as the user named its folder
  std::string pointer;  ///< JSON pointer into it; empty: the file as a whole
  int line = 0, column = 0;
  std::string message, expected, found, remedy;
};

/// By file, line and rule.
void sort(std::vector<Finding>& findings);
/// Elements of "findings" in the machine form.
Json to_json(const std::vector<Finding>& findings);
std::string to_text(const std::vector<Finding>& findings);

}  // namespace assay::audit
