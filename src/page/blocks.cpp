// The parts of a document: those with a look of their own, then whatever else it says, member by member.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/base64.hpp"
#include "page/charts.hpp"
#include "page/html.hpp"
#include "page/page.hpp"

namespace assay::page {
namespace {

constexpr std::size_t kMostResults = 100;

std::string text_of(const Json& object, const char* key) {
  return object.contains(key) ? rounded_html(object[key]) : "";
}

std::string reasons(const Json& verdict) {
  std::string html;
  for (const Json& reason : verdict.value("blockers", Json::array()))
    html += "<p class=\"note\">" + escaped(value_text(reason)) + "</p>";
  return html;
}

bool is_comparison(const Json& verdict) {
  return verdict.contains("ratio");
}

bool has_interval(const Json& verdict) {
  const Json interval = verdict.value("interval", Json());
  return interval.is_array() && interval.size() == 2 && interval[0].is_number() && interval[1].is_number();
}

std::string comparisons(const Json& verdicts) {
  Table table{.head = {"verdict", "candidate", "reference", "ratio", "interval", ""}, .rows = {}};
  for (const Json& v : verdicts) {
    if (!is_comparison(v)) continue;
    std::string chart;
    if (v["ratio"].is_number() && has_interval(v))
      chart = ratio_chart(v["ratio"], v["interval"][0], v["interval"][1], v.value("effect", 0.0));
    table.rows.push_back({chip(v.value("verdict", "")) + reasons(v), text_of(v, "candidate"),
                          text_of(v, "reference"), text_of(v, "ratio"), text_of(v, "interval"), chart});
  }
  return table.rows.empty() ? "" : "<h3>Comparisons</h3>\n" + to_html(table);
}

std::string observables_of(const Json& verdict) {
  Table table{
      .head = {"observable", "verdict", "level", "required", "compared", "largest ulps", "largest relative"},
      .rows = {}};
  for (const Json& o : verdict.value("observables", Json::array())) {
    if (!o.is_object()) continue;
    table.rows.push_back({text_of(o, "name"), chip(o.value("verdict", "")), text_of(o, "level"),
                          text_of(o, "required"), text_of(o, "compared"), text_of(o, "max_ulps"),
                          text_of(o, "max_rel")});
  }
  return table.rows.empty() ? "" : to_html(table);
}

std::string gates(const Json& verdicts) {
  std::string html;
  for (const Json& v : verdicts) {
    if (is_comparison(v)) continue;
    html += fmt::format("<h3>{} {}</h3>\n", chip(v.value("verdict", "")), text_of(v, "gate"));
    if (v.contains("level"))
      html += fmt::format("<p class=\"note\">{} holds, {} is required</p>\n", text_of(v, "level"),
                          text_of(v, "required"));
    html += reasons(v) + observables_of(v);
  }
  return html;
}

/// The faults that were planted, and whether the gate noticed.
std::string proofs(const Json& trials) {
  std::string html;
  for (const Json& trial : trials) {
    if (!trial.is_object() || !trial.contains("proof") || !trial["proof"].is_object()) continue;
    const Json& proof = trial["proof"];
    Table table{.head = {"", "fault", "observable", "where", "what the gate said"}, .rows = {}};
    std::size_t planted = 0, caught = 0;
    for (const Json& kill : list_at(proof, "kills")) {
      if (!kill.is_object()) continue;
      const bool was_planted = !kill.contains("place") || kill["place"] != "";
      const bool was_caught = kill.contains("caught") && kill["caught"] == true;
      planted += was_planted;
      caught += was_planted && was_caught;
      table.rows.push_back({chip(!was_planted ? "no hold"
                                 : was_caught ? "caught"
                                              : "slipped"),
                            text_of(kill, "fault"), text_of(kill, "observable"), text_of(kill, "place"),
                            text_of(kill, "reason")});
    }
    html += fmt::format("<h3>{} {} of {} planted faults caught</h3>\n",
                        chip(proof.contains("fit") && proof["fit"] == true ? "fit" : "unfit"), caught, planted);
    html += folded("the faults", to_html(table));
  }
  return html;
}

/// The samples of a measurement that a strip can show: the first list of numbers.
std::vector<double> samples_of(const Json& measurement) {
  if (!measurement.contains("samples") || !measurement["samples"].is_object()) return {};
  for (const auto& [name, values] : measurement["samples"].items())
    if (values.is_array() && !values.empty() && values[0].is_number()) return values.get<std::vector<double>>();
  return {};
}

std::string measurements(const Json& list) {
  if (list.empty()) return {};
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Json& m : list) {
    for (const double x : samples_of(m)) {
      low = std::min(low, x);
      high = std::max(high, x);
    }
  }
  Table table{.head = {"name", "estimate", "unit", "interval", "n", ""}, .rows = {}};
  for (const Json& m : list) {
    const auto samples = samples_of(m);
    const bool drawn = samples.size() > 1 && m.contains("estimate") && m["estimate"].is_number();
    table.rows.push_back({text_of(m, "name"), text_of(m, "estimate"), text_of(m, "unit"),
                          text_of(m, "interval"),
                          m.contains("n") ? text_of(m, "n") : std::to_string(samples.size()),
                          drawn ? strip_chart(samples, m["estimate"], low, high) : ""});
  }
  return "<h3>Measurements</h3>\n" + to_html(table);
}

/// One row a task: its point, its scalar observables, its status.
std::string results(const Json& list) {
  if (list.empty()) return {};
  Table table{.head = {"task"}, .rows = {}};
  std::vector<std::string> coordinates, observables;
  const auto note = [](std::vector<std::string>& names, const Json& object) {
    for (const auto& [name, value] : object.items())
      if (!value.is_array() && !value.is_object() && std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
  };
  for (const Json& row : list) {
    note(coordinates, row.value("point", Json::object()));
    note(observables, row.value("observables", Json::object()));
  }
  table.head.insert(table.head.end(), coordinates.begin(), coordinates.end());
  table.head.insert(table.head.end(), observables.begin(), observables.end());
  table.head.emplace_back("status");
  for (const Json& row : list) {
    if (table.rows.size() == kMostResults) break;
    std::vector<std::string> cells{text_of(row, "index")};
    for (const auto& name : coordinates)
      cells.push_back(text_of(row.value("point", Json::object()), name.c_str()));
    for (const auto& name : observables)
      cells.push_back(text_of(row.value("observables", Json::object()), name.c_str()));
    cells.push_back(chip(row.value("status", "")));
    table.rows.push_back(std::move(cells));
  }
  const auto more = list.size() > kMostResults ? fmt::format("<p class=\"note\">{} more in the document</p>\n",
                                                             list.size() - kMostResults)
                                               : std::string();
  return "<h3>Results</h3>\n" + to_html(table) + more;
}

std::string picture(const std::string& svg) {
  return "<p><img class=\"figure\" alt=\"the results as a picture\" src=\"data:image/svg+xml;base64," +
         base64(svg) + "\"></p>\n";
}

}  // namespace

std::string body_of(const Entry& entry) {
  const Json& d = *entry.document;
  std::string html;
  if (!entry.picture.empty()) html += picture(entry.picture);
  const Json& verdicts = list_at(d, "verdicts");
  html += comparisons(verdicts) + gates(verdicts) + proofs(list_at(d, "trials")) +
          measurements(list_at(d, "measurements")) + results(list_at(d, "results"));
  // In the open: what a reader came for. Folded: what stands behind it.
  constexpr std::array shown{"verdicts", "measurements", "results", "schema"};
  constexpr std::array folded_members{
      "config", "provenance",     "tool",        "raw_samples", "config_sha256",
      "sha256", "content_sha256", "coordinates", "observables", "baseline",
      "trials", "sidecars",       "engine",      "inputs",      "coordinate_units"};
  std::string behind;
  for (const auto& [name, value] : d.items()) {
    const auto is_name = [&, key = name](const char* other) { return key == other; };
    if (std::any_of(shown.begin(), shown.end(), is_name)) continue;
    if (std::any_of(folded_members.begin(), folded_members.end(), is_name)) {
      behind += "<h3>" + escaped(name) + "</h3>\n" + value_html(value);
    } else {
      html += "<h3>" + escaped(name) + "</h3>\n" + value_html(value);
    }
  }
  return html + (behind.empty() ? "" : folded("config, provenance, digests", behind));
}

}  // namespace assay::page
