// Measurements over months, in one SQLite file that a repository or a CI cache can keep: one row for each arm
// of a report, with its raw times. Any SQLite tool may read it; the table is `runs`.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/measurement.hpp"
#include "bench/steps.hpp"
#include "core/json.hpp"

namespace assay::bench {

struct HistoryRow {
  std::string taken;  ///< RFC 3339, UTC
  std::string arm, command;
  std::string host_class;  ///< only rows of one class are compared
  std::string commit;      ///< of the repository that was measured; empty: none
  std::string verdict;     ///< of this arm in its report; empty: it was the reference
  std::string sha256;      ///< of the report
  std::vector<double> wall;
  [[nodiscard]] double middle() const { return median(wall); }
};

/// What to read; empty members do not restrict.
struct HistoryQuery {
  std::string arm;
  std::string since, until;  ///< RFC 3339 or a beginning of it (2026-11); until is included
};

class History {
 public:
  /// Opens the file; `create` makes it where there is none. UserError: missing, no history, or of a later
  /// version. EnvironmentError: cannot be read or written.
  enum class Mode { read, create };
  History(const std::filesystem::path& file, Mode mode);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  /// Adds every arm of a measurement in one transaction; the same report again adds nothing. Returns the rows
  /// added.
  std::size_t add(const Measurement& measurement, const std::string& taken, const std::string& commit,
                  const std::string& sha256);
  /// In the order they were taken.
  [[nodiscard]] std::vector<HistoryRow> rows(const HistoryQuery& query) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// "CPU model, 2 of 8 cores, quota none, SMT off, governor performance, turbo off".
std::string host_class(const Machine& machine);

/// Rows of one arm on one class of host, with their steps.
struct Series {
  std::string arm, host_class;
  std::vector<HistoryRow> rows;
  std::vector<Step> steps;  ///< of the medians
};
/// At most the last `most` rows of each series are fitted, since the fit grows with their square.
std::vector<Series> series_of(std::vector<HistoryRow> rows, double effect, std::size_t most = 1000);

/// Members of the machine form, schema assay/bench-history/v1, and the same for people.
Json to_json(const std::vector<Series>& all, double effect);
std::string to_text(const std::vector<Series>& all);

}  // namespace assay::bench
