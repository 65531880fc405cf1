// What a history says: series, changes from one run to the next, and steps.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "bench/history.hpp"

namespace assay::bench {
namespace {

std::string short_commit(const std::string& commit) {
  return commit.empty() ? "-" : commit.substr(0, 10);
}

}  // namespace

std::string host_class(const Machine& m) {
  return fmt::format("{}, {} of {} cores, quota {}, SMT {}, governor {}, turbo {}", m.cpu, m.usable_cores,
                     m.online_cores, m.quota_cores > 0.0 ? fmt::format("{:g}", m.quota_cores) : "none", m.smt,
                     m.governor, m.turbo);
}

std::vector<Series> series_of(std::vector<HistoryRow> rows, double effect, std::size_t most) {
  std::map<std::pair<std::string, std::string>, Series> by_name;
  for (auto& row : rows) {
    auto& series = by_name[{row.arm, row.host_class}];
    series.arm = row.arm;
    series.host_class = row.host_class;
    series.rows.push_back(std::move(row));
  }
  std::vector<Series> all;
  for (auto& [name, series] : by_name) {
    const std::size_t skipped = series.rows.size() - std::min(series.rows.size(), most);
    std::vector<double> middles;
    for (std::size_t i = skipped; i < series.rows.size(); ++i) middles.push_back(series.rows[i].middle());
    series.steps = find_steps(middles, effect);
    for (auto& step : series.steps) step.first += skipped;
    all.push_back(std::move(series));
  }
  return all;
}

Json to_json(const std::vector<Series>& all, double effect) {
  Json list = Json::array();
  for (const auto& series : all) {
    Json runs = Json::array(), steps = Json::array();
    for (const auto& row : series.rows) {
      runs.push_back({{"taken", row.taken},
                      {"command", row.command},
                      {"commit", row.commit.empty() ? Json(nullptr) : Json(row.commit)},
                      {"median_s", row.middle()},
                      {"n", row.wall.size()},
                      {"verdict", row.verdict.empty() ? Json(nullptr) : Json(row.verdict)},
                      {"sha256", row.sha256}});
    }
    for (const auto& step : series.steps) {
      steps.push_back({{"run", step.first},
                       {"taken", series.rows[step.first].taken},
                       {"ratio", step.ratio},
                       {"interval", {step.interval.low, step.interval.high}}});
    }
    list.push_back({{"arm", series.arm}, {"host_class", series.host_class}, {"runs", runs}, {"steps", steps}});
  }
  return {{"effect", effect}, {"series", list}};
}

std::string to_text(const std::vector<Series>& all) {
  std::string text;
  for (const auto& series : all) {
    text += fmt::format("{} on {}\n  {:>4}  {:<20} {:<10} {:>5} {:>12} {:>12}  {}\n", series.arm,
                        series.host_class, "run", "taken", "commit", "n", "median s", "vs previous", "verdict");
    for (std::size_t i = 0; i < series.rows.size(); ++i) {
      const auto& row = series.rows[i];
      const auto change = i == 0 ? "-" : fmt::format("{:.4f}", row.middle() / series.rows[i - 1].middle());
      text += fmt::format("  {:>4}  {:<20} {:<10} {:>5} {:>12.6g} {:>12}  {}\n", i, row.taken,
                          short_commit(row.commit), row.wall.size(), row.middle(), change, row.verdict);
    }
    for (const auto& step : series.steps) {
      const auto& before = series.rows[step.first - 1];
      const auto& after = series.rows[step.first];
      text += fmt::format(
          "  step: {:.4f} times from run {} on, 99 % interval [{:.4f}, {:.4f}], between {} and {}\n",
          step.ratio, step.first, step.interval.low, step.interval.high, short_commit(before.commit),
          short_commit(after.commit));
    }
    if (series.steps.empty()) text += "  no step\n";
  }
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace assay::bench
