#include "evidence/artifact_csv.hpp"

#include <nlohmann/json.hpp>

namespace assay::evidence {

namespace {

void append_quoted(std::string& out, std::string_view text) {
  if (text.find_first_of("\",\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_field(std::string& out, const Json& value) {
  if (value.is_null()) return;
  if (value.is_string()) return append_quoted(out, value.get_ref<const std::string&>());
  const auto text = to_text(value, 0);
  const bool word =
      value.is_number_float() && text.front() == '"';  // NaN and infinities stand without their quotes
  append_quoted(out, word ? std::string_view(text).substr(1, text.size() - 2) : std::string_view(text));
}

const Json& member_or_null(const Json& object, const std::string& key) {
  static const Json nothing;
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

Shape shape_of(const Json& observable) {
  const auto& shape = member_or_null(observable, "shape");
  return shape == "complex" ? Shape::complex : shape == "array" ? Shape::array : Shape::scalar;
}

}  // namespace

CsvTable::CsvTable(std::vector<std::string> coordinates, std::vector<ObservableSpec> observables)
    : coordinates_(std::move(coordinates)), observables_(std::move(observables)) {}

std::string CsvTable::header() const {
  std::string line = "index";
  const auto add = [&](const std::string& name) {
    line += ',';
    append_quoted(line, name);
  };
  for (const auto& name : coordinates_) add(name);
  line += ",status,of";
  for (const auto& observable : observables_) {
    if (observable.shape == Shape::scalar) add(observable.name);
    if (observable.shape == Shape::complex) {
      add(observable.name + ".re");
      add(observable.name + ".im");
    }
  }
  return line + ",engine,message\n";
}

std::string CsvTable::row(const Json& result) const {
  std::string line;
  const auto add = [&](const Json& value) {
    line += ',';
    append_field(line, value);
  };
  append_field(line, result["index"]);
  for (const auto& name : coordinates_) add(member_or_null(result["point"], name));
  add(result["status"]);
  add(member_or_null(result, "of"));
  for (const auto& observable : observables_) {
    if (observable.shape == Shape::array) continue;
    const auto& value = member_or_null(result["observables"], observable.name);
    const bool pair = observable.shape == Shape::complex && value.is_array() && value.size() == 2;
    if (observable.shape == Shape::scalar) {
      add(value);
    } else {
      add(pair ? value[0] : Json());
      add(pair ? value[1] : Json());
    }
  }
  add(member_or_null(result, "engine"));
  add(member_or_null(result, "message"));
  return line + '\n';
}

void write_csv_of(const Json& artifact, const std::function<void(std::string_view)>& sink) {
  std::vector<std::string> coordinates;
  for (const auto& name : member_or_null(artifact, "coordinates"))
    coordinates.push_back(name.get<std::string>());
  std::vector<ObservableSpec> observables;
  for (const auto& [name, spec] : member_or_null(artifact, "observables").items())
    observables.push_back({name, {}, {}, {}, shape_of(spec)});
  const CsvTable table(std::move(coordinates), std::move(observables));
  sink(table.header());
  for (const auto& result : member_or_null(artifact, "results")) sink(table.row(result));
}

}  // namespace assay::evidence
