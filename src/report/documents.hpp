// What documents of the machine form say, as a report: verdicts are checks, what does not hold is a finding.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "core/json.hpp"
#include "report/finding.hpp"

namespace assay::report {

struct DocumentSource {
  std::string path;
  const Json* document = nullptr;
  std::vector<std::string> problems;  ///< why it is not to be believed
  bool readable = true;
  std::uint32_t line = 0, column = 0;  ///< where reading it ended; 0: nowhere in particular
};

/// A failed gate, a regression, a task without result and a document that was changed are errors; what decides
/// nothing (inconclusive, blocked) is a warning. Findings that a document itself lists are passed on.
Report report_of(const std::vector<DocumentSource>& sources);

}  // namespace assay::report
