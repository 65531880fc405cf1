// A scan as panels: one an observable, lines over the chosen axis, one line for each combination of the other
// axes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "plot/figure.hpp"

namespace assay::plot {
namespace {

/// More lines than this cannot be told apart by a legend; a single numeric family then gets a colour scale
/// instead.
constexpr std::size_t kMostInLegend = 8;
constexpr std::size_t kMostLines = 24;

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : to_text(value, 0);
}

std::vector<std::string> coordinates_of(const Json& artifact) {
  std::vector<std::string> names;
  if (artifact.contains("coordinates")) return artifact.at("coordinates").get<std::vector<std::string>>();
  for (const auto& [name, value] : artifact.at("results").at(0).at("point").items()) names.push_back(name);
  return names;
}

/// One coordinate over all results.
struct Column {
  std::string name;
  bool numeric = true;
  std::vector<std::string> distinct;  ///< as text, in order of appearance
};

Column column_of(const Json& results, const std::string& name) {
  Column column{.name = name};
  std::map<std::string, int> seen;
  for (const auto& result : results) {
    const Json& value = result.at("point").at(name);
    column.numeric = column.numeric && value.is_number();
    if (seen.emplace(text_of(value), 0).second) column.distinct.push_back(text_of(value));
  }
  return column;
}

const Column& choose_x(const std::vector<Column>& columns, const std::string& asked) {
  if (!asked.empty()) {
    const auto it =
        std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == asked; });
    if (it != columns.end()) return *it;
    std::vector<std::string> names;
    for (const auto& column : columns) names.push_back(column.name);
    throw UserError(
        Problem{.what = "no axis \"" + asked + "\" in this artifact", .expected = one_of(asked, names)});
  }
  const Column* best = &columns.front();
  for (const auto& column : columns) {
    if (column.numeric != best->numeric ? column.numeric : column.distinct.size() > best->distinct.size())
      best = &column;
  }
  return *best;
}

/// Axes that a point's x does not determine. A zipped partner of x is determined by it and makes no lines of
/// its own.
std::vector<std::string> family_axes(const Json& results, const std::vector<Column>& columns,
                                     const std::string& x) {
  std::vector<std::string> family;
  for (const auto& column : columns) {
    if (column.name == x || column.distinct.size() < 2) continue;
    std::map<std::string, std::string> value_at;
    for (const auto& result : results) {
      const Json& point = result.at("point");
      const std::string value = text_of(point.at(column.name));
      if (value_at.emplace(text_of(point.at(x)), value).first->second == value) continue;
      family.push_back(column.name);
      break;
    }
  }
  return family;
}

/// Finite number of an observable, its real part for [re, im]; NaN where there is none. `name` may end in .re
/// or .im.
double value_of(const Json& observables, const std::string& name) {
  std::string key = name;
  std::size_t part = 0;
  if (!observables.contains(key) && key.size() > 3) {
    const std::string end = key.substr(key.size() - 3);
    if (end != ".re" && end != ".im") return std::numeric_limits<double>::quiet_NaN();
    part = end == ".im" ? 1 : 0;
    key.resize(key.size() - 3);
  }
  if (!observables.contains(key)) return std::numeric_limits<double>::quiet_NaN();
  const Json* value = &observables.at(key);
  if (value->is_array()) value = &value->at(part);
  return value->is_number() ? value->get<double>() : std::numeric_limits<double>::quiet_NaN();
}

/// Observables that are one number: by the artifact's own word, else by what its results hold.
std::vector<std::string> drawable(const Json& artifact) {
  std::vector<std::string> names;
  for (const auto& [name, what] : artifact.at("observables").items()) {
    for (const auto& result : artifact.at("results")) {
      if (!result.at("observables").contains(name)) continue;
      const Json& value = result.at("observables").at(name);
      const bool complex = value.is_array() && value.size() == 2 && value[0].is_number();
      if (complex && what.value("shape", "complex") == "complex") {
        names.push_back(name + ".re");
        names.push_back(name + ".im");
      } else if (value.is_number()) {
        names.push_back(name);
      } else if (value.is_string() && !(value == "nan" || value == "inf" || value == "-inf")) {
        break;
      } else if (!value.is_array()) {
        continue;
      }
      break;
    }
  }
  return names;
}

std::vector<std::string> choose_y(const Json& artifact, const std::vector<std::string>& asked) {
  std::vector<std::string> names = drawable(artifact);
  if (names.empty()) {
    std::string why;
    for (const auto& result : artifact.at("results")) {
      if (why.empty()) why = result.value("message", "");
    }
    throw Error(Exit::inconclusive, {.what = "no task has a number to draw", .found = why});
  }
  for (const auto& name : asked) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw UserError(Problem{.what = "no observable \"" + name + "\" that is one number a point",
                              .expected = one_of(name, names)});
  }
  if (!asked.empty()) return asked;
  // Residuals and other noise are of class statistical: not what a person asks for first.
  std::stable_partition(names.begin(), names.end(), [&](const std::string& name) {
    const Json& all = artifact.at("observables");
    return !all.contains(name) || all.at(name).value("class", "") != "statistical";
  });
  names.resize(std::min<std::size_t>(names.size(), 2));
  return names;
}

