// Selecting runs, and what they say.
// SPDX-License-Identifier: MIT
#include "claims/binding/history_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "bench/history.hpp"
#include "bench/rank.hpp"
#include "core/error.hpp"

namespace assay::claims {
namespace {

constexpr double alpha = 0.05;

struct Run {
  std::string taken;
  double value = 0;
  std::optional<bench::Interval> interval;
  std::uint64_t samples = 0;
};

Run time_of(const bench::HistoryRow& row) {
  return {row.taken, row.middle(), bench::median_interval(row.wall, alpha), row.wall.size()};
}

// How many times as fast as the other arm: samples of one block stand in pairs.
std::optional<Run> ratio_of(const bench::HistoryRow& row, const std::vector<bench::HistoryRow>& others) {
  const auto other = std::find_if(others.begin(), others.end(), [&](const bench::HistoryRow& o) {
    return o.sha256 == row.sha256 && o.taken == row.taken;
  });
  if (other == others.end()) return std::nullopt;
  const auto pairs = std::min(row.wall.size(), other->wall.size());
  std::vector<double> logs(pairs);
  for (std::size_t i = 0; i < pairs; ++i) logs[i] = std::log(other->wall[i] / row.wall[i]);
  const bench::SignedRank rank(logs);
  Run run{row.taken, std::exp(rank.estimate()), rank.interval(alpha), pairs};
  if (run.interval) run.interval = bench::Interval{std::exp(run.interval->low), std::exp(run.interval->high)};
  return run;
}

std::vector<bench::HistoryRow> rows_on_one_host(const bench::History& history, const std::string& arm,
                                                const HistorySpec& query, std::string& why) {
  auto rows = history.rows({.arm = arm, .since = query.since, .until = query.until});
  std::erase_if(rows, [&](const bench::HistoryRow& row) {
    return row.wall.empty() || row.host_class.find(query.host) == std::string::npos;
  });
  if (rows.empty()) {
    why = fmt::format("it has no run of \"{}\" that the query fits", arm);
    return {};
  }
  const auto other = std::find_if(rows.begin(), rows.end(), [&](const bench::HistoryRow& row) {
    return row.host_class != rows.back().host_class;
  });
  if (other == rows.end()) return rows;
  why = fmt::format("runs of several hosts fit, among them \"{}\" and \"{}\": add host = \"...\"",
                    other->host_class, rows.back().host_class);
  return {};
}

std::vector<Run> runs_of(const bench::History& history, const HistorySpec& query, std::string& why) {
  std::vector<Run> runs;
  const auto rows = rows_on_one_host(history, query.arm, query, why);
  if (rows.empty()) return runs;
  if (query.against.empty()) {
    std::transform(rows.begin(), rows.end(), std::back_inserter(runs), time_of);
    return runs;
  }
  const auto others = rows_on_one_host(history, query.against, query, why);
  for (const auto& row : rows)
    if (const auto run = ratio_of(row, others)) runs.push_back(*run);
  if (runs.empty() && why.empty())
    why = fmt::format("no report has both \"{}\" and \"{}\"", query.arm, query.against);
  return runs;
}

}  // namespace

std::optional<Measured> measure_history(const std::filesystem::path& file, const HistorySpec& query,
                                        const std::string& quote, std::string& why) {
  std::vector<Run> runs;
  try {
    runs = runs_of(bench::History(file, bench::History::Mode::read), query, why);
  } catch (const Error& e) {
    why = e.problem().what;
  }
  if (runs.empty()) return std::nullopt;
  const Run& latest = runs.back();
  Measured out;
  out.unit = query.against.empty() ? "s" : "x";
  out.made = latest.taken;
  if (quote == "median" || quote == "mean" || quote == "count") {
    std::vector<double> values;
    for (const auto& run : runs) values.push_back(run.value);
    const auto count = static_cast<double>(values.size());
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    out.value = quote == "count" ? count : quote == "mean" ? sum / count : bench::median(values);
    if (quote == "count") out.unit.clear();
    return out;
  }
  out.value = latest.value;
  out.samples = latest.samples;
  if (latest.interval) out.low = latest.interval->low, out.high = latest.interval->high;
  if (quote == "ci-low" || quote == "ci-high") {
    out.value = quote == "ci-low" ? out.low : out.high;
    if (!out.value) return why = "the latest run has too few samples for an interval", std::nullopt;
  }
  return out;
}

}  // namespace assay::claims
