// Medians over the runs, a panel for each class of host, a line for each arm; a step stands in the line's
// label.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "plot/figure.hpp"

namespace assay::plot {
namespace {

std::string label_of_series(const Json& series) {
  std::string label = series.at("arm");
  for (const Json& step : series.at("steps"))
    label += fmt::format(", {:.3g}x from run {}", step.at("ratio").get<double>(), step.at("run").get<int>());
  return label;
}

}  // namespace

Json history_panels(const Json& history) {
  std::map<std::string, Json> by_host;
  for (const Json& series : history.at("series")) {
    auto [found, is_new] = by_host.try_emplace(series.at("host_class"));
    Json& panel = found->second;
    if (is_new) {
      panel = {{"kind", "lines"},
               {"x", {{"label", "run"}, {"log", false}}},
               {"y", {{"label", "median [s]"}}},
               {"lines", Json::array()},
               {"missing", Json::array()}};
    }
    Json line = {{"label", label_of_series(series)},
                 {"level", series.at("arm")},
                 {"x", Json::array()},
                 {"y", Json::array()}};
    for (const Json& run : series.at("runs")) {
      line["x"].push_back(line["x"].size());
      line["y"].push_back(run.at("median_s"));
    }
    panel["lines"].push_back(std::move(line));
  }
  Json panels = Json::array();
  for (auto& [host, panel] : by_host) panels.push_back(std::move(panel));
  return panels;
}

}  // namespace assay::plot