bool is_log(const Json& artifact, const std::string& x) {
  const Json scan = artifact.at("config").value("scan", Json::object());
  const Json axes = scan.value("axes", Json::object());
  return axes.contains(x) && axes.at(x).is_string() && axes.at(x).get<std::string>().rfind("log:", 0) == 0;
}

struct Lines {
  std::vector<std::string> labels;
  std::vector<Json> levels;                       ///< value of a single family axis
  std::vector<std::vector<std::size_t>> results;  ///< in order of x
};

Lines lines_of(const Json& results, const std::vector<std::string>& family,
               const std::vector<double>& position) {
  Lines lines;
  std::map<std::string, std::size_t> line_of;
  for (std::size_t i = 0; i < results.size(); ++i) {
    std::string label;
    for (const auto& name : family)
      label += (label.empty() ? "" : ", ") + name + " = " + text_of(results[i].at("point").at(name));
    const auto [it, fresh] = line_of.emplace(label, lines.labels.size());
    if (fresh) {
      lines.labels.push_back(label);
      lines.levels.push_back(family.size() == 1 ? results[i].at("point").at(family[0]) : Json());
      lines.results.emplace_back();
    }
    lines.results[it->second].push_back(i);
  }
  for (auto& line : lines.results)
    std::stable_sort(line.begin(), line.end(), [&](auto a, auto b) { return position[a] < position[b]; });
  return lines;
}

std::vector<double> positions_of(const Json& results, const Column& x) {
  std::vector<double> position;
  for (const auto& result : results) {
    const Json& value = result.at("point").at(x.name);
    if (x.numeric) {
      position.push_back(value.get<double>());
      continue;
    }
    const auto place = std::find(x.distinct.begin(), x.distinct.end(), text_of(value)) - x.distinct.begin();
    position.push_back(static_cast<double>(place));
  }
  return position;
}

Json panel_of(const Json& artifact, const std::string& name, const Lines& lines,
              const std::vector<double>& position) {
  const Json& results = artifact.at("results");
  const Json& observables = artifact.at("observables");
  const std::string base = observables.contains(name) ? name : name.substr(0, name.size() - 3);
  Json panel = {{"kind", "lines"},
                {"y", {{"label", label_of(name, observables.at(base).value("unit", ""))}}},
                {"lines", Json::array()},
                {"missing", Json::array()}};
  std::size_t drawn = 0;
  for (std::size_t k = 0; k < lines.labels.size(); ++k) {
    Json line = {
        {"label", lines.labels[k]}, {"level", lines.levels[k]}, {"x", Json::array()}, {"y", Json::array()}};
    for (const std::size_t i : lines.results[k]) {
      const std::string status = results[i].at("status");
      const bool good = status == "ok" || status == "duplicate";
      const double value =
          good ? value_of(results[i].at("observables"), name) : std::numeric_limits<double>::quiet_NaN();
      line["x"].push_back(position[i]);
      line["y"].push_back(std::isfinite(value) ? Json(value) : Json());
      drawn += std::isfinite(value) ? 1 : 0;
      if (!std::isfinite(value))
        panel["missing"].push_back({{"x", position[i]}, {"line", k}, {"status", good ? "not finite" : status}});
    }
    panel["lines"].push_back(std::move(line));
  }
  if (drawn == 0)
    throw Error(Exit::inconclusive,
                {.what = "no point of \"" + name + "\" has a finite value: nothing to draw"});
  return panel;
}

}  // namespace

Json scan_panels(const Json& artifact, const Request& request) {
  const Json& results = artifact.at("results");
  if (results.empty())
    throw Error(Exit::inconclusive, {.what = "this artifact holds no results: nothing to draw"});
  std::vector<Column> columns;
  for (const auto& name : coordinates_of(artifact)) columns.push_back(column_of(results, name));
  if (columns.empty())
    throw UserError("the points of this artifact have no coordinates", "scan over an --axis");
  const Column& x = choose_x(columns, request.x);
  const auto family = family_axes(results, columns, x.name);
  const auto position = positions_of(results, x);
  const Lines lines = lines_of(results, family, position);
  const bool scale =
      lines.labels.size() > kMostInLegend && family.size() == 1 &&
      std::all_of(lines.levels.begin(), lines.levels.end(), [](const Json& v) { return v.is_number(); });
  if (!scale && lines.labels.size() > kMostLines) {
    throw UserError(fmt::format("{} lines over {} are too many to tell apart", lines.labels.size(), x.name),
                    fmt::format("at most {} are drawn; choose another --x, or scan fewer values", kMostLines));
  }
  const auto unit_of = [&](const std::string& name) {
    const auto it = request.units.find(name);
    return it == request.units.end() ? std::string() : it->second;
  };
  Json axis = {{"label", label_of(x.name, unit_of(x.name))}, {"log", x.numeric && is_log(artifact, x.name)}};
  if (!x.numeric) axis["words"] = x.distinct;
  Json panels = Json::array();
  for (const auto& name : choose_y(artifact, request.y)) {
    Json panel = panel_of(artifact, name, lines, position);
    panel["x"] = axis;
    if (scale)
      panel["scale"] = {{"label", label_of(family[0], unit_of(family[0]))},
                        {"log", is_log(artifact, family[0])}};
    panels.push_back(std::move(panel));
  }
  return panels;
}

}  // namespace assay::plot
