// SPDX-License-Identifier: MIT
#include "run/task_table.hpp"

#include <nlohmann/json.hpp>

#include "evidence/outcome_text.hpp"

namespace assay::run {
namespace {

std::string csv_field(const Json& value) {
  if (value.is_null()) return {};
  std::string text = value.is_string() ? value.get<std::string>() : to_text(value, 0);
  // NaN and infinities are strings in JSON; here they stand without their quotes.
  if (value.is_number_float() && !text.empty() && text.front() == '"') text = text.substr(1, text.size() - 2);
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_line(const FolderView& view, const Json* row) {
  std::string line;
  const auto add = [&](const std::string& name, const Json& value) {
    line += (line.empty() ? "" : ",") + csv_field(row == nullptr ? Json(name) : value);
  };
  const auto member = [&](const char* table, const std::string& name) {
    if (row == nullptr || !(*row)[table].contains(name)) return Json();
    return (*row)[table][name];
  };
  const auto own = [&](const char* name) { add(name, row != nullptr ? row->value(name, Json()) : Json()); };
  own("index");
  for (const auto& name : view.study().points().names()) add(name, member("point", name));
  own("status");
  for (const auto& o : view.study().workload().observables()) {
    if (!o.is_array) add(o.name, member("observables", o.name));
  }
  for (const char* name :
       {"attempts", "wall_s", "cpu_s", "peak_kib", "engine", "host", "worker", "seed", "message"})
    own(name);
  return line + "\n";
}

}  // namespace

Json task_row(const FolderView& view, std::size_t index) {
  const plan::Task task = view.study().task(index);
  const plan::Outcome outcome = outcome_of(view.study(), view.store(), index);
  Json row = {{"index", index}, {"point", Json::object()}};
  for (const auto& [name, value] : task.point) row["point"][name] = evidence::value_json(value);
  row["status"] = plan::name_of(outcome.status);
  if (outcome.status == plan::Status::duplicate) row["of"] = outcome.duplicate_of;
  row["observables"] = Json::object();
  for (const auto& [name, value] : outcome.observables) row["observables"][name] = evidence::value_json(value);
  if (outcome.status != plan::Status::skipped) {
    row["attempts"] = outcome.attempts;
    row["wall_s"] = outcome.wall_seconds;
    if (outcome.cpu_seconds > 0.0) row["cpu_s"] = outcome.cpu_seconds;
    if (outcome.peak_kib > 0) row["peak_kib"] = outcome.peak_kib;
    row["engine"] = outcome.engine;
    const std::string host = outcome.host.empty() ? view.record().value("host", "") : outcome.host;
    if (!host.empty()) row["host"] = host;
    if (!outcome.worker.empty()) row["worker"] = outcome.worker;
  }
  row["seed"] = std::to_string(task.seed);  // 64 bits: more than a reader's double may hold
  if (!outcome.message.empty()) row["message"] = outcome.message;
  return row;
}

void write_table(const FolderView& view, TableForm form, const std::function<void(std::string_view)>& sink) {
  if (form == TableForm::csv) sink(csv_line(view, nullptr));
  for (std::size_t i = 0; i < view.study().points().size(); ++i) {
    const Json row = task_row(view, i);
    sink(form == TableForm::csv ? csv_line(view, &row) : to_text(row, 0) + "\n");
  }
}

}  // namespace assay::run
