// What any checker says about a place in a file, in one form that people, programs and code hosts read: text,
// SARIF, JUnit, GitHub annotations. A checker fills Finding; the writers know nothing of where it came from.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::report {

enum class Level : std::uint8_t { error, warning, note };  ///< note: shown on request only
std::string_view name_of(Level level);

/// Lines and columns count from 1, columns in code points; the end column is the first one after it. Line 0:
/// the file as a whole.
struct Place {
  std::string file;
  std::uint32_t line = 0, column = 0, line_end = 0, column_end = 0;
};
/// "file:line:column", "file" without a line.
std::string to_text(const Place& place);

/// Replaces bytes of a file; the place says the same in lines and columns.
struct Edit {
  std::uint32_t offset = 0, length = 0;
  std::string text;
  Place place;
};

struct Related {
  Place place;
  std::string message;
};

/// Why a finding does not count: a remark in the document ("inSource") or the baseline ("external").
struct Suppression {
  std::string kind, justification;
};

struct Finding {
  std::string rule;
  Level level = Level::error;
  Place place;
  std::string subject;  ///< what was checked, where it has a name: a claim's id
  std::string message;
  std::string hint;         ///< what to do; may be empty
  std::string source_line;  ///< the line that the place points into, for an excerpt
  std::string fingerprint;  ///< stays when lines move
  std::vector<Edit> fixes;  ///< applied together
  std::vector<Related> related;
  std::optional<Suppression> suppression;
  std::string baseline_state;  ///< "new", "unchanged"; empty without a baseline
};

/// A rule as the formats list it.
struct Rule {
  std::string id, summary, help;
  Level level = Level::error;
};

/// One thing that was checked, for formats that list what holds too (JUnit, step summary).
struct Check {
  std::string name;
  Place place;
  std::string state;                  ///< "supported", "contradicted", ...
  std::vector<std::string> problems;  ///< none: it holds
};

struct Report {
  std::string tool;  ///< "assay check-claims"
  std::vector<Rule> rules;
  std::vector<Finding> findings;
  std::vector<Check> checks;
};

/// Those that no suppression excuses.
std::size_t count(const std::vector<Finding>& findings, Level level);

/// The part of the source line around the place with carets below it; empty without a source line.
std::string excerpt(const Finding& finding);

/// What people read: place, level, message, excerpt, what to do; nothing for a suppressed one.
std::string to_text(const Finding& finding);
std::string to_text(const std::vector<Finding>& findings);

}  // namespace assay::report
