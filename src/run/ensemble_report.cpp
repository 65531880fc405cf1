// The machine form and the CSV of an ensemble's results.
#include <nlohmann/json.hpp>

#include "core/number.hpp"
#include "run/ensemble.hpp"

namespace assay::run {
namespace {

Json estimate_json(const Estimate& estimate, bool with_interval) {
  Json json = {{"value", estimate.value}, {"standard_error", estimate.standard_error}};
  if (with_interval) json["interval"] = {estimate.interval.low, estimate.interval.high};
  return json;
}

Json point_json(const plan::Point& point) {
  Json json = Json::object();
  for (const auto& [name, value] : point) std::visit([&, key = name](const auto& v) { json[key] = v; }, value);
  return json;
}

Json quantity_json(const Quantity& quantity, const EnsembleSpec& spec, bool measured) {
  Json json = {{"name", quantity.name}};
  if (!quantity.unit.empty()) json["unit"] = quantity.unit;
  if (!quantity.formula.empty()) json["formula"] = quantity.formula;
  if (!measured) return json;
  const bool intervals = spec.bootstrap.resamples > 0;
  json["mean"] = estimate_json(quantity.column.mean, intervals);
  json["variance"] = estimate_json(quantity.column.variance, intervals);
  json["min"] = quantity.column.min;
  json["max"] = quantity.column.max;
  json["quantiles"] = Json::array();
  for (std::size_t i = 0; i < spec.quantiles.size(); ++i) {
    Json row = {{"probability", spec.quantiles[i]}};
    row.update(estimate_json(quantity.column.quantiles[i], intervals));
    json["quantiles"].push_back(std::move(row));
  }
  Json correlation = Json::object();
  for (const auto& [input, value] : quantity.input_correlation) correlation[input] = value;
  json["input_correlation"] = std::move(correlation);
  if (quantity.sensitivities.empty()) return json;
  Json& sensitivities = json["sensitivities"] = Json::array();
  for (std::size_t j = 0; j < quantity.sensitivities.size(); ++j) {
    sensitivities.push_back({{"input", spec.design.inputs[j].name},
                             {"first_order", estimate_json(quantity.sensitivities[j].first_order, intervals)},
                             {"total", estimate_json(quantity.sensitivities[j].total, intervals)}});
  }
  return json;
}

Json group_json(const Group& group, const EnsembleSpec& spec) {
  Json json = Json::object();
  json["kind"] = group.reduced ? "reductions" : "observables";
  if (!group.reduced) json["point"] = point_json(group.point);
  json["members"] = {{"used", group.used},
                     {"failed", group.excluded.failed},
                     {"unconverged", group.excluded.unconverged},
                     {"not_run", group.excluded.not_run},
                     {"not_finite", group.excluded.not_finite}};
  if (spec.design.sensitivities) json["members"]["used_for_sensitivities"] = group.design_members;
  json["conditions"] = Json::array();
  for (const auto& c : group.conditions)
    json["conditions"].push_back({{"name", c.name}, {"holds", c.holds}, {"value", c.value}});
  const bool measured = !group.covariance.empty();
  json["quantities"] = Json::array();
  for (const auto& quantity : group.quantities)
    json["quantities"].push_back(quantity_json(quantity, spec, measured));
  if (measured) {
    Json matrix = Json::array(), errors = Json::array();
    for (const auto& row : group.covariance) {
      Json values = Json::array(), row_errors = Json::array();
      for (const auto& estimate : row) {
        values.push_back(estimate.value);
        row_errors.push_back(estimate.standard_error);
      }
      matrix.push_back(std::move(values));
      errors.push_back(std::move(row_errors));
    }
    json["covariance"] = {{"matrix", std::move(matrix)}, {"standard_error", std::move(errors)}};
  }
  if (!group.left_out.empty()) {
    json["left_out"] = Json::array();
    for (const auto& [name, reason] : group.left_out)
      json["left_out"].push_back({{"observable", name}, {"reason", reason}});
  }
  return json;
}

/// RFC 4180: quotes around what holds a comma, a quote or a line end.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

Json ensemble_result_json(const Study& study, const EnsembleResult& result) {
  const EnsembleSpec& spec = *study.ensemble();
  const auto& design = spec.design;
  const bool independent = design.sampling == plan::Sampling::random;
  Json json = {
      {"samples", design.samples},
      {"sampling", std::string(plan::name_of(design.sampling))},
      {"members_depend_on_samples", design.sampling == plan::Sampling::latin_hypercube},
      {"standard_errors", independent ? "independent members" : "as for independent members: conservative"},
      {"interval_confidence", spec.bootstrap.confidence},
      {"complete_members", result.complete_members}};
  json["inputs"] = Json::array();
  for (const auto& input : design.inputs) {
    json["inputs"].push_back(
        {{"name", input.name}, {"mean", input.distribution.mean()}, {"sd", input.distribution.sd()}});
  }
  json["groups"] = Json::array();
  for (const auto& group : result.groups) json["groups"].push_back(group_json(group, spec));
  Json columns = Json::array({"member"}), rows = Json::array();
  for (const auto& input : design.inputs) columns.push_back(input.name);
  for (const auto& column : result.columns) columns.push_back(column);
  columns.push_back("status");
  for (std::size_t i = 0; i < result.members.size(); ++i) {
    const MemberRow& member = result.members[i];
    Json row = Json::array({i});
    for (const auto& value : member.inputs) std::visit([&](const auto& v) { row.push_back(v); }, value);
    for (const double value : member.quantities) row.push_back(value);
    row.push_back(std::string(plan::name_of(member.status)));
    rows.push_back(std::move(row));
  }
  json["members"] = {{"columns", std::move(columns)}, {"rows", std::move(rows)}};
  return json;
}

std::string member_csv(const Study& study, const EnsembleResult& result) {
  std::string csv = "member";
  for (const auto& input : study.ensemble()->design.inputs) csv += "," + csv_field(input.name);
  for (const auto& column : result.columns) csv += "," + csv_field(column);
  csv += ",status\n";
  for (std::size_t i = 0; i < result.members.size(); ++i) {
    const MemberRow& member = result.members[i];
    csv += std::to_string(i);
    for (const auto& value : member.inputs) csv += "," + csv_field(value_text(value));
    for (const double value : member.quantities) csv += "," + number_text(value);
    csv += "," + std::string(plan::name_of(member.status)) + "\n";
  }
  return csv;
}

}  // namespace assay::run
