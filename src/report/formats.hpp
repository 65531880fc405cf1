// Writers of a report for other programs. Each gives the whole text; none looks at anything but the report.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/json.hpp"
#include "report/finding.hpp"

namespace assay::report {

/// SARIF 2.1.0: rules with help, fingerprints that stay when lines move, fixes, suppressed findings with their
/// justification. Columns are code points.
Json to_sarif(const Report& report);

/// JUnit XML: a test case for each check, and one for each finding that belongs to none. Notes do not fail.
std::string to_junit(const Report& report);

/// GitHub's workflow commands, errors first: a step shows only the first ten of a level.
std::string to_github_annotations(const Report& report);

/// Markdown for $GITHUB_STEP_SUMMARY: counts, what is wrong, the state of each check.
std::string to_step_summary(const Report& report);

}  // namespace assay::report
