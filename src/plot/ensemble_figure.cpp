// An ensemble as panels: bands of quantiles over the inner axis where there is one, otherwise a histogram of
// the members with the quantiles that the artifact holds. No statistics are computed here.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "plot/figure.hpp"

namespace assay::plot {
namespace {

const Json& statistics_of(const Json& artifact) {
  if (artifact.contains("statistics") && artifact.at("statistics").contains("groups"))
    return artifact.at("statistics");
  throw UserError("this ensemble holds no statistics", "it is not whole: run assay ensemble again");
}

/// One quantity of one group, and the name of its column in the member table.
struct Place {
  const Json* group;
  const Json* quantity;
  std::string column;
};

/// "gamma", or "gamma[ky=0.1]" where an inner scan gives one a point.
std::string column_name(const Json& group, const std::string& name) {
  if (!group.contains("point") || group.at("point").empty()) return name;
  std::string text;
  for (const auto& [key, value] : group.at("point").items())
    text += (text.empty() ? "" : ",") + key + "=" +
            (value.is_string() ? value.get<std::string>() : to_text(value, 0));
  return name + "[" + text + "]";
}

std::vector<Place> places_of(const Json& statistics) {
  std::vector<Place> places;
  for (const auto& group : statistics.at("groups")) {
    for (const auto& quantity : group.at("quantities")) {
      if (quantity.contains("mean"))
        places.push_back({&group, &quantity, column_name(group, quantity.at("name").get<std::string>())});
    }
  }
  return places;
}

std::string unit_of(const Json& quantity) {
  return quantity.value("unit", "");
}

Json histogram(const Json& statistics, const Place& place) {
  Json values = Json::array();
  const Json& table = statistics.at("members");
  const Json& columns = table.at("columns");
  const auto column =
      static_cast<std::size_t>(std::find(columns.begin(), columns.end(), place.column) - columns.begin());
  if (column == columns.size()) throw UserError("the member table has no column \"" + place.column + "\"");
  for (const auto& row : table.at("rows")) {
    if (row.at(column).is_number()) values.push_back(row.at(column));
  }
  const Json& members = place.group->at("members");
  std::string left_out;
  for (const char* why : {"failed", "unconverged", "not_run", "not_finite"}) {
    if (members.value(why, 0) > 0) left_out += fmt::format(", {} {}", members.at(why).get<long>(), why);
  }
  return {{"kind", "histogram"},
          {"x", {{"label", label_of(place.column, unit_of(*place.quantity))}, {"log", false}}},
          {"y", {{"label", "members"}}},
          {"note", fmt::format("{} members used{}", members.value("used", 0), left_out)},
          {"values", std::move(values)},
          {"mean", place.quantity->at("mean")},
          {"quantiles", place.quantity->at("quantiles")}};
}

/// The places of one observable over the only inner axis; empty where the inner points are not along one
/// numeric axis.
std::vector<Place> along_axis(const std::vector<Place>& places, const std::string& name, std::string& axis) {
  std::vector<Place> found;
  for (const auto& place : places) {
    if (place.quantity->at("name") != name || !place.group->contains("point")) continue;
    const Json& point = place.group->at("point");
    if (point.size() != 1 || !point.begin().value().is_number()) return {};
    axis = point.begin().key();
    found.push_back(place);
  }
  std::stable_sort(found.begin(), found.end(), [&](const Place& a, const Place& b) {
    return a.group->at("point").at(axis).get<double>() < b.group->at("point").at(axis).get<double>();
  });
  return found.size() > 1 ? found : std::vector<Place>{};
}

Json band(const std::vector<Place>& places, const std::string& name, const std::string& axis,
          const std::string& axis_unit) {
  Json panel = {{"kind", "band"},
                {"x", {{"label", label_of(axis, axis_unit)}, {"log", false}}},
                {"y", {{"label", label_of(name, unit_of(*places.front().quantity))}}},
                {"at", Json::array()},
                {"mean", Json::array()},
                {"quantiles", Json::array()}};
  for (const auto& row : places.front().quantity->at("quantiles"))
    panel["quantiles"].push_back({{"probability", row.at("probability")}, {"values", Json::array()}});
  for (const auto& place : places) {
    panel["at"].push_back(place.group->at("point").at(axis));
    panel["mean"].push_back(place.quantity->at("mean").at("value"));
    const Json& rows = place.quantity->at("quantiles");
    for (std::size_t q = 0; q < rows.size(); ++q)
      panel["quantiles"][q]["values"].push_back(rows[q].at("value"));
  }
  return panel;
}

}  // namespace

Json ensemble_panels(const Json& artifact, const Request& request) {
  const Json& statistics = statistics_of(artifact);
  const std::vector<Place> places = places_of(statistics);
  if (places.empty()) throw Error(Exit::inconclusive, {.what = "no quantity of this ensemble has statistics"});
  std::vector<std::string> columns, names;
  for (const auto& place : places) {
    const std::string name = place.quantity->at("name");
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    if (place.column != name) columns.push_back(place.column);
  }
  const std::size_t wanted = std::min<std::size_t>(names.size(), 2);
  std::vector<std::string> asked = request.y;
  if (asked.empty()) asked.assign(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(wanted));
  Json panels = Json::array();
  for (const auto& name : asked) {
    std::string axis;
    const auto line = along_axis(places, name, axis);
    const auto at =
        std::find_if(places.begin(), places.end(), [&](const Place& p) { return p.column == name; });
    if (!line.empty()) {
      if (!request.x.empty() && request.x != axis)
        throw UserError("the inner axis of this ensemble is \"" + axis + "\"", "leave out --x");
      const auto unit = request.units.find(axis);
      panels.push_back(band(line, name, axis, unit == request.units.end() ? "" : unit->second));
    } else if (at != places.end()) {
      panels.push_back(histogram(statistics, *at));
    } else {
      names.insert(names.end(), columns.begin(), columns.end());
      throw UserError(
          Problem{.what = "no quantity \"" + name + "\" to draw by itself", .expected = one_of(name, names)});
    }
  }
  return panels;
}

}  // namespace assay::plot
